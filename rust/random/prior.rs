//! The distributions that parameters are drawn from.

use super::choice::Choice;
use super::stream::{self, Counter, Key, Slot};
use super::{integers, normal, philox, poisson, uniform};
use crate::error::Error;
use crate::isa::{Isa, kernel};
use crate::math::{exp, ln};
use crate::param::Range;

/// Draws of one value before a run ends.
pub const ATTEMPTS: u16 = 65_535;

/// Whole numbers up to this size are exact.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A distribution; one draw takes one block of random words.
///
/// # Guarantees
/// Made only by its constructors, which check, so that drawing cannot fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior(Form);

#[derive(Clone, Debug, PartialEq)]
enum Form {
    Constant(f64),
    Uniform { low: f64, high: f64 },
    LogUniform { low: f64, high: f64, ln_low: f64, ln_high: f64 },
    Normal { mean: f64, sd: f64 },
    LogNormal { median: f64, spread: f64 },
    Integers { low: f64, count: u64 },
    Choice(Choice),
    Poisson { mean: f64 },
}

impl Prior {
    /// Always the same.
    ///
    /// # Errors
    /// A value that is not finite.
    pub fn constant(value: f64) -> Result<Prior, String> {
        finite("constant", &[value])?;
        Ok(Prior(Form::Constant(value)))
    }

    /// Uniform from `low` to `high`: low + (high - low) U.
    ///
    /// # Errors
    /// Ends that are not finite, in the wrong order, or further apart than f64 can say.
    pub fn uniform(low: f64, high: f64) -> Result<Prior, String> {
        ordered("uniform", low, high)?;
        if !(high - low).is_finite() {
            return Err(format!("uniform [{low}, {high}]: the ends are too far apart; at most 1.8e308"));
        }
        Ok(Prior(Form::Uniform { low, high }))
    }

    /// Uniform in the logarithm: exp(ln low + (ln high - ln low) U), kept within the ends.
    ///
    /// # Errors
    /// Ends that are not finite and above 0, or in the wrong order.
    pub fn log_uniform(low: f64, high: f64) -> Result<Prior, String> {
        ordered("log_uniform", low, high)?;
        if low <= 0.0 {
            return Err(format!("log_uniform [{low}, {high}]: the lower end is {low}; it must be above 0"));
        }
        Ok(Prior(Form::LogUniform { low, high, ln_low: ln(low), ln_high: ln(high) }))
    }

    /// Normal: mean + sd z, z the quantile of 64 bits, |z| < 9.2.
    ///
    /// # Errors
    /// A mean that is not finite, or a standard deviation that is not finite and at least 0.
    pub fn normal(mean: f64, sd: f64) -> Result<Prior, String> {
        finite("normal", &[mean, sd])?;
        if sd < 0.0 {
            return Err(format!(
                "normal [{mean}, {sd}]: the standard deviation is {sd}; it must be at least 0"
            ));
        }
        Ok(Prior(Form::Normal { mean, sd }))
    }

    /// Normal in the logarithm: median 10^(dex z).
    ///
    /// # Errors
    /// A median that is not finite and above 0, or a scatter that is not finite and at least 0.
    pub fn log_normal(median: f64, dex: f64) -> Result<Prior, String> {
        finite("log_normal", &[median, dex])?;
        if median <= 0.0 {
            return Err(format!("log_normal [{median}, {dex}]: the median is {median}; it must be above 0"));
        }
        if dex < 0.0 {
            return Err(format!("log_normal [{median}, {dex}]: the scatter is {dex}; it must be at least 0"));
        }
        Ok(Prior(Form::LogNormal { median, spread: dex * std::f64::consts::LN_10 }))
    }

    /// Whole numbers, both ends in, each equally likely to 2^-128.
    ///
    /// # Errors
    /// Ends that are not whole, beyond 2^53, or in the wrong order.
    pub fn integers(low: f64, high: f64) -> Result<Prior, String> {
        ordered("integers", low, high)?;
        for end in [low, high] {
            if end.trunc() != end || end.abs() > WHOLE {
                return Err(format!("integers [{low}, {high}]: {end} is not a whole number up to 2^53"));
            }
        }
        Ok(Prior(Form::Integers { low, count: (high - low) as u64 + 1 }))
    }

    /// One of these values, with these weights or equally likely.
    ///
    /// # Errors
    /// As [`Choice::new`].
    pub fn choice(values: &[f64], weights: Option<&[f64]>) -> Result<Prior, String> {
        Ok(Prior(Form::Choice(Choice::new(values, weights)?)))
    }

    /// Poisson counts, by [`poisson::quantile`].
    ///
    /// # Errors
    /// A mean that is not from 0 to 1e9.
    pub fn poisson(mean: f64) -> Result<Prior, String> {
        if !(0.0..=1e9).contains(&mean) {
            return Err(format!("poisson {mean}: the mean must be from 0 to 1e9"));
        }
        Ok(Prior(Form::Poisson { mean }))
    }

    /// The value, if there is but one.
    pub fn single(&self) -> Option<f64> {
        match self.0 {
            Form::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The ends between which all values lie; infinite ones where there is none.
    pub fn bounds(&self) -> (f64, f64) {
        match &self.0 {
            Form::Constant(value) => (*value, *value),
            Form::Uniform { low, high } | Form::LogUniform { low, high, .. } => (*low, *high),
            Form::Normal { mean, sd } if *sd == 0.0 => (*mean, *mean),
            Form::LogNormal { median, spread } if *spread == 0.0 => (*median, *median),
            Form::LogNormal { .. } => (0.0, f64::INFINITY),
            Form::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Form::Integers { low, count } => (*low, *low + (*count - 1) as f64),
            Form::Choice(choice) => choice.bounds(),
            Form::Poisson { mean } => (0.0, if *mean == 0.0 { 0.0 } else { f64::INFINITY }),
        }
    }

    /// The value of a block of random words.
    #[inline(always)]
    pub fn value(&self, words: [u32; 4]) -> f64 {
        match &self.0 {
            Form::Constant(value) => *value,
            Form::Uniform { low, high } => uniform::between(*low, *high, uniform::bits(words)),
            Form::LogUniform { low, high, ln_low, ln_high } => {
                let value = exp(uniform::between(*ln_low, *ln_high, uniform::bits(words)));
                let value = if value < *low { *low } else { value };
                if value > *high { *high } else { value }
            }
            Form::Normal { mean, sd } => mean + sd * normal::quantile(uniform::bits(words)),
            Form::LogNormal { median, spread } => {
                median * exp(spread * normal::quantile(uniform::bits(words)))
            }
            Form::Integers { low, count } => low + integers::below(*count, uniform::wide(words)) as f64,
            Form::Choice(choice) => choice.pick(uniform::bits(words)),
            Form::Poisson { mean } => poisson::quantile(*mean, uniform::bits(words)),
        }
    }

    /// The draw at a place of a slot's stream.
    #[inline]
    pub fn draw(&self, key: Key, counter: Counter) -> f64 {
        self.value(counter.block(key, 0))
    }

    /// The first draw that a cut lets through, from the counter's attempt on, and its attempt.
    ///
    /// # Errors
    /// [`Error::Rejected`] where all [`ATTEMPTS`] draws fail.
    pub fn draw_within(&self, slot: &Slot, counter: Counter, cut: &Cut) -> Result<(f64, u16), Error> {
        for attempt in counter.attempt..ATTEMPTS {
            let value = self.draw(slot.key, Counter { attempt, ..counter });
            if cut.contains(value) {
                return Ok((value, attempt));
            }
        }
        Err(Error::Rejected(format!(
            "{}: none of {ATTEMPTS} draws for scene {} is {cut}; widen the range or move the distribution",
            slot.path, counter.scene
        )))
    }

    /// Draws for consecutive scenes, from the counter's on, one to each record of `out`: the values
    /// of [`Prior::draw_within`], at `offset` of records of `width`. Gives the number of redraws.
    ///
    /// # Errors
    /// As [`Prior::draw_within`]; [`Error::Argument`] where `offset` is not within `width`.
    pub fn draw_column(
        &self,
        isa: Isa,
        slot: &Slot,
        first: Counter,
        cut: &Cut,
        out: &mut [f64],
        (width, offset): (usize, usize),
    ) -> Result<u64, Error> {
        if offset >= width || !out.len().is_multiple_of(width) {
            return Err(Error::Argument(format!(
                "a column at {offset} of records of {width} in {} numbers",
                out.len()
            )));
        }
        column(isa, self, slot.key, first, out, width, offset);
        let mut redraws = 0;
        for (i, record) in out.chunks_exact_mut(width).enumerate() {
            if !cut.contains(record[offset]) {
                let scene = first.scene.wrapping_add(i as u64);
                let next = Counter { scene, attempt: first.attempt.saturating_add(1), ..first };
                let (value, attempt) = self.draw_within(slot, next, cut)?;
                record[offset] = value;
                redraws += (attempt - first.attempt) as u64;
            }
        }
        Ok(redraws)
    }
}

kernel! {
    /// One draw for each record, scene by scene.
    fn column(prior: &Prior, key: Key, first: Counter, out: &mut [f64], width: usize, offset: usize) {
        for (group, records) in out.chunks_mut(width * philox::LANES).enumerate() {
            let scene = first.scene.wrapping_add((group * philox::LANES) as u64);
            let words = stream::scenes(key, Counter { scene, ..first });
            for (record, words) in records.chunks_exact_mut(width).zip(words) {
                record[offset] = prior.value(words);
            }
        }
    }
}

/// The values that a draw may have: a parameter's legal range, and a recipe's `min` and `max`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The parameter's range.
    pub range: Range,
    /// The recipe's `min`.
    pub min: Option<f64>,
    /// The recipe's `max`.
    pub max: Option<f64>,
}

impl Cut {
    /// A parameter's range alone.
    pub const fn range(range: Range) -> Cut {
        Cut { range, min: None, max: None }
    }

    /// Whether a draw stays. NaN never does.
    #[inline]
    pub fn contains(&self, value: f64) -> bool {
        self.range.contains(value)
            & self.min.is_none_or(|min| value >= min)
            & self.max.is_none_or(|max| value <= max)
    }
}

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.range)?;
        if let Some(min) = self.min {
            write!(f, ", min {min}")?;
        }
        if let Some(max) = self.max {
            write!(f, ", max {max}")?;
        }
        Ok(())
    }
}

fn finite(name: &str, numbers: &[f64]) -> Result<(), String> {
    match numbers.iter().find(|number| !number.is_finite()) {
        Some(number) => Err(format!("{name}: {number} is not a finite number")),
        None => Ok(()),
    }
}

fn ordered(name: &str, low: f64, high: f64) -> Result<(), String> {
    finite(name, &[low, high])?;
    if low > high {
        return Err(format!("{name} [{low}, {high}]: the first must not be above the second"));
    }
    Ok(())
}
