//! Many trajectories: what is drawn is followed, seen and recorded.

use super::{TASK_ROWS, check_records, parameters, run};
use crate::error::Error;
use crate::plan::{Layer, Plan, Seen, Series};
use crate::random::Counter;
use crate::series::noise::{self, Part};
use crate::series::{Outcome, Run};

/// A task holds about this many numbers of states: half a megabyte.
const TASK_NUMBERS: usize = 1 << 16;

/// What is seen of many rows, one after the other: each observable by itself.
pub struct Curves<'a> {
    /// As recorded, with noise.
    pub series: Vec<&'a mut [f64]>,
    /// As they are, in the same order; or nothing.
    pub noiseless: Vec<&'a mut [f64]>,
    /// When they are seen; or nothing.
    pub times: Option<&'a mut [f64]>,
    /// What is measured, one value for each of [`Plan::measures`].
    pub measured: &'a mut [f64],
}

pub(super) fn series_of(plan: &Plan) -> Result<&Series, Error> {
    plan.system().ok_or_else(|| Error::Argument("the recipe is one of images; it has no system".into()))
}

/// Draws and follows rows.
///
/// # Errors
/// As [`parameters`] and [`follow`].
pub fn trajectories(
    plan: &Plan,
    rows: &[u64],
    records: &mut [f64],
    curves: Curves,
    threads: usize,
) -> Result<(), Error> {
    series_of(plan)?;
    parameters(plan, rows, records, threads)?;
    follow(plan, rows, records, curves, true, threads)
}

/// Follows rows from their records; without `noisy` the series are the noiseless ones.
///
/// # Errors
/// A recipe of images, or buffers of the wrong size.
pub fn follow(
    plan: &Plan,
    rows: &[u64],
    records: &[f64],
    curves: Curves,
    noisy: bool,
    threads: usize,
) -> Result<(), Error> {
    let series = series_of(plan)?;
    check_records(plan, rows, records)?;
    let lengths = Lengths::of(plan, series);
    curves.check(&lengths, rows.len())?;
    let state = series.times.count() * (series.system.width)(&series.setup, series.setup.slots);
    let each = (TASK_NUMBERS / state.max(1)).clamp(8, TASK_ROWS);
    let tasks = tasks((rows, records), plan.width(), curves, &lengths, each);
    let shared = series.times.shared_since();
    run(threads, tasks, Scratch::default, |scratch, task| {
        Follower { plan, series, shared: shared.as_deref(), noisy }.run(task, scratch)
    })
}

/// How many numbers a row has.
struct Lengths {
    seen: Vec<usize>,
    times: usize,
    measured: usize,
}

impl Lengths {
    fn of(plan: &Plan, series: &Series) -> Lengths {
        Lengths {
            seen: series.seen.iter().map(|one| series.length(one.observable.shape)).collect(),
            times: series.times.count(),
            measured: plan.measures().len(),
        }
    }
}

impl<'a> Curves<'a> {
    fn check(&self, lengths: &Lengths, rows: usize) -> Result<(), Error> {
        let given = |curves: &[&mut [f64]]| curves.iter().map(|curve| curve.len()).collect::<Vec<_>>();
        let need: Vec<usize> = lengths.seen.iter().map(|length| length * rows).collect();
        let fits = given(&self.series) == need
            && (self.noiseless.is_empty() || given(&self.noiseless) == need)
            && self.times.as_ref().is_none_or(|times| times.len() == lengths.times * rows)
            && self.measured.len() == lengths.measured * rows;
        if fits {
            return Ok(());
        }
        let message =
            format!("{rows} rows have {need:?} numbers; the buffers have {:?}", given(&self.series));
        Err(Error::Argument(message))
    }

    /// Those of the first so many rows, and the rest.
    fn split(self, lengths: &Lengths, rows: usize) -> (Curves<'a>, Curves<'a>) {
        let cut = |curves: Vec<&'a mut [f64]>| -> (Vec<_>, Vec<_>) {
            curves
                .into_iter()
                .zip(&lengths.seen)
                .map(|(curve, length)| curve.split_at_mut(length * rows))
                .unzip()
        };
        let (series, series_rest) = cut(self.series);
        let (noiseless, noiseless_rest) = cut(self.noiseless);
        let (times, times_rest) = self.times.map(|times| times.split_at_mut(lengths.times * rows)).unzip();
        let (measured, measured_rest) = self.measured.split_at_mut(lengths.measured * rows);
        (
            Curves { series, noiseless, times, measured },
            Curves {
                series: series_rest,
                noiseless: noiseless_rest,
                times: times_rest,
                measured: measured_rest,
            },
        )
    }
}

/// A run of rows that one worker follows.
struct Task<'a> {
    rows: &'a [u64],
    records: &'a [f64],
    curves: Curves<'a>,
}

fn tasks<'a>(
    (rows, records): (&'a [u64], &'a [f64]),
    width: usize,
    mut curves: Curves<'a>,
    lengths: &Lengths,
    each: usize,
) -> Vec<Task<'a>> {
    let mut tasks = Vec::with_capacity(rows.len() / each + 1);
    for (i, rows) in rows.chunks(each).enumerate() {
        let (mine, rest) = curves.split(lengths, rows.len());
        let begin = i * each * width;
        tasks.push(Task { rows, records: &records[begin..begin + rows.len() * width], curves: mine });
        curves = rest;
    }
    tasks
}

/// What following needs besides; one for each worker.
#[derive(Default)]
struct Scratch {
    since: Vec<f64>,
    bodies: Vec<f64>,
    counts: Vec<usize>,
    states: Vec<f64>,
    normals: Vec<f32>,
    widths: Vec<f64>,
}

struct Follower<'a> {
    plan: &'a Plan,
    series: &'a Series,
    /// Times since the start, where all rows have the same.
    shared: Option<&'a [f64]>,
    noisy: bool,
}

impl Follower<'_> {
    /// Writes the times of every row, of those since the start where rows differ.
    fn tell_times(&self, since: &[f64], out: &mut [f64]) {
        let count = self.series.times.count();
        match self.series.times.shared() {
            Some(all) => out.chunks_exact_mut(count).for_each(|times| times.copy_from_slice(all)),
            None => {
                out.copy_from_slice(since);
                out.chunks_exact_mut(count).for_each(|times| self.series.times.absolute(times));
            }
        }
    }

    fn run(&self, task: Task, scratch: &mut Scratch) -> Result<(), Error> {
        let Task { rows, records, mut curves } = task;
        self.prepare(rows, records, scratch)?;
        let outcomes = self.follow(rows, records, scratch, &mut curves);
        for (measured, outcome) in curves.measured.chunks_exact_mut(self.plan.measures().len()).zip(&outcomes)
        {
            measured.copy_from_slice(&[
                outcome.energy_drift,
                outcome.error,
                outcome.failed.map_or(0.0, |failure| 1.0 + failure as usize as f64),
            ]);
        }
        if let Some(times) = curves.times.as_deref_mut() {
            self.tell_times(&scratch.since, times);
        }
        for (noiseless, series) in curves.noiseless.iter_mut().zip(&curves.series) {
            noiseless.copy_from_slice(series);
        }
        if self.noisy {
            self.record(rows, records, &mut curves, scratch);
        }
        Ok(())
    }

    fn records<'r>(&self, records: &'r [f64]) -> impl Iterator<Item = &'r [f64]> + use<'r> {
        records.chunks_exact(self.plan.width().max(1))
    }

    /// Times and bodies of all rows.
    fn prepare(&self, rows: &[u64], records: &[f64], scratch: &mut Scratch) -> Result<(), Error> {
        let count = self.series.times.count();
        if self.shared.is_none() {
            scratch.since.resize(rows.len() * count, 0.0);
            for (since, &k) in scratch.since.chunks_exact_mut(count).zip(rows) {
                self.series.times.since(self.plan.row(k).scene, since);
            }
        }
        scratch.bodies.clear();
        scratch.counts.clear();
        for (record, &k) in self.records(records).zip(rows) {
            let Some(bodies) = self.plan.entries.get(1) else {
                scratch.counts.push(self.series.system.fixed);
                continue;
            };
            let present = bodies.bodies(k, record)?;
            for p in 0..bodies.model.canonical.len() {
                let begin = bodies.canonical + p * bodies.slots;
                scratch.bodies.extend_from_slice(&record[begin..begin + present]);
            }
            scratch.counts.push(present);
        }
        Ok(())
    }

    /// Follows the rows and writes what is seen of them.
    fn follow(
        &self,
        rows: &[u64],
        records: &[f64],
        scratch: &mut Scratch,
        curves: &mut Curves,
    ) -> Vec<Outcome> {
        let Series { system, setup, times, seen } = self.series;
        let (isa, count, own) = (self.plan.isa, times.count(), &self.plan.entries[0]);
        let each = self.plan.entries.get(1).map_or(0, |bodies| bodies.model.canonical.len());
        let widths: Vec<usize> = scratch.counts.iter().map(|n| count * (system.width)(setup, *n)).collect();
        scratch.states.clear();
        scratch.states.resize(widths.iter().sum(), 0.0);
        let (mut states, mut bodies) = (&mut *scratch.states, &*scratch.bodies);
        let mut runs = Vec::with_capacity(rows.len());
        for (i, record) in self.records(records).enumerate() {
            let (mine, rest) = states.split_at_mut(widths[i]);
            let (own_bodies, others) = bodies.split_at(each * scratch.counts[i]);
            (states, bodies) = (rest, others);
            runs.push(Run {
                parameters: &record[own.canonical..own.canonical + own.model.canonical.len()],
                bodies: own_bodies,
                count: scratch.counts[i],
                times: self.shared.unwrap_or_else(|| &scratch.since[i * count..(i + 1) * count]),
                states: mine,
                outcome: Outcome::default(),
            });
        }
        (system.follow)(isa, setup, &mut runs);
        for (one, out) in seen.iter().zip(&mut curves.series) {
            let length = self.series.length(one.observable.shape);
            for (run, out) in runs.iter().zip(out.chunks_exact_mut(length)) {
                out.fill(f64::NAN);
                (one.observable.see)(isa, setup, run, out);
                if run.outcome.failed.is_some() {
                    // One bit pattern stands for what is not there.
                    out.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = f64::NAN);
                }
            }
        }
        runs.into_iter().map(|run| run.outcome).collect()
    }

    /// Adds the noise.
    fn record(&self, rows: &[u64], records: &[f64], curves: &mut Curves, scratch: &mut Scratch) {
        for (one, out) in self.series.seen.iter().zip(&mut curves.series) {
            let shape = one.observable.shape;
            let length = self.series.length(shape);
            let curves = out.chunks_exact_mut(length).zip(rows).zip(self.records(records));
            for (i, ((values, &k), record)) in curves.enumerate() {
                for body in 0..self.series.parts(shape, scratch.counts[i]) {
                    let row = self.plan.row(k);
                    let counter = Counter {
                        scene: row.scene,
                        instance: body as u16,
                        attempt: row.realisation,
                        round: 0,
                    };
                    let part = self.series.part(shape, body);
                    self.add(one, (counter, record), part, values, scratch);
                }
            }
        }
    }

    /// All noises of one body. The width of each is taken before any is added.
    fn add(
        &self,
        seen: &Seen,
        (counter, record): (Counter, &[f64]),
        part: Part,
        values: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let Scratch { widths, normals, .. } = scratch;
        widths.clear();
        for Layer { column, relative, .. } in &seen.noises {
            let spread = |axis| if *relative { noise::spread(part, axis, values) } else { 1.0 };
            widths.extend((0..part.axes).map(|axis| record[*column] * spread(axis)));
        }
        for (layer, widths) in seen.noises.iter().zip(widths.chunks_exact(part.axes)) {
            noise::add(self.plan.isa, (layer.key, counter), part, widths, normals, values);
        }
    }
}
