//! Pixels that light is added to.

/// A plane that is cleared when first light is added to it: what writes all pixels spares that.
pub(crate) struct Plane<'a> {
    pixels: &'a mut [f32],
    is_stale: bool,
}

impl<'a> Plane<'a> {
    /// One whose light counts.
    pub(crate) fn with_light(pixels: &'a mut [f32]) -> Plane<'a> {
        Plane { pixels, is_stale: false }
    }

    /// One that may hold anything.
    pub(crate) fn stale(pixels: &'a mut [f32]) -> Plane<'a> {
        Plane { pixels, is_stale: true }
    }

    /// Whether what it holds is of no account.
    pub(crate) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// As they are.
    pub(crate) fn pixels(&self) -> &[f32] {
        self.pixels
    }

    /// To be written, all of them.
    pub(crate) fn written(&mut self) -> &mut [f32] {
        self.is_stale = false;
        self.pixels
    }

    /// To be added to.
    pub(crate) fn cleared(&mut self) -> &mut [f32] {
        if std::mem::take(&mut self.is_stale) {
            self.pixels.fill(0.0);
        }
        self.pixels
    }
}
