//! Runs of samples, each the work of one thread.

use super::Images;
use crate::error::Error;
use crate::image::scene::{self, Planes, Scratch};
use crate::plan::Plan;

/// Decides by images that nobody asked for.
pub(super) struct Judge {
    image: Vec<f32>,
    measured: Vec<f64>,
    scratch: Scratch,
}

impl Judge {
    pub(super) fn new(plan: &Plan) -> Judge {
        Judge {
            image: vec![0.0; plan.pixels()],
            measured: vec![0.0; plan.measures().len()],
            scratch: Scratch::new(plan),
        }
    }

    pub(super) fn select(&mut self, plan: &Plan, rows: &[u64], records: &mut [f64]) -> Result<(), Error> {
        let Judge { image, measured, scratch } = self;
        for i in 0..rows.len() {
            let row = plan.row(rows[i]);
            if let Some(record) = scene_record(plan, rows, i, records) {
                scene::light_kept(plan, row, record, image, measured, scratch)?;
            }
        }
        Ok(())
    }
}

/// The record of the row at `i`; none where it has that of the row before, being of one scene with it.
fn scene_record<'a>(plan: &Plan, rows: &[u64], i: usize, records: &'a mut [f64]) -> Option<&'a mut [f64]> {
    let begin = i * plan.width();
    if i > 0 && plan.row(rows[i - 1]).scene == plan.row(rows[i]).scene {
        records.copy_within(begin - plan.width()..begin, begin);
        return None;
    }
    Some(&mut records[begin..begin + plan.width()])
}

/// What samples are rendered from.
pub(super) enum Source<'a> {
    /// Records as they are.
    Given { records: &'a [f64], noisy: bool },
    /// Records that `keep` may still change, and what is measured.
    Drawn { records: &'a mut [f64], measured: &'a mut [f64] },
}

impl<'a> Source<'a> {
    /// That of the first so many rows, and the rest.
    fn split(self, plan: &Plan, rows: usize) -> (Source<'a>, Source<'a>) {
        let width = rows * plan.width();
        match self {
            Source::Given { records, noisy } => {
                let (mine, rest) = records.split_at(width);
                (Source::Given { records: mine, noisy }, Source::Given { records: rest, noisy })
            }
            Source::Drawn { records, measured } => {
                let (mine, rest) = records.split_at_mut(width);
                let (own, others) = measured.split_at_mut(rows * plan.measures().len());
                let drawn = |records, measured| Source::Drawn { records, measured };
                (drawn(mine, own), drawn(rest, others))
            }
        }
    }
}

/// A run of samples that one worker renders.
pub(super) struct Task<'a> {
    rows: &'a [u64],
    source: Source<'a>,
    images: Images<'a>,
}

/// The rows in runs of so many.
pub(super) fn tasks<'a>(
    plan: &Plan,
    rows: &'a [u64],
    mut source: Source<'a>,
    mut images: Images<'a>,
    each: usize,
) -> Vec<Task<'a>> {
    let mut tasks = Vec::with_capacity(rows.len() / each + 1);
    for rows in rows.chunks(each) {
        let (mine, rest) = images.split(rows.len() * plan.pixels());
        let (own, others) = source.split(plan, rows.len());
        tasks.push(Task { rows, source: own, images: mine });
        (source, images) = (others, rest);
    }
    tasks
}

impl Task<'_> {
    /// Renders its samples.
    pub(super) fn run(self, plan: &Plan, scratch: &mut Scratch) -> Result<(), Error> {
        let Task { rows, mut source, mut images } = self;
        for (i, &k) in rows.iter().enumerate() {
            let (mine, rest) = images.split(plan.pixels());
            let Images { image, noiseless, variance, psf } = mine;
            let planes = Planes { image, noiseless, variance, psf };
            match &mut source {
                Source::Given { records, noisy } => {
                    let record = &records[i * plan.width()..(i + 1) * plan.width()];
                    scene::render(plan, plan.row(k), record, planes, *noisy, scratch);
                }
                Source::Drawn { records, measured } => {
                    draw_row(plan, rows, i, records, measured, planes, scratch)?;
                }
            }
            images = rest;
        }
        Ok(())
    }
}

/// Measures and renders the row at `i` of a task.
fn draw_row(
    plan: &Plan,
    rows: &[u64],
    i: usize,
    records: &mut [f64],
    measured: &mut [f64],
    planes: Planes,
    scratch: &mut Scratch,
) -> Result<(), Error> {
    // A scene is decided once for all its realisations that follow each other.
    let fresh = scene_record(plan, rows, i, records).is_some();
    let (row, record) = (plan.row(rows[i]), &mut records[i * plan.width()..(i + 1) * plan.width()]);
    let count = plan.measures().len();
    let measured = &mut measured[i * count..(i + 1) * count];
    if fresh {
        scene::light_kept(plan, row, record, planes.image, measured, scratch)?;
    } else {
        scene::light_measured(plan, row, record, planes.image, measured, scratch);
    }
    scene::finish(plan, row, record, planes, true, scratch);
    Ok(())
}
