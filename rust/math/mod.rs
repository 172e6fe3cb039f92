//! Functions whose bits do not depend on the platform.
//!
//! The standard library's `exp`, `ln`, `sin` and their kin may differ between platforms.
//! These use only `+ - * /`, square roots, comparisons, integers and casts, which IEEE 754
//! fixes. Those of [`mod@exp`], [`mod@exp10`], [`mod@ln`],
//! [`mod@log10`], [`mod@trig`], [`mod@half_turn`], [`mod@atan`] and [`mod@pow`] are `#[inline(always)]` and free of
//! branches and of conversions that SSE2 lacks, so that a loop over lanes becomes vector
//! code on every instruction set. Each states its error, which its tests measure. Every NaN
//! that comes out is the one bit pattern of `f64::NAN` or `f32::NAN`.

pub mod atan;
pub mod by_index;
pub mod complex;
pub mod cubic;
pub mod exp;
pub mod exp10;
pub mod half_turn;
pub mod inverse_cube;
pub mod ln;
pub mod log10;
pub mod pow;
pub mod quadrature;
pub mod rsqrt;
pub mod special;
pub mod trig;

pub use atan::atan_quotient;
pub use cubic::cubic;
pub use exp::{exp, exp32, expm1};
pub use exp10::exp10;
pub use half_turn::{half_turns, is_odd, sin};
pub use inverse_cube::inverse_cube;
pub use ln::{ln, ln32};
pub use log10::log10;
pub use pow::{pow, pow32};
pub use rsqrt::rsqrt;
pub use trig::{sin_cos, sin_cos_degrees, sin_cos32};

/// Full width at half maximum of a Moffat profile over its scale radius,
/// 2 sqrt(2^(1/beta) - 1).
pub fn moffat_fwhm_per_gamma(beta: f64) -> f64 {
    2.0 * (exp(std::f64::consts::LN_2 / beta) - 1.0).sqrt()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod testing {
    /// Distance from the truth in units of the truth's last place (f64's is about 0.5 ulp
    /// off itself, which the callers' limits include).
    pub fn ulps(value: f64, truth: f64) -> f64 {
        if value == truth {
            return 0.0;
        }
        (value - truth).abs() / (f64::from_bits(truth.abs().to_bits() + 1) - truth.abs())
    }

    /// The same for an f32 whose truth is known in f64.
    pub fn ulps32(value: f32, truth: f64) -> f64 {
        let near = truth as f32;
        if value == near {
            return 0.0;
        }
        if near.is_infinite() {
            return f64::INFINITY;
        }
        let next = f32::from_bits(near.abs().to_bits() + 1);
        let place = if next.is_finite() { next - near.abs() } else { 2.0_f32.powi(104) };
        (f64::from(value) - truth).abs() / f64::from(place)
    }

    /// Every `step`-th finite f32 of both signs.
    pub fn floats(step: usize) -> impl Iterator<Item = f32> {
        (0..0x7f80_0000_u32).step_by(step).flat_map(|bits| [f32::from_bits(bits), -f32::from_bits(bits)])
    }

    #[test]
    fn moffat_width() {
        assert!((super::moffat_fwhm_per_gamma(1.0) - 2.0).abs() < 1e-15);
        let beta: f64 = 4.765;
        let expected = 2.0 * (2.0_f64.powf(1.0 / beta) - 1.0).sqrt();
        assert!((super::moffat_fwhm_per_gamma(beta) - expected).abs() < 1e-14);
    }
}
