//! What lies between the ends of a step.

use std::array::from_fn;

/// The interpolant of one step of one run.
pub(super) struct Output<const N: usize> {
    pub(super) time: f64,
    /// One over the length of the step.
    pub(super) inverse: f64,
    /// In the order of [`Output::at`].
    pub(super) coefficients: [[f64; 8]; N],
}

impl<const N: usize> Output<N> {
    /// The state at a time in the step.
    #[inline(always)]
    pub(super) fn at(&self, time: f64) -> [f64; N] {
        let s = (time - self.time) * self.inverse;
        let r = 1.0 - s;
        let c = &self.coefficients;
        from_fn(|i| {
            let c = &c[i];
            c[0] + s * (c[1] + r * (c[2] + s * (c[3] + r * (c[4] + s * (c[5] + r * (c[6] + s * c[7]))))))
        })
    }
}
