//! The direction of a shape, said in two ways.

use crate::param::{Param, Prior, Range, Scale, Unit, Way, Ways};

/// The parameters of both ways; the summary says which direction of the shape it is.
pub const fn params(summary: &'static str) -> [Param; 2] {
    [
        Param::new("angle", Unit::Degree, Range::ANY, summary)
            .default(0.0)
            .random(Prior::Uniform(0.0, 180.0), Scale::One),
        Param::new(
            "position_angle",
            Unit::Degree,
            Range::ANY,
            "The same direction as the angle, from +y counter-clockwise: 90 less.",
        )
        .random(Prior::Uniform(0.0, 180.0), Scale::One),
    ]
}

/// The ways of saying a direction.
pub const DIRECTION_WAYS: Ways = Ways {
    of: "direction",
    gives: &["angle"],
    ways: &[
        Way { written: &["angle"], needs: &["angle"], convert: |v| [v[0], 0.0] },
        Way { written: &["position_angle"], needs: &["position_angle"], convert: |v| [v[0] + 90.0, 0.0] },
    ],
    valid: |_| true,
    allowed: "",
};
