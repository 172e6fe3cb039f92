//! Many rows at once: the only file that knows threads.
//!
//! A rayon pool does not survive a fork, so pools are kept per process: a child finds that
//! the set it inherited belongs to another process and leaves it alone.

use crate::error::Error;
use crate::image::scene::{self, Planes, Scratch};
use crate::plan::Plan;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex};

/// A task takes about this many pixels, some 100 microseconds of work.
const TASK_PIXELS: usize = 1 << 16;
/// As many rows of parameters, some 50 microseconds of work.
const TASK_ROWS: usize = 256;

/// The pools of one process, by their number of threads.
struct Pools {
    process: u32,
    by_threads: Mutex<HashMap<usize, Arc<ThreadPool>>>,
}

static POOLS: AtomicPtr<Pools> = AtomicPtr::new(std::ptr::null_mut());

/// The pools of this process. A set that a fork left behind is leaked: its threads are gone
/// and its lock may be held for ever.
fn pools() -> &'static Pools {
    let process = std::process::id();
    let found = POOLS.load(Ordering::Acquire);
    // SAFETY: the pointer is null or came from `Box::leak` below and is never freed.
    if let Some(pools) = unsafe { found.as_ref() }
        && pools.process == process
    {
        return pools;
    }
    let fresh: &'static Pools = Box::leak(Box::new(Pools { process, by_threads: Mutex::default() }));
    match POOLS.compare_exchange(
        found,
        std::ptr::from_ref(fresh).cast_mut(),
        Ordering::AcqRel,
        Ordering::Acquire,
    ) {
        Ok(_) => fresh,
        Err(_) => pools(),
    }
}

fn pool(threads: usize) -> Result<Arc<ThreadPool>, Error> {
    let mut pools = pools().by_threads.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(pool) = pools.get(&threads) {
        return Ok(pool.clone());
    }
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("lightmill-{i}"))
        .build()
        .map_err(|error| {
            Error::Environment(format!("{threads} threads cannot be started: {error}; ask for fewer"))
        })?;
    Ok(pools.entry(threads).or_insert(Arc::new(built)).clone())
}

/// The planes of many samples, one after the other.
pub struct Images<'a> {
    /// Recorded images.
    pub image: &'a mut [f32],
    /// Noiseless images, or none.
    pub noiseless: Option<&'a mut [f32]>,
    /// Variances, or none.
    pub variance: Option<&'a mut [f32]>,
}

impl<'a> Images<'a> {
    /// The first `pixels` of each plane, and the rest.
    fn split(self, pixels: usize) -> (Images<'a>, Images<'a>) {
        let cut = |plane: Option<&'a mut [f32]>| plane.map(|plane| plane.split_at_mut(pixels)).unzip();
        let (image, image_rest) = self.image.split_at_mut(pixels);
        let (noiseless, noiseless_rest) = cut(self.noiseless);
        let (variance, variance_rest) = cut(self.variance);
        (
            Images { image, noiseless, variance },
            Images { image: image_rest, noiseless: noiseless_rest, variance: variance_rest },
        )
    }

    fn check(&self, pixels: usize) -> Result<(), Error> {
        let planes = [Some(&*self.image), self.noiseless.as_deref(), self.variance.as_deref()];
        match planes.into_iter().flatten().find(|plane| plane.len() != pixels) {
            None => Ok(()),
            Some(plane) => Err(Error::Argument(format!(
                "a buffer has {} pixels; the samples asked for have {pixels}",
                plane.len()
            ))),
        }
    }
}

/// The numbers of consecutive rows.
///
/// # Errors
/// Rows past the last number, 2^64 - 1.
pub fn range(start: u64, rows: usize) -> Result<Vec<u64>, Error> {
    match start.checked_add(rows as u64) {
        Some(stop) => Ok((start..stop).collect()),
        None => Err(Error::Argument(format!("{rows} rows from {start} on pass the last one, 2^64 - 1"))),
    }
}

/// What a call draws and measures of many samples, one after the other.
pub struct Values<'a> {
    /// What is drawn, [`Plan::width`] values each.
    pub records: &'a mut [f64],
    /// What is measured on the noiseless images, one value for each of [`Plan::measures`].
    pub measured: &'a mut [f64],
}

/// Draws the records of rows.
///
/// # Errors
/// A buffer of the wrong size, or draws rejected too often.
pub fn parameters(plan: &Plan, rows: &[u64], records: &mut [f64], threads: usize) -> Result<(), Error> {
    parameters_given(plan, rows, &[], records, threads)
}

/// The same where a caller has set the columns numbered `given`: their class or branch of the
/// mixture stands, and what it has is drawn; other columns are drawn over.
///
/// # Errors
/// As [`parameters`], or a class or branch that there is not.
pub fn parameters_given(
    plan: &Plan,
    rows: &[u64],
    given: &[usize],
    records: &mut [f64],
    threads: usize,
) -> Result<(), Error> {
    check_records(plan, rows, records)?;
    let each = if plan.draws_by_image() { rows_of_task(plan) } else { TASK_ROWS };
    let tasks = rows.chunks(each).zip(records.chunks_mut(each * plan.width().max(1))).collect();
    let judge = || plan.draws_by_image().then(|| Judge::new(plan));
    run(threads, tasks, judge, |judge, (rows, records)| {
        plan.draw_given(rows, given, records, |records| {
            plan.draw(rows, records)?;
            judge.as_mut().map_or(Ok(()), |judge| judge.select(plan, rows, records))
        })
    })
}

/// Decides by images that nobody asked for.
struct Judge {
    image: Vec<f32>,
    measured: Vec<f64>,
    scratch: Scratch,
}

impl Judge {
    fn new(plan: &Plan) -> Judge {
        Judge {
            image: vec![0.0; plan.pixels()],
            measured: vec![0.0; plan.measures().len()],
            scratch: Scratch::new(plan),
        }
    }

    fn select(&mut self, plan: &Plan, rows: &[u64], records: &mut [f64]) -> Result<(), Error> {
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

/// Draws, measures and renders rows. Where `keep` decides by what is measured, the light of the
/// scenes that it keeps is rendered once.
///
/// # Errors
/// As [`parameters`] and [`render`].
pub fn generate(
    plan: &Plan,
    rows: &[u64],
    values: Values,
    images: Images,
    threads: usize,
) -> Result<(), Error> {
    let Values { records, measured } = values;
    check_records(plan, rows, records)?;
    let chunk = TASK_ROWS * plan.width().max(1);
    let draws = rows.chunks(TASK_ROWS).zip(records.chunks_mut(chunk)).collect();
    run(threads, draws, || (), |(), (rows, records): (&[u64], &mut [f64])| plan.draw(rows, records))?;
    let need = rows.len() * plan.measures().len();
    if measured.len() != need {
        return Err(Error::Argument(format!(
            "{} rows have {need} measured values; the buffer has {}",
            rows.len(),
            measured.len()
        )));
    }
    render_all(plan, rows, Source::Drawn { records, measured }, images, threads)
}

/// Renders rows from their records; without `noisy` the images are the noiseless ones.
///
/// # Errors
/// Buffers of the wrong size.
pub fn render(
    plan: &Plan,
    rows: &[u64],
    records: &[f64],
    images: Images,
    noisy: bool,
    threads: usize,
) -> Result<(), Error> {
    check_records(plan, rows, records)?;
    render_all(plan, rows, Source::Given { records, noisy }, images, threads)
}

fn render_all(
    plan: &Plan,
    rows: &[u64],
    source: Source,
    images: Images,
    threads: usize,
) -> Result<(), Error> {
    images.check(rows.len() * plan.pixels())?;
    let tasks = tasks(plan, rows, source, images, rows_of_task(plan));
    run(threads, tasks, || Scratch::new(plan), |scratch, task| task.run(plan, scratch))
}

/// Does all tasks; each worker makes what it needs once.
fn run<T: Send, S>(
    threads: usize,
    tasks: Vec<T>,
    init: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, T) -> Result<(), Error> + Sync + Send,
) -> Result<(), Error> {
    if threads == 1 {
        let mut own = init();
        return tasks.into_iter().try_for_each(|task| work(&mut own, task));
    }
    pool(threads)?.install(|| tasks.into_par_iter().try_for_each_init(init, work))
}

fn rows_of_task(plan: &Plan) -> usize {
    (TASK_PIXELS / plan.pixels()).clamp(1, 64)
}

fn check_records(plan: &Plan, rows: &[u64], records: &[f64]) -> Result<(), Error> {
    let need = rows.len() * plan.width();
    if records.len() == need {
        return Ok(());
    }
    Err(Error::Argument(format!("{} rows have {need} values; the buffer has {}", rows.len(), records.len())))
}

/// What samples are rendered from.
enum Source<'a> {
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
struct Task<'a> {
    rows: &'a [u64],
    source: Source<'a>,
    images: Images<'a>,
}

fn tasks<'a>(
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
    fn run(self, plan: &Plan, scratch: &mut Scratch) -> Result<(), Error> {
        let Task { rows, mut source, mut images } = self;
        for (i, &k) in rows.iter().enumerate() {
            let (mine, rest) = images.split(plan.pixels());
            let planes = Planes { image: mine.image, noiseless: mine.noiseless, variance: mine.variance };
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
