//! Many rows at once: the only file that knows threads.
//!
//! A rayon pool does not survive a fork, so pools are kept per process: a child finds that
//! the set it inherited belongs to another process and leaves it alone.

mod inform;
mod series;
mod task;

pub use inform::{Told, derivatives, fisher, variations};
pub use series::{Curves, follow, trajectories};

use crate::error::Error;
use crate::image::scene::Scratch;
use crate::plan::Plan;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex};
use task::{Judge, Source, tasks};

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
    /// PSFs, or none.
    pub psf: Option<&'a mut [f32]>,
}

impl<'a> Images<'a> {
    /// The first `pixels` of each plane, and the rest.
    fn split(self, pixels: usize) -> (Images<'a>, Images<'a>) {
        let cut = |plane: Option<&'a mut [f32]>| plane.map(|plane| plane.split_at_mut(pixels)).unzip();
        let (image, image_rest) = self.image.split_at_mut(pixels);
        let (noiseless, noiseless_rest) = cut(self.noiseless);
        let (variance, variance_rest) = cut(self.variance);
        let (psf, psf_rest) = cut(self.psf);
        (
            Images { image, noiseless, variance, psf },
            Images { image: image_rest, noiseless: noiseless_rest, variance: variance_rest, psf: psf_rest },
        )
    }

    fn check(&self, pixels: usize) -> Result<(), Error> {
        let beside = [&self.noiseless, &self.variance, &self.psf].map(|plane| plane.as_deref());
        let planes = [Some(&*self.image)].into_iter().chain(beside);
        match planes.flatten().find(|plane| plane.len() != pixels) {
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
    (TASK_PIXELS / plan.pixels().max(1)).clamp(1, 64)
}

fn check_records(plan: &Plan, rows: &[u64], records: &[f64]) -> Result<(), Error> {
    let need = rows.len() * plan.width();
    if records.len() == need {
        return Ok(());
    }
    Err(Error::Argument(format!("{} rows have {need} values; the buffer has {}", rows.len(), records.len())))
}
