//! What holds of whole images.

use super::*;
use crate::isa::Isa;

const GALAXY: &str = r#"{"name": "one", "seed": 3,
    "image": {"rows": 20, "columns": 23, "pixel_scale": 0.5, "gain": 2.0},
    "psf": {"model": "moffat", "parameters": {"fwhm": {"uniform": [1, 2]}, "beta": 2.5, "g1": 0.1, "g2": 0},
            "place": "psf.moffat"},
    "objects": [{"name": "galaxy", "model": "sersic", "place": "objects[0].sersic",
        "parameters": {"flux": 1000, "index": {"uniform": [0.5, 6]}, "half_light_radius": {"uniform": [0.3, 3]},
                       "axis_ratio": {"uniform": [0.3, 1]}, "angle": 40, "x": 0.3, "y": -1.1}}],
    "sky": {"level": 5, "subtract": true, "place": "sky"},
    "noise": [{"kind": "poisson", "place": "noise[0]"},
              {"kind": "gaussian", "parameters": {"sigma": 0.4}, "place": "noise[1]"}],
    "fisher": [{"name": "galaxy.flux", "place": "fisher[0]"}, {"name": "galaxy.index", "place": "fisher[1]"},
               {"name": "galaxy.axis_ratio", "place": "fisher[2]"}, {"name": "psf.fwhm", "place": "fisher[3]"}]}"#;

/// A polygon of given vertices and an ellipse, through a sum with a picture.
const SHAPES: &str = r#"{"name": "one", "seed": 3,
    "image": {"rows": 20, "columns": 23, "pixel_scale": 0.5, "gain": 2.0},
    "psf": {"model": "sum", "place": "psf.sum", "sum": [
        {"model": "gaussian", "parameters": {"fwhm": {"uniform": [1, 2]}, "g1": 0.1, "g2": 0}, "weight": 2,
         "place": "psf.sum[0].gaussian"},
        {"model": "image", "parameters": {}, "weight": 1, "place": "psf.sum[1].image",
         "picture": {"pixels": [[0, 1, 0.5], [1, 4, 1], [0, 2, 0]], "pixel_scale": 0.4, "centre": [1, 1],
                     "includes_pixel": false}}]},
    "objects": [{"name": "band", "model": "polygon", "place": "objects[0].polygon", "blur": true,
        "vertices": [[-4, -3], [4, 3], [4, -3], [-3, 3]],
        "parameters": {"sides": 4, "radius": 5, "angle": {"uniform": [0, 90]}, "fill": 1, "line_width": 0.7, "intensity": 50, "x": 0.3,
                       "y": -0.4}},
        {"name": "galaxy", "model": "ellipse", "place": "objects[1].ellipse", "blur": true,
        "parameters": {"width": {"uniform": [1, 6]}, "height": 2, "angle": 40, "fill": 0, "line_width": 0.6,
                       "intensity": 30, "x": 2, "y": 1}}],
    "noise": [{"kind": "poisson", "place": "noise[0]"},
              {"kind": "gaussian", "parameters": {"sigma": 0.4}, "place": "noise[1]"}],
    "fisher": [{"name": "band.angle", "place": "fisher[0]"}, {"name": "band.line_width", "place": "fisher[1]"},
               {"name": "galaxy.width", "place": "fisher[2]"}, {"name": "psf.gaussian.fwhm", "place": "fisher[3]"}]}"#;

fn plan(isa: Isa, json: &str) -> Plan {
    Plan::on(isa, &serde_json::from_str(json).unwrap()).unwrap()
}

fn told(plan: &Plan, rows: &[u64]) -> Vec<u64> {
    let mut records = vec![0.0; rows.len() * plan.width()];
    plan.draw(rows, &mut records).unwrap();
    let mut scratch = Scratch::new(plan);
    let mut all = vec![];
    for (&k, record) in rows.iter().zip(records.chunks_exact(plan.width())) {
        let (mut matrix, mut bound) = ([0.0; 16], [0.0; 4]);
        assert_eq!(inform(plan, plan.row(k), record, (&mut matrix, &mut bound), &mut scratch), None);
        assert!(bound.iter().all(|bound| bound.is_finite() && *bound > 0.0), "{bound:?}");
        all.extend(matrix.iter().chain(&bound).map(|value| value.to_bits()));
    }
    all
}

#[test]
fn every_instruction_set_and_every_history_gives_the_same_bits() {
    for recipe in [GALAXY, SHAPES] {
        let wanted = told(&plan(Isa::BASELINE, recipe), &[0, 1, 2, 3]);
        for isa in Isa::available() {
            assert!(told(&plan(isa, recipe), &[0, 1, 2, 3]) == wanted, "{isa:?}");
        }
        let last = told(&plan(Isa::best(), recipe), &[3]);
        assert!(last == wanted[60..]);
    }
}
