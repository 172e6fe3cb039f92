//! How much a time series tells about what it was made from.
//!
//! A number that is seen is normal about its mean m, of a width s that is the same all along one axis of one
//! body. Relative noise is by the spread of the means, so that s changes with what is asked about as m does:
//! F = sum over times of ((dm/da)(dm/db) + 2 (ds/da)(ds/db)) / s^2 (Kay 1993, Fundamentals of Statistical Signal
//! Processing I, 3.9). To [`information`] the second term is a point more for each width.

use super::{bounds, information, reason};
use crate::plan::{Plan, Row, Seen, Series};
use crate::series::noise::{Part, spread};
use crate::series::scalar::Dual;
use crate::series::{Outcome, Run};

/// A spread under this part of the largest value is what integration leaves of none.
const STILL: f64 = 1e-9;

/// A run as it is and as it changes with one subject: its record, and each observable.
struct Varied {
    rates: Vec<f64>,
    curves: Vec<Vec<Dual>>,
    bodies: usize,
    failed: bool,
}

impl Varied {
    fn new(plan: &Plan, series: &Series, row: Row, record: &[f64], subject: usize) -> Varied {
        let mut rates = vec![0.0; plan.width()];
        plan.rates(record, plan.subjects()[subject].offset, &mut rates);
        let dual =
            |begin: usize, count: usize| Dual::all(&record[begin..][..count], &rates[begin..][..count]);
        let own = &plan.entries[0];
        let parameters = dual(own.canonical, own.model.canonical.len());
        let bodies = plan.entries.get(1);
        let count = bodies.map_or(series.system.fixed, |bodies| bodies.instances(record).count());
        let of_bodies: Vec<Dual> = bodies.map_or(vec![], |bodies| {
            let column = |p: usize| dual(bodies.canonical + p * bodies.slots, count);
            (0..bodies.model.canonical.len()).flat_map(column).collect()
        });
        let mut times = vec![0.0; series.times.count()];
        series.times.since(row.scene, &mut times);
        let mut states = vec![Dual::default(); times.len() * (series.system.width)(&series.setup, count)];
        let mut run = Run {
            parameters: &parameters,
            bodies: &of_bodies,
            count,
            times: &times,
            states: &mut states,
            outcome: Outcome::default(),
        };
        (series.system.vary)(&series.setup, &mut run);
        let see = |one: &Seen| {
            let none = Dual { value: f64::NAN, rate: f64::NAN };
            let mut curve = vec![none; series.length(one.observable.shape)];
            (one.observable.vary)(&series.setup, &run, &mut curve);
            curve
        };
        let (curves, failed) = (series.seen.iter().map(see).collect(), run.outcome.failed.is_some());
        Varied { rates, curves, bodies: count, failed }
    }

    /// The rates of one axis of a body, which are 0 where there is nothing.
    fn slopes(&self, seen: usize, part: Part, axis: usize) -> impl Iterator<Item = f64> {
        let curve = self.curves[seen][part.begin + axis..].iter().step_by(part.stride);
        curve.map(|number| if is_there(number) { number.rate } else { 0.0 })
    }
}

fn is_there(number: &Dual) -> bool {
    number.value.is_finite() && number.rate.is_finite()
}

/// Numbers with noise of one width: one axis of one body, without what comes after a failure.
struct Track<'a> {
    seen: &'a Seen,
    number: usize,
    part: Part,
    axis: usize,
    values: Vec<f64>,
    /// The spread of the values.
    spread: f64,
}

impl<'a> Track<'a> {
    /// All of them.
    fn all(series: &'a Series, varied: &Varied) -> Vec<Track<'a>> {
        let mut all = vec![];
        for (number, seen) in series.seen.iter().enumerate() {
            let values: Vec<f64> = varied.curves[number]
                .iter()
                .map(|number| if is_there(number) { number.value } else { f64::NAN })
                .collect();
            for body in 0..series.parts(seen.observable.shape, varied.bodies) {
                let part = series.part(seen.observable.shape, body);
                for axis in 0..part.axes {
                    let spread = spread(part, axis, &values);
                    let values: Vec<f64> =
                        values[part.begin + axis..].iter().step_by(part.stride).copied().collect();
                    let largest =
                        values.iter().fold(0.0, |most, x| if x.abs() > most { x.abs() } else { most });
                    let spread = if spread > STILL * largest { spread } else { 0.0 };
                    all.push(Track { seen, number, part, axis, values, spread });
                }
            }
        }
        all
    }

    /// The square of the width.
    fn variance(&self, record: &[f64]) -> f64 {
        let width =
            |(column, relative): (usize, bool)| record[column] * if relative { self.spread } else { 1.0 };
        self.layers().map(width).map(|width| width * width).sum()
    }

    /// Columns of widths, and whether they are relative.
    fn layers(&self) -> impl Iterator<Item = (usize, bool)> {
        self.seen.noises.iter().map(|layer| (layer.column, layer.relative))
    }

    /// How many numbers there are.
    fn count(&self) -> f64 {
        self.values.iter().filter(|value| value.is_finite()).count() as f64
    }

    /// The weights of its numbers and of its width.
    fn weights(&self, record: &[f64]) -> impl Iterator<Item = f64> {
        let (variance, count) = (self.variance(record), self.count());
        let each = move |value: &f64| if value.is_finite() { 1.0 / variance } else { 0.0 };
        let own = if count > 0.0 { 2.0 * count / (variance * variance) } else { 0.0 };
        self.values.iter().map(each).chain([own])
    }

    /// Half the rate of the square of the width.
    fn widening(&self, record: &[f64], varied: &Varied) -> f64 {
        let count = if self.count() > 0.0 { self.count() } else { 1.0 };
        let finite = |value: &f64| if value.is_finite() { *value } else { 0.0 };
        let mean = self.values.iter().map(finite).sum::<f64>() / count;
        let slopes = varied.slopes(self.number, self.part, self.axis);
        let terms = self.values.iter().zip(slopes).filter(|(value, _)| value.is_finite());
        // spread times its rate
        let spreading = terms.map(|(value, slope)| (value - mean) * slope).sum::<f64>() / count;
        let rate = |(column, relative): (usize, bool)| {
            let (width, rate) = (record[column], varied.rates[column]);
            match relative {
                true => width * rate * self.spread * self.spread + width * width * spreading,
                false => width * rate,
            }
        };
        self.layers().map(rate).sum()
    }
}

/// Information about a plan's subjects in the series of a record, and their bounds; why some have none.
pub(crate) fn inform(
    plan: &Plan,
    series: &Series,
    row: Row,
    record: &[f64],
    (matrix, bound): (&mut [f64], &mut [f64]),
) -> Option<String> {
    let vary = |subject| Varied::new(plan, series, row, record, subject);
    let varied: Vec<Varied> = (0..plan.subjects().len()).map(vary).collect();
    let tracks = Track::all(series, varied.first()?);
    let mut slopes = vec![];
    for one in &varied {
        for track in &tracks {
            slopes.extend(one.slopes(track.number, track.part, track.axis));
            slopes.push(track.widening(record, one));
        }
    }
    let weights: Vec<f64> = tracks.iter().flat_map(|track| track.weights(record)).collect();
    information(plan.isa, &slopes, &weights, matrix);
    if weights.iter().any(|weight| !weight.is_finite()) {
        bound.fill(f64::INFINITY);
        return Some("the series has values without any noise, so that information is infinite".into());
    }
    if varied.iter().any(|one| one.failed) {
        bound.fill(f64::INFINITY);
        return Some("the motion and its derivatives could not be followed to the end".into());
    }
    reason(plan, &bounds(matrix, bound))
}

/// How fast what is seen of a record's noiseless series changes with each subject: of each observable, one
/// curve after the other, NaN where there is nothing.
pub(crate) fn slopes(plan: &Plan, series: &Series, row: Row, record: &[f64], out: &mut [&mut [f64]]) {
    for subject in 0..plan.subjects().len() {
        let varied = Varied::new(plan, series, row, record, subject);
        for (curve, out) in varied.curves.iter().zip(out.iter_mut()) {
            let out = &mut out[subject * curve.len()..][..curve.len()];
            for (out, number) in out.iter_mut().zip(curve) {
                *out = if is_there(number) { number.rate } else { f64::NAN };
            }
        }
    }
}
