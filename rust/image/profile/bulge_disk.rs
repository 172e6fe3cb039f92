//! A bulge and a disk: two Sersic profiles, each with a shape and a centre of its own.
//!
//! The light is said by each part, or by the whole and the bulge's share of it; the flux and the
//! bulge-to-total ratio are canonical, so that both can be given to a renderer. Ratios are from 0 to 1:
//! with a part that takes light away the whole would have no half-light radius.

use super::half_light::{self, Part};
use super::light::{self, LIGHT, ZERO_POINT};
use super::sersic;
use super::shear::{SHAPE, SHAPE_WAYS};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::part::{self, Composite, kept};
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};
use std::sync::LazyLock;

const PARTS: [&str; 2] = ["disk", "bulge"];
/// The canonical parameters of the whole, before those of its parts.
const OWN: [&str; 4] = ["x", "y", "flux", "bulge_to_total"];
/// How many canonical parameters a part has: a Sersic profile's without its flux.
const EACH: usize = 6;
/// How many canonical parameters there are; what follows from them comes next in a record.
const ALL: usize = OWN.len() + PARTS.len() * EACH;
/// The numbers of the columns of what follows: the parts' fluxes, then this.
const HALF_LIGHT_RADIUS: usize = ALL + 2;

const RATIO: Range = Range::closed(0.0, 1.0);
const WHOLE: &[Param] = &[Param::new("bulge_to_total", Unit::One, RATIO, "The bulge's share of the light.")
    .random(Prior::Uniform(0.0, 1.0), Scale::One)];

/// Where a part's centre is.
const OFFSET: &[Param] = &[
    Param::new("x", Unit::Length, Range::ANY, "Centre, towards higher columns, from the galaxy's.")
        .default(0.0)
        .random(Prior::Uniform(-0.01, 0.01), Scale::Width),
    Param::new("y", Unit::Length, Range::ANY, "Centre, towards higher rows, from the galaxy's.")
        .default(0.0)
        .random(Prior::Uniform(-0.01, 0.01), Scale::Height),
];

/// A part's parameter, as `random` draws it of a disk.
fn of_disk(param: Param) -> Param {
    match param.name {
        "index" => param.random(Prior::LogUniform(0.7, 1.5), Scale::One),
        "half_light_radius" => param.random(Prior::LogUniform(0.06, 0.15), Scale::Side),
        "semi_major_half_light_radius" => param.random(Prior::LogUniform(0.08, 0.2), Scale::Side),
        _ => not_negative(param),
    }
}

/// The same of a bulge.
fn of_bulge(param: Param) -> Param {
    match param.name {
        "index" => param.random(Prior::LogUniform(1.5, 6.0), Scale::One),
        "half_light_radius" => param.random(Prior::LogUniform(0.02, 0.06), Scale::Side),
        "semi_major_half_light_radius" => param.random(Prior::LogUniform(0.025, 0.08), Scale::Side),
        _ => not_negative(param),
    }
}

/// A part takes no light away.
fn not_negative(param: Param) -> Param {
    match param.name {
        "flux" | "surface_brightness" => Param { range: Range::closed(0.0, param.range.high), ..param },
        _ => param,
    }
}

/// What follows, and no recipe can say.
const LABELS: &[Param] = &[Param::new(
    "half_light_radius",
    Unit::Length,
    Range::NOT_NEGATIVE,
    "Radius of the circle about the centre of light that holds half of it, before any blur.",
)];

/// The table.
pub static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let groups = [OFFSET, light::PARAMS, sersic::INDEX, sersic::SIZE, SHAPE];
    let [disk, bulge] = [part::params(PARTS[0], &groups, of_disk), part::params(PARTS[1], &groups, of_bulge)];
    let of_parts =
        PARTS.iter().flat_map(|name| [&SHAPE_WAYS, &sersic::SIZE_WAYS].map(|ways| part::ways(name, ways)));
    Model {
        name: "bulge_disk",
        family: Family::Profile,
        summary: "A galaxy of two elliptical Sersic profiles: a disk and a bulge.",
        params: kept(vec![CENTRE, light::WHOLE, WHOLE, disk, bulge]),
        ways: kept([light_ways()].into_iter().chain(of_parts).collect()),
        canonical: kept(OWN.into_iter().chain(PARTS.into_iter().flat_map(canonical)).collect()),
        render: Some(add),
    }
});

/// How it is drawn, and what follows from its parameters.
pub static COMPOSITE: LazyLock<Composite> = LazyLock::new(|| Composite {
    of: &sersic::MODEL,
    render: sersic::add,
    parts: PARTS,
    split,
    half_light,
    labels: LABELS,
    follows: vec![
        follows(part::name(PARTS[0], "flux"), vec![OWN[2], OWN[3]], |v| [v[0] * (1.0 - v[1]), 0.0]),
        follows(part::name(PARTS[1], "flux"), vec![OWN[2], OWN[3]], |v| [v[0] * v[1], 0.0]),
        follows(LABELS[0].name, MODEL.canonical[3..].to_vec(), |v| [half_light_radius(v), 0.0]),
    ],
});

/// The canonical parameters of a part.
fn canonical(name: &'static str) -> impl Iterator<Item = &'static str> {
    let own = sersic::MODEL.canonical.iter().filter(|own| **own != LIGHT.gives[0]);
    own.map(move |own| part::name(name, own))
}

fn follows(name: &'static str, needs: Vec<&'static str>, convert: fn(&[f64]) -> [f64; 2]) -> Way {
    Way { written: kept(vec![name]), needs: kept(needs), convert }
}

/// By the whole's flux or magnitude and the ratio, or by each part's flux, magnitude or surface brightness.
fn light_ways() -> &'static Ways {
    let whole = [
        Way { written: LIGHT_OF_WHOLE, needs: LIGHT_OF_WHOLE, convert: |v| [v[0], v[1]] },
        Way {
            written: &["magnitude", "bulge_to_total"],
            needs: &["magnitude", "bulge_to_total", ZERO_POINT.name],
            convert: |v| [light::flux(v[0], v[2]), v[1]],
        },
    ];
    let ways = &sersic::LIGHT_WAYS.ways;
    let pairs = ways.iter().zip(TOGETHER).flat_map(|(disk, row)| {
        ways.iter().zip(row).map(move |(bulge, convert)| {
            let both = [(PARTS[0], disk), (PARTS[1], bulge)];
            let written = both.iter().flat_map(|(name, way)| part::names(name, way.written)).copied();
            let needs = both.iter().flat_map(|(name, way)| part::names(name, own_needs(way))).copied();
            let by_magnitude = both.iter().any(|(_, way)| own_needs(way) != way.needs);
            let zero_point = by_magnitude.then_some(ZERO_POINT.name);
            Way { written: kept(written.collect()), needs: kept(needs.chain(zero_point).collect()), convert }
        })
    });
    Box::leak(Box::new(Ways {
        of: LIGHT.of,
        gives: LIGHT_OF_WHOLE,
        ways: kept(whole.into_iter().chain(pairs).collect()),
        valid: |v| (LIGHT.valid)(v) && RATIO.contains(v[1]),
        allowed: "a galaxy with some light, of a flux of at most 1e30",
    }))
}

const LIGHT_OF_WHOLE: &[&str] = &["flux", "bulge_to_total"];

/// What a way of a Sersic profile's needs but the zero point, which comes last.
fn own_needs(way: &Way) -> &'static [&'static str] {
    way.needs.strip_suffix(&[ZERO_POINT.name]).unwrap_or(way.needs)
}

/// Flux and share of the bulge, from what a way needs.
type Convert = fn(&[f64]) -> [f64; 2];

/// By the ways in which disk and bulge are said.
const TOGETHER: [[Convert; 3]; 3] = [
    [together::<0, 0>, together::<0, 1>, together::<0, 2>],
    [together::<1, 0>, together::<1, 1>, together::<1, 2>],
    [together::<2, 0>, together::<2, 1>, together::<2, 2>],
];

/// The flux of the whole and the bulge's share of it.
fn together<const DISK: usize, const BULGE: usize>(needs: &[f64]) -> [f64; 2] {
    let zero_point = needs.last().copied().unwrap_or(0.0);
    let (disk, rest) = flux_of(&sersic::LIGHT_WAYS.ways[DISK], needs, zero_point);
    let (bulge, _) = flux_of(&sersic::LIGHT_WAYS.ways[BULGE], rest, zero_point);
    [disk + bulge, bulge / (disk + bulge)]
}

/// The flux of one part, and the needs of the next.
fn flux_of<'v>(way: &Way, needs: &'v [f64], zero_point: f64) -> (f64, &'v [f64]) {
    let (own, rest) = needs.split_at(own_needs(way).len());
    let mut values = [zero_point; 4];
    values[..own.len()].copy_from_slice(own);
    ((way.convert)(&values[..way.needs.len()])[0], rest)
}

/// The Sersic profiles of disk and bulge.
fn split(parameters: &[f64]) -> [[f64; 7]; 2] {
    let [x, y, flux, ratio] = [0, 1, 2, 3].map(|i| parameters[i]);
    [(flux * (1.0 - ratio), OWN.len()), (flux * ratio, OWN.len() + EACH)].map(|(flux, begin)| {
        let [dx, dy, index, radius, g1, g2] = [0, 1, 2, 3, 4, 5].map(|i| parameters[begin + i]);
        [x + dx, y + dy, flux, index, radius, g1, g2]
    })
}

/// From the ratio and the parts' own parameters.
fn half_light_radius(parameters: &[f64]) -> f64 {
    let ratio = parameters[0];
    let part = |share: f64, own: &[f64]| Part {
        share,
        centre: (own[0], own[1]),
        index: own[2],
        radius: own[3],
        shear: (own[4], own[5]),
    };
    half_light::radius(&[part(1.0 - ratio, &parameters[1..=EACH]), part(ratio, &parameters[1 + EACH..])])
}

/// The circle about the centre of light.
fn half_light(parameters: &[f64]) -> [f64; 3] {
    let ratio = parameters[3];
    let [x, y] = [0, 1].map(|axis| {
        let [disk, bulge] = [OWN.len() + axis, OWN.len() + EACH + axis].map(|i| parameters[i]);
        parameters[axis] + (disk + ratio * (bulge - disk))
    });
    [x, y, parameters[HALF_LIGHT_RADIUS]]
}

/// Adds both profiles to a plane.
pub fn add(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    if parameters.len() != ALL || !parameters.iter().sum::<f64>().is_finite() {
        return;
    }
    for part in split(parameters) {
        sersic::add(isa, grid, edges, &part, plane, scratch);
    }
}
