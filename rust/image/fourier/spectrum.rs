//! What a transform is along the axes of what is drawn: how bright the centre is, and what may be left out.

use super::brightness::Run;
use super::light::{Light, Spread};
use super::psf::Part;
use super::table::{OFFSET, Table};
use crate::image::psf::airy;
use crate::isa::{Isa, kernel};
use crate::lanes::{Block, LANES, Lanes};
use std::f64::consts::{FRAC_1_PI, FRAC_1_SQRT_2, LN_2};

/// Frequencies per octave, and how many, in whole lanes, of the sum that estimates the peak.
const PER_OCTAVE: f64 = 4.0;
const BLOCKS: usize = 4;
/// Their squares, over that of the last one.
const SQUARES: [Block; BLOCKS] = squares();
/// Over the square of x = k^2/24, what makes a pixel's response 1/(1 + x + .. x^2): as bright in its middle as a pixel is
/// behind a line, and 7 % brighter behind a point. Without it the thinnest PSFs were 2.7 times as bright as they are.
const PIXEL: f32 = 6.25;
/// A form whose axes differ by less has none.
const NEARLY_ROUND: f64 = 1e-6;
/// How often the level of cells that count for nothing is halved at most.
const LEVELS: usize = 12;

/// What is left of an Airy PSF's rings behind an object, over what they are: they are waves of certain frequencies,
/// and pass as far as the object's transform lets them along the axis that passes most.
pub(super) fn rings_left((light, table): (&Light, &Table), psf: &Part) -> f32 {
    let Spread::Airy(obscuration) = psf.light.spread else { return 1.0 };
    let per_share = airy::END / psf.light.radius * rays(light, psf)[1].radius;
    airy::waves(obscuration).iter().map(|(share, at)| share * table.most_from(at * per_share)).sum::<f64>()
        as f32
}

/// A direction in which a transform is looked at, in coordinates in which the PSF is round.
#[derive(Clone, Copy)]
struct Ray {
    /// The object's scale radius along it.
    radius: f64,
    /// The square of the true frequency, over that in these coordinates.
    square: f64,
    /// How much of the plane it stands for: 1 of what is round.
    weight: f64,
}

/// The two axes of the object as it is where the PSF is round, and a diagonal.
///
/// There its form is B = S^-1 A S^-1 of the object's A and the PSF's S. With m, the squares of the widths that object,
/// PSF and pixel have along both axes, the transform is about round in m^(1/2) k, so that what is found along an axis
/// counts by the root of its m over the other's. The diagonal is halfway between both in these coordinates.
fn rays(object: &Light, psf: &Part) -> [Ray; 3] {
    let ((xx, xy, yy), (a, b, c)) = (object.sheared(), psf.light.sheared());
    let trace = xx * c + yy * a - 2.0 * xy * b;
    let root = 0.5 * if trace > 2.0 { (trace * trace - 4.0).sqrt() } else { 0.0 };
    let stretch = [0.5 * trace + root, 1.0 / (0.5 * trace + root)];
    let (whole, elongation) = (a + c, psf.light.elongation());
    // The mean of S^-2 along the axes: by the trace of its product with the projector of the first.
    let first = if object.spread == Spread::Point || root < NEARLY_ROUND {
        elongation
    } else {
        let both = xx * (c * c + b * b) + yy * (a * a + b * b) - 2.0 * xy * b * whole;
        (both - stretch[1] * whole) / (2.0 * root)
    };
    let squares = [first, whole - first];
    let own = if object.spread == Spread::Point { 0.0 } else { object.radius * object.radius };
    let widths = [0, 1].map(|i| own * stretch[i] + psf.core() + squares[i] / 12.0);
    let ray = |shares: [f64; 2]| {
        let [x, y] = [0, 1].map(|i| shares[i] / widths[i]);
        let mean = |of: [f64; 2]| (of[0] * x + of[1] * y) / (x + y);
        let weight = 1.0 / ((x + y) * (widths[0] * widths[1]).sqrt());
        Ray { radius: object.radius * mean(stretch).sqrt(), square: mean(squares), weight }
    };
    [ray([1.0, 0.0]), ray([0.0, 1.0]), ray([0.5, 0.5])]
}

/// How much wider the pixel is whose middle is nearest to a place, as it is seen from there: the mean square of the
/// distance over that in a pixel about it.
fn widened((x, y): (f64, f64)) -> f64 {
    let square = |x: f64| {
        let off = x - x.floor() - 0.5;
        off * off
    };
    1.0 + 6.0 * (square(x) + square(y))
}

/// A transform at some frequencies, each with its part of the integral over ln k that is the centre's
/// brightness: along the axes of [`rays`], from the last frequency downwards. Where it falls and rises again, the most
/// that it is from each frequency on stands for it.
///
/// The brightness is the geometric mean of what the axes and the diagonal give: of an ellipse of ratio a the axes'
/// mean is (a + 1/a)/2 too large, of thin galaxies behind thin PSFs up to 3, and the diagonal's by as much too small.
pub(super) struct Spectrum {
    rays: [Terms; 2],
    centre: f64,
    /// Whether the transform ends within the first step, and does not fall through many.
    ends: bool,
}

/// Along a ray: sizes of values and of their parts.
struct Terms {
    values: [Block; BLOCKS],
    parts: [Block; BLOCKS],
}

impl Terms {
    const EMPTY: Terms = Terms { values: [Block::ZERO; BLOCKS], parts: [Block::ZERO; BLOCKS] };
}

const fn squares() -> [Block; BLOCKS] {
    let (mut squares, mut square, mut n) = ([Block::ZERO; BLOCKS], 1.0, 0);
    while n < BLOCKS * LANES {
        squares[n / LANES].0[n % LANES] = square as f32;
        square *= FRAC_1_SQRT_2;
        n += 1;
    }
    squares
}

/// What k^2 over that of the last frequency is multiplied by: to the squares of the tables' q of object and PSF, to what
/// a pixel lets through less of, to the part of the integral; and how much wider the brightest pixel is.
struct Scales {
    object: f32,
    psf: f32,
    pixel: f32,
    part: f32,
    wider: f32,
}

/// A transform; the most that it is from each frequency on, where that is asked for.
#[inline(always)]
fn look<L: Lanes>(table: &Table, scale: f32, squares: &Run, most: bool) -> Run {
    let (mut u, mut values) = ([0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        u[i] = scale * squares[i] + OFFSET;
    }
    if most {
        for i in 0..LANES {
            values[i] = table.beyond(u[i]);
        }
    } else {
        table.look(L::load(&u)).store(&mut values);
    }
    values
}

kernel! {
    /// Fills in a ray; gives what is its own of the centre's brightness.
    fn fill<L>(object: &Table, psf: &Table, scales: &Scales, most: bool, terms: &mut Terms) -> f32 {
        let mut centre = [0.0; LANES];
        for (squares, (values, parts)) in SQUARES.iter().zip(terms.values.iter_mut().zip(&mut terms.parts)) {
            let light = look::<L>(object, scales.object, &squares.0, most);
            let through = look::<L>(psf, scales.psf, &squares.0, most);
            for i in 0..LANES {
                let (both, less) = (light[i] * through[i], scales.pixel * squares.0[i]);
                let (part, wide) = (scales.part * squares.0[i], scales.wider * less);
                let value = both / (1.0 + less);
                (values.0[i], parts.0[i]) = (value.abs(), (part * value).abs());
                centre[i] += part * both / (1.0 + wide + PIXEL * (wide * wide));
            }
        }
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                centre[i] += centre[i + half];
            }
        }
        centre[0]
    }
}

kernel! {
    /// All that is under each of some levels.
    fn under(rays: &[Terms; 2], levels: &Run) -> Run {
        let mut sums = [[0.0; LANES]; 2];
        for n in 0..BLOCKS {
            for i in 0..LANES {
                for (sums, ray) in sums.iter_mut().zip(rays) {
                    let (value, part) = (ray.values[n].0[i], ray.parts[n].0[i]);
                    for lane in 0..LANES {
                        sums[lane] += if value < levels[lane] { part } else { 0.0 };
                    }
                }
            }
        }
        let [mut all, other] = sums;
        for lane in 0..LANES {
            all[lane] += other[lane];
        }
        all
    }
}

impl Spectrum {
    pub(super) fn new(isa: Isa, (light, table): (&Light, &Table), psf: &Part) -> Spectrum {
        let last = psf.last() * psf.last() / psf.light.elongation();
        let wider = widened(light.centre) as f32;
        let (mut filled, mut centres) = ([const { Terms::EMPTY }; 3], [0.0; 3]);
        for ((terms, centre), ray) in filled.iter_mut().zip(&mut centres).zip(rays(light, psf)) {
            let scales = Scales {
                object: (last * table.square(ray.radius * ray.radius)) as f32,
                psf: (last * psf.table.square(psf.light.radius * psf.light.radius)) as f32,
                pixel: (last * ray.square / 24.0) as f32,
                part: (last * ray.weight * (0.25 * FRAC_1_PI * (LN_2 / PER_OCTAVE))) as f32,
                wider,
            };
            *centre = f64::from(fill(isa, table, &psf.table, &scales, false, terms));
            if table.rises() | psf.table.rises() {
                fill(isa, table, &psf.table, &scales, true, terms);
            }
        }
        let ([x, y, _], [first, second, diagonal]) = (filled, centres);
        let (axes, square) = (first + second, (first + second) * (2.0 * diagonal));
        let centre = if square > 0.0 { square.sqrt() } else { axes };
        Spectrum { rays: [x, y], centre, ends: matches!(psf.light.spread, Spread::Airy(_)) }
    }

    /// The centre's brightness.
    pub(super) fn centre(&self) -> f64 {
        self.centre
    }

    /// What is under a level between an end and the next frequency, where that is above: a straight line between
    /// both. Behind an Airy PSF all that is left out may lie there, 2.7 times what was allowed.
    fn below_at_end(&self, level: f32) -> f32 {
        let below = |Terms { values, parts }: &Terms| {
            let ([end, value], part) = ([values[0].0[0], values[0].0[1]], parts[0].0[1]);
            if end >= level || value < level {
                return 0.0;
            }
            part / value * 0.5 * (level * level - end * end) / (value - end)
        };
        if self.ends { self.rays.iter().map(below).sum() } else { 0.0 }
    }

    /// A level under which all cells together are less than this.
    pub(super) fn level(&self, isa: Isa, share: f64, most: f64) -> f64 {
        let mut levels = [most as f32; LANES];
        for halvings in 1..LANES {
            levels[halvings] = 0.5 * levels[halvings - 1];
        }
        let under = under(isa, &self.rays, &levels);
        let is_good = |n: &usize| under[*n] + self.below_at_end(levels[*n]) <= share as f32;
        f64::from(levels[(0..LEVELS).find(is_good).unwrap_or(LEVELS)])
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests;
