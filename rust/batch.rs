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
    let chunk = TASK_ROWS * plan.width().max(1);
    let work = |(rows, records): (&[u64], &mut [f64])| plan.draw_given(rows, given, records);
    if threads == 1 {
        return rows.chunks(TASK_ROWS).zip(records.chunks_mut(chunk)).try_for_each(work);
    }
    let tasks = rows.par_chunks(TASK_ROWS).zip(records.par_chunks_mut(chunk));
    pool(threads)?.install(|| tasks.try_for_each(work))
}

/// Draws and renders rows.
///
/// # Errors
/// As [`parameters`] and [`render`].
pub fn generate(
    plan: &Plan,
    rows: &[u64],
    records: &mut [f64],
    images: Images,
    threads: usize,
) -> Result<(), Error> {
    parameters(plan, rows, records, threads)?;
    render(plan, rows, records, images, true, threads)
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
    images.check(rows.len() * plan.pixels())?;
    let each = (TASK_PIXELS / plan.pixels()).clamp(1, 64);
    let tasks = tasks(plan, rows, records, images, each);
    let work = |scratch: &mut Scratch, task: Task| task.run(plan, noisy, scratch);
    if threads == 1 {
        let mut scratch = Scratch::new(plan);
        tasks.into_iter().for_each(|task| work(&mut scratch, task));
    } else {
        pool(threads)?.install(|| tasks.into_par_iter().for_each_init(|| Scratch::new(plan), work));
    }
    Ok(())
}

fn check_records(plan: &Plan, rows: &[u64], records: &[f64]) -> Result<(), Error> {
    let need = rows.len() * plan.width();
    if records.len() == need {
        return Ok(());
    }
    Err(Error::Argument(format!("{} rows have {need} values; the buffer has {}", rows.len(), records.len())))
}

/// A run of samples that one worker renders.
struct Task<'a> {
    rows: &'a [u64],
    records: &'a [f64],
    images: Images<'a>,
}

fn tasks<'a>(
    plan: &Plan,
    rows: &'a [u64],
    records: &'a [f64],
    mut images: Images<'a>,
    each: usize,
) -> Vec<Task<'a>> {
    let mut tasks = Vec::with_capacity(rows.len() / each + 1);
    for (i, rows) in rows.chunks(each).enumerate() {
        let (mine, rest) = images.split(rows.len() * plan.pixels());
        let begin = i * each * plan.width();
        tasks.push(Task { rows, records: &records[begin..begin + rows.len() * plan.width()], images: mine });
        images = rest;
    }
    tasks
}

impl Task<'_> {
    fn run(self, plan: &Plan, noisy: bool, scratch: &mut Scratch) {
        let mut images = self.images;
        for (i, &k) in self.rows.iter().enumerate() {
            let record = &self.records[i * plan.width()..(i + 1) * plan.width()];
            let (mine, rest) = images.split(plan.pixels());
            let Images { image, noiseless, variance, psf } = mine;
            let planes = Planes { image, noiseless, variance, psf };
            scene::render(plan, plan.row(k), record, planes, noisy, scratch);
            images = rest;
        }
    }
}
