//! What is drawn through a PSF, and the PSF: light that spreads around a centre.

use super::table::{Family, Row, Table};
use crate::image::grid::Grid;
use crate::image::profile::{moffat, sersic};
use crate::image::psf::airy;
use crate::isa::Isa;
use crate::math::{exp, ln};
use std::sync::LazyLock;

/// Radii are taken no smaller and no larger, in pixels: a point, and light that is nothing anywhere.
const SMALLEST: f64 = 1e-6;
const LARGEST: f64 = 1e15;

/// How light falls off, at a scale radius of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Not at all: a point.
    Point,
    /// As a Gaussian of sigma 1.
    Gaussian,
    /// As a Moffat profile of this beta whose full width at half maximum is that of a Gaussian of
    /// sigma 1.
    Moffat(f64),
    /// As a Sersic profile of this index and a half-light radius of 1.
    Sersic(f64),
    /// As the diffraction at a pupil with this obscuration, whose transform ends at q = 32.
    Airy(f64),
    /// As the picture of this number, whose reach is the radius.
    Picture(usize),
}

/// One object, or a PSF around 0; lengths are pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Column and row of the centre, from the frame's outer corner.
    pub centre: (f64, f64),
    /// The light.
    pub flux: f64,
    /// The scale radius.
    pub radius: f64,
    /// The reduced shear.
    pub shear: (f64, f64),
    /// How it falls off.
    pub spread: Spread,
}

impl Light {
    /// From a position, a flux, a scale radius and a shear in units of length.
    pub(crate) fn new(
        grid: &Grid,
        position: (f64, f64),
        flux: f64,
        radius: f64,
        shear: (f64, f64),
        spread: Spread,
    ) -> Light {
        let centre = grid.from_corner(position.0, position.1);
        let radius = grid.in_pixels(radius);
        let radius = if radius < SMALLEST { SMALLEST } else { radius };
        Light { centre, flux, radius: if radius > LARGEST { LARGEST } else { radius }, shear, spread }
    }

    /// Whether there is anything to draw: all numbers finite, a size, a shear under 1.
    pub(crate) fn is_visible(&self) -> bool {
        let (g1, g2) = self.shear;
        let sum = self.centre.0 + self.centre.1 + self.flux + self.radius;
        let sized = self.radius > 0.0 || self.spread == Spread::Point;
        sum.is_finite() & sized & (g1 * g1 + g2 * g2 < 1.0) & (self.flux != 0.0)
    }

    /// The squared lengths of the sheared unit vectors, and their product: |S k|^2 =
    /// xx kx^2 + 2 xy kx ky + yy ky^2 for the area-preserving shear S = [[1 + g1, g2],
    /// [g2, 1 - g1]]/sqrt(1 - g^2) (Bernstein & Jarvis 2002).
    pub(crate) fn sheared(&self) -> (f64, f64, f64) {
        let (g1, g2) = self.shear;
        let rest = 1.0 - (g1 * g1 + g2 * g2);
        let xx = ((1.0 + g1) * (1.0 + g1) + g2 * g2) / rest;
        let yy = ((1.0 - g1) * (1.0 - g1) + g2 * g2) / rest;
        (xx, 2.0 * g2 / rest, yy)
    }

    /// Major over minor axis.
    pub(crate) fn elongation(&self) -> f64 {
        let (g1, g2) = self.shear;
        let g = (g1 * g1 + g2 * g2).sqrt();
        (1.0 + g) / (1.0 - g)
    }
}

static GAUSSIAN: LazyLock<Row> = LazyLock::new(|| Row::of(|square| exp(-0.5 * square)));
/// Over ln n from 0.28 to 8.5: with 64 nodes the cubic is within 2e-7.
static SERSIC: LazyLock<Family> =
    LazyLock::new(|| Family::new(-1.273, 0.054_2, 64, |node| sersic::transform(exp(node))));
/// Over ln(beta - 1) from 0.09 to 105.
static MOFFAT: LazyLock<Family> =
    LazyLock::new(|| Family::new(-2.41, 0.1, 72, |node| moffat::transform(1.0 + exp(node))));
/// The same over ln(beta - 1) from 0.09 to 1.3, with q times [`STRETCH`]: with so flat wings 1 - F goes as
/// q^(2 beta - 2), and a straight line up to the first node of q was a tenth off.
static FLAT: LazyLock<Family> = LazyLock::new(|| {
    Family::new(-2.41, 0.1, 28, |node| moffat::transform(1.0 + exp(node)).stretched(STRETCH))
});
/// A Moffat profile of a smaller beta is flat.
const FLATTEST: f64 = 1.95;
const STRETCH: f64 = 64.0;

impl Spread {
    /// Fills a table of its transform, for q up to this.
    pub(super) fn tabulate(self, isa: Isa, table: &mut Table, q: f64) {
        match self {
            // A picture has a table of its own.
            Spread::Point | Spread::Picture(_) => table.point(),
            Spread::Gaussian => table.blend(isa, &[(&GAUSSIAN, 1.0)], q),
            Spread::Moffat(beta) if beta < FLATTEST => {
                table.blend(isa, &FLAT.around(ln(beta - 1.0)), q * STRETCH);
                table.stretch = STRETCH;
            }
            Spread::Moffat(beta) => table.blend(isa, &MOFFAT.around(ln(beta - 1.0)), q),
            Spread::Sersic(n) => table.blend(isa, &SERSIC.around(ln(n)), q),
            Spread::Airy(obscuration) => table.blend(isa, &[(&airy::row(obscuration), 1.0)], q),
        }
        if self.rises() {
            table.note_rises();
        }
    }

    /// Whether the transform falls and rises again, as those of disks and rings do.
    fn rises(self) -> bool {
        match self {
            Spread::Sersic(n) => n < 0.5,
            Spread::Airy(obscuration) => obscuration > 0.0,
            _ => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::image::profile::gaussian::FWHM_PER_SIGMA;
    use crate::math::{moffat_fwhm_per_gamma, special};
    use std::f64::consts::LN_2;

    /// The worst of a spread's table for q from 0.1 to 60; what is broader than that is many times wider
    /// than any period.
    fn worst(spread: Spread, truth: impl Fn(f64) -> f64) -> f64 {
        let mut table = Table::new();
        spread.tabulate(Isa::best(), &mut table, 1e3);
        (0..1280)
            .map(|i| 0.1 * 1.005_f64.powi(i))
            .fold(0.0, |worst, q| worst.max((table.at(q) - truth(q)).abs()))
    }

    #[test]
    fn transforms_known_in_closed_form() {
        let gamma = |beta: f64| FWHM_PER_SIGMA / moffat_fwhm_per_gamma(beta);
        let errors = [
            worst(Spread::Gaussian, |q| (-0.5 * q * q).exp()),
            worst(Spread::Sersic(0.5), |q| (-q * q / (4.0 * LN_2)).exp()),
            worst(Spread::Sersic(1.0), |q| (1.0 + (q / special::sersic_b(1.0)).powi(2)).powf(-1.5)),
            worst(Spread::Moffat(1.5), |q| (-q * gamma(1.5)).exp()),
            worst(Spread::Moffat(2.5), |q| (1.0 + q * gamma(2.5)) * (-q * gamma(2.5)).exp()),
            worst(Spread::Moffat(3.5), |q| {
                let x = q * gamma(3.5);
                (1.0 + x + x * x / 3.0) * (-x).exp()
            }),
        ];
        assert!(errors.iter().all(|error| *error < 3e-6), "{errors:?}");
    }

    /// Hankel's integral along a ray in the complex plane (`sersic` of `tests/python/convolved.py`).
    const SERSIC: [(f64, [(f64, f64); 4]); 4] = [
        (
            0.3,
            [
                (0.1, 0.996_925_351_563_524_4),
                (1.0, 0.728_383_059_541_370_8),
                (3.0, -0.014_667_758_663_560_211),
                (6.0, 0.001_713_616_120_551_49),
            ],
        ),
        (
            2.7,
            [
                (0.1, 0.981_715_920_249_673_1),
                (1.0, 0.560_077_536_371_143_9),
                (10.0, 0.045_701_451_001_392_515),
                (100.0, 0.000_728_996_563_878_956),
            ],
        ),
        (
            4.0,
            [
                (0.1, 0.962_662_082_647_689),
                (1.0, 0.544_502_479_592_470_7),
                (10.0, 0.077_690_146_587_654_29),
                (100.0, 0.003_027_561_625_461_998),
            ],
        ),
        (
            8.0,
            [
                (0.1, 0.895_767_480_405_807_7),
                (1.0, 0.527_557_630_380_843_4),
                (10.0, 0.149_345_346_945_087_14),
                (1000.0, 0.001_314_762_610_649_254_4),
            ],
        ),
    ];

    #[test]
    fn sersic_transforms_by_another_integral() {
        let mut table = Table::new();
        for (n, values) in SERSIC {
            Spread::Sersic(n).tabulate(Isa::best(), &mut table, 1100.0);
            for (q, truth) in values {
                assert!((table.at(q) - truth).abs() < 3e-6, "{n} {q}: {}", table.at(q) - truth);
            }
        }
    }

    /// Large beta, and the ends of the range.
    #[test]
    fn a_moffat_of_large_beta_is_nearly_a_gaussian() {
        let distance = |beta: f64| worst(Spread::Moffat(beta), |q| (-0.5 * q * q).exp());
        let distances = [distance(25.0), distance(50.0), distance(100.0)];
        assert!(distances[0] < 0.02 && distances[2] < 0.005, "{distances:?}");
        assert!((distances[1] / distances[2] - 2.0).abs() < 0.1, "{distances:?}");
        assert!(worst(Spread::Moffat(1.1), |_| 0.5) <= 0.51);
    }
}
