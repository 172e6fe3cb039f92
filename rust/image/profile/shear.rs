//! The shape of an elliptical profile: an area-preserving shear, said in four ways.
//!
//! The canonical pair is the reduced shear (g1, g2), of magnitude m = (1 - q)/(1 + q) for
//! the axis ratio q: g1 = m cos 2a, g2 = m sin 2a for a major axis in the direction a
//! (Bartelmann & Schneider 2001, sect. 4.2).

use crate::math::sin_cos_degrees;
use crate::param::{Param, Prior, Range, Scale, Unit, Way, Ways};

/// The largest shear: an axis ratio of 0.01.
pub const MAX_SHEAR: f64 = 0.99 / 1.01;

/// The parameters of all the ways.
pub const SHAPE: &[Param] = &[
    Param::new("g1", Unit::One, Range::closed(-MAX_SHEAR, MAX_SHEAR), "Reduced shear along the axes.")
        .default(0.0)
        .random(Prior::Uniform(-0.4, 0.4), Scale::One),
    Param::new("g2", Unit::One, Range::closed(-MAX_SHEAR, MAX_SHEAR), "Reduced shear along the diagonals.")
        .default(0.0)
        .random(Prior::Uniform(-0.4, 0.4), Scale::One),
    Param::new(
        "shear.magnitude",
        Unit::One,
        Range::closed(0.0, MAX_SHEAR),
        "Size of the reduced shear, (1 - q)/(1 + q).",
    )
    .random(Prior::Uniform(0.0, 0.6), Scale::One),
    Param::new("shear.angle", Unit::Degree, Range::ANY, "Direction of the sheared major axis.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 180.0), Scale::One),
    Param::new("axis_ratio", Unit::One, Range::closed(0.01, 1.0), "Minor over major axis.")
        .random(Prior::Uniform(0.25, 1.0), Scale::One),
    Param::new("angle", Unit::Degree, Range::ANY, "Direction of the major axis, from +x towards +y.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 180.0), Scale::One),
    Param::new(
        "position_angle",
        Unit::Degree,
        Range::ANY,
        "Direction of the major axis, from +y counter-clockwise.",
    )
    .random(Prior::Uniform(0.0, 180.0), Scale::One),
];

/// The ways of saying a shape.
pub const SHAPE_WAYS: Ways = Ways {
    of: "shape",
    gives: &["g1", "g2"],
    ways: &[
        Way { written: &["g1", "g2"], needs: &["g1", "g2"], convert: |v| [v[0], v[1]] },
        Way {
            written: &["shear.magnitude", "shear.angle"],
            needs: &["shear.magnitude", "shear.angle"],
            convert: |v| polar(v[0], v[1]),
        },
        Way {
            written: &["axis_ratio", "angle"],
            needs: &["axis_ratio", "angle"],
            convert: |v| polar((1.0 - v[0]) / (1.0 + v[0]), v[1]),
        },
        Way {
            written: &["axis_ratio", "position_angle"],
            needs: &["axis_ratio", "position_angle"],
            convert: |v| polar((1.0 - v[0]) / (1.0 + v[0]), v[1] + 90.0),
        },
    ],
    valid: |g| g[0] * g[0] + g[1] * g[1] <= MAX_SHEAR * MAX_SHEAR * (1.0 + 1e-12),
    allowed: "g1\u{b2} + g2\u{b2} at most 0.9802\u{b2} (an axis ratio of 0.01)",
};

fn polar(magnitude: f64, angle: f64) -> [f64; 2] {
    let (sin, cos) = sin_cos_degrees(2.0 * angle);
    [magnitude * cos, magnitude * sin]
}
