//! A filled rectangle, at any angle about its centre.

use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};

const SIZE: &[Param] = &[
    Param::new("width", Unit::Length, Range::POSITIVE, "Side along the direction of `angle`.")
        .random(Prior::Uniform(0.1, 0.5), Scale::Width),
    Param::new("height", Unit::Length, Range::POSITIVE, "Side across the direction of `angle`.")
        .random(Prior::Uniform(0.1, 0.5), Scale::Height),
    Param::new("angle", Unit::Degree, Range::ANY, "Direction of the width, from +x towards +y.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 180.0), Scale::One),
    Param::new("intensity", Unit::Intensity, Range::ANY, "Value of a pixel that is wholly covered.")
        .default(1.0)
        .random(Prior::Uniform(0.25, 1.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "rectangle",
    family: Family::Shape,
    summary: "A filled rectangle, turned about its centre.",
    params: &[CENTRE, SIZE],
    ways: &[],
    canonical: &["x", "y", "width", "height", "angle", "intensity"],
};
