//! Instruction sets chosen at run time.
//!
//! A kernel is written once, as an `#[inline(always)]` body, and compiled once per
//! instruction set by `kernel!`. Bodies use only `+ - * /`, square roots, comparisons,
//! integers and casts, so every path gives the same bits; the choice changes speed alone.

use crate::error::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Baseline,
    Avx2,
    Avx512,
}

/// An instruction set that this processor has.
///
/// # Guarantees
/// A value of this type exists only where the processor was found to have the
/// instructions, which is what makes the calls inside `kernel!` sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Isa(Level);

/// The environment variable that forces a path.
pub const VARIABLE: &str = "LIGHTMILL_ISA";
const NAMES: [(&str, Level); 3] =
    [("baseline", Level::Baseline), ("avx2", Level::Avx2), ("avx512", Level::Avx512)];

impl Isa {
    /// What any processor of this architecture has (SSE2 on x86-64).
    pub const BASELINE: Isa = Isa(Level::Baseline);

    /// All that this processor has, the slowest first.
    pub fn available() -> Vec<Isa> {
        NAMES.iter().filter(|(_, level)| has(*level)).map(|(_, level)| Isa(*level)).collect()
    }

    /// The fastest that this processor has.
    pub fn best() -> Isa {
        Isa::available().pop().unwrap_or(Isa::BASELINE)
    }

    /// The one that `LIGHTMILL_ISA` names, or the fastest.
    ///
    /// # Errors
    /// A name that is not known, or one that this processor lacks.
    pub fn chosen() -> Result<Isa, Error> {
        match std::env::var(VARIABLE) {
            Ok(name) if !name.is_empty() => Isa::named(&name),
            _ => Ok(Isa::best()),
        }
    }

    /// The one of this name.
    ///
    /// # Errors
    /// As [`Isa::chosen`].
    pub fn named(name: &str) -> Result<Isa, Error> {
        let available = || Isa::available().iter().map(Isa::name).collect::<Vec<_>>().join(", ");
        let found = NAMES.iter().find(|(known, _)| *known == name);
        match found {
            Some((_, level)) if has(*level) => Ok(Isa(*level)),
            Some(_) => Err(Error::Environment(format!(
                "{VARIABLE}={name}: this processor lacks it; it has {}",
                available()
            ))),
            None => Err(Error::Environment(format!(
                "{VARIABLE}={name}: not an instruction set; this processor has {}",
                available()
            ))),
        }
    }

    /// `baseline`, `avx2` or `avx512`.
    pub fn name(&self) -> &'static str {
        NAMES[self.0 as usize].0
    }

    pub(crate) fn level(self) -> Level {
        self.0
    }
}

#[cfg(target_arch = "x86_64")]
fn has(level: Level) -> bool {
    match level {
        Level::Baseline => true,
        Level::Avx2 => is_x86_feature_detected!("avx2"),
        Level::Avx512 => {
            is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn has(level: Level) -> bool {
    level == Level::Baseline
}

/// Compiles one function body for every instruction set.
///
/// `kernel! { pub fn name(a: A, b: B) -> R { body } }` makes `name(isa, a, b)`. In `fn name<L>(..)`
/// the body is generic over [`Lanes`](crate::lanes::Lanes), and L is the instruction set's own.
macro_rules! kernel {
    ($(#[$meta:meta])* $vis:vis fn $name:ident<$lanes:ident>($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name(isa: $crate::isa::Isa, $($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn body<$lanes: $crate::lanes::Lanes>($($arg: $ty),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            #[allow(clippy::too_many_arguments)]
            fn avx2($($arg: $ty),*) $(-> $ret)? { body::<$crate::lanes::Avx2>($($arg),*) }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,avx512f,avx512vl,avx512bw")]
            #[allow(clippy::too_many_arguments)]
            fn avx512($($arg: $ty),*) $(-> $ret)? { body::<$crate::lanes::Avx512>($($arg),*) }
            match isa.level() {
                // SAFETY: an `Isa` of this level exists only where the processor has these
                // instructions.
                #[cfg(target_arch = "x86_64")]
                $crate::isa::Level::Avx512 => unsafe { avx512($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::isa::Level::Avx2 => unsafe { avx2($($arg),*) },
                _ => body::<$crate::lanes::Plain>($($arg),*),
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name(isa: $crate::isa::Isa, $($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn body($($arg: $ty),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            #[allow(clippy::too_many_arguments)]
            fn avx2($($arg: $ty),*) $(-> $ret)? { body($($arg),*) }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,avx512f,avx512vl,avx512bw")]
            #[allow(clippy::too_many_arguments)]
            fn avx512($($arg: $ty),*) $(-> $ret)? { body($($arg),*) }
            match isa.level() {
                // SAFETY: an `Isa` of this level exists only where the processor has these
                // instructions.
                #[cfg(target_arch = "x86_64")]
                $crate::isa::Level::Avx512 => unsafe { avx512($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::isa::Level::Avx2 => unsafe { avx2($($arg),*) },
                _ => body($($arg),*),
            }
        }
    };
}
pub(crate) use kernel;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_levels() {
        assert!(NAMES.iter().enumerate().all(|(i, (_, level))| *level as usize == i));
    }

    #[test]
    fn an_unknown_name_lists_what_there_is() {
        let message = Isa::named("sse9").unwrap_err().to_string();
        assert!(message.contains("sse9") && message.contains("baseline"), "{message}");
    }
}
