//! The light of a profile, said in three ways: flux, magnitude, surface brightness.
//!
//! The surface brightness is that of the isophote which holds half of the light, an ellipse of
//! area pi r^2 for the half-light radius r of the circular profile; of a Sersic profile it is the
//! amplitude that astropy's `Sersic2D` takes. Each profile knows its own, so its table has a
//! group of its own: [`LIGHT`] with the ways [`FLUX_WAY`], [`MAGNITUDE_WAY`] and a third.

use crate::math::exp10;
use crate::param::{Param, Prior, Range, Scale, Unit, Way, Ways};

/// The parameters of all the ways.
///
/// The flux's range keeps pixels, which are f32, finite; the others' keep the flux in it for all
/// that the sky has.
pub const PARAMS: &[Param] = &[
    Param::new("flux", Unit::Flux, Range::closed(-1e30, 1e30), "Total light, summed to infinity.")
        .random(Prior::LogUniform(1e2, 1e5), Scale::One),
    Param::new(
        "magnitude",
        Unit::Magnitude,
        Range::closed(-30.0, 60.0),
        "Total light, zero_point - 2.5 log10 flux.",
    )
    .random(Prior::Uniform(15.0, 22.0), Scale::One),
    Param::new(
        "surface_brightness",
        Unit::SurfaceBrightness,
        Range::closed(-1e20, 1e20),
        "Light per unit of length squared, on the isophote that holds half of it.",
    )
    .random(Prior::LogUniform(1.0, 100.0), Scale::One),
];

/// Those of a whole that has no isophotes.
pub const WHOLE: &[Param] = PARAMS.split_at(2).0;

/// The magnitude of one unit of flux, which a recipe gives once for all.
pub const ZERO_POINT: Param = Param::new(
    "zero_point",
    Unit::Magnitude,
    Range::closed(-40.0, 40.0),
    "Magnitude of one unit of the image's flux.",
);

/// The canonical way.
pub const FLUX_WAY: Way = Way { written: &["flux"], needs: &["flux"], convert: |v| [v[0], 0.0] };

/// By magnitude; the zero point is no parameter of the model but one of the recipe.
pub const MAGNITUDE_WAY: Way = Way {
    written: &["magnitude"],
    needs: &["magnitude", ZERO_POINT.name],
    convert: |v| [flux(v[0], v[1]), 0.0],
};

/// What the groups of all profiles share; each adds its ways.
pub const LIGHT: Ways = Ways {
    of: "light",
    gives: &["flux"],
    ways: &[FLUX_WAY, MAGNITUDE_WAY],
    valid: |v| PARAMS[0].range.contains(v[0]),
    allowed: "one that gives a flux from -1e30 to 1e30",
};

/// The flux of a magnitude, 10^(0.4 (zero_point - m)).
pub fn flux(magnitude: f64, zero_point: f64) -> f64 {
    exp10(0.4 * (zero_point - magnitude))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::profile::{exponential, gaussian, moffat, sersic};
    use crate::image::{Edges, Scratch, grid::Grid};
    use crate::isa::Isa;
    use crate::param::Model;

    #[test]
    fn five_magnitudes_are_a_factor_of_100() {
        assert_eq!([flux(25.0, 25.0), flux(20.0, 25.0), flux(15.0, 25.0)], [1.0, 100.0, 1e4]);
        assert!((flux(24.0, 25.0) - 2.511_886_431_509_58).abs() < 1e-14);
    }

    /// The flux of surface brightness 1, by the way that a model's table has.
    fn per_brightness(model: &Model, needs: &[f64]) -> f64 {
        let ways = model.ways.iter().find(|ways| ways.of == LIGHT.of).unwrap();
        let way = ways.ways.iter().find(|way| way.written == ["surface_brightness"]).unwrap();
        (way.convert)(needs)[0]
    }

    /// What a renderer puts into a pixel that the half-light isophote runs through, a thousandth
    /// of the profile's size wide, over its area: the surface brightness itself.
    #[test]
    fn the_half_light_isophote_has_the_brightness_that_was_said() {
        let radius = 2.0;
        let gamma_to_half = (2.0_f64.sqrt() - 1.0).sqrt();
        let moffat = radius / gamma_to_half * crate::math::moffat_fwhm_per_gamma(3.0);
        let cases: [(&Model, Vec<f64>, Vec<f64>); 5] = [
            (&gaussian::MODEL, vec![2.0 * radius], vec![2.0 * radius]),
            (&moffat::MODEL, vec![moffat, 3.0], vec![moffat, 3.0]),
            (&sersic::MODEL, vec![0.5, radius], vec![0.5, radius]),
            (&sersic::MODEL, vec![4.5, radius], vec![4.5, radius]),
            (&exponential::MODEL, vec![radius], vec![radius]),
        ];
        for (model, needs, own) in cases {
            let flux = per_brightness(model, &[vec![7.0], needs].concat());
            let grid = Grid::new(1, 1, 1e-3 * radius).unwrap();
            for (x, y, g1, g2) in [(radius, 0.0, 0.0, 0.0), (radius * 3.0_f64.sqrt(), 0.0, 0.5, 0.0)] {
                let parameters = [vec![x, y, flux], own.clone(), vec![g1, g2]].concat();
                let mut plane = [0.0];
                let render = model.render.unwrap();
                render(
                    Isa::best(),
                    &grid,
                    Edges::Coverage,
                    &parameters,
                    &mut plane,
                    &mut Scratch::new(&grid),
                );
                let brightness = f64::from(plane[0]) / (1e-3 * radius * (1e-3 * radius));
                assert!(
                    (brightness / 7.0 - 1.0).abs() < 1e-4,
                    "{} {needs:?}: {brightness}",
                    model.name,
                    needs = own
                );
            }
        }
    }
}
