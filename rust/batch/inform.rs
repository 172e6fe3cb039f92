//! Fisher information of many samples.

use super::series::series_of;
use super::{check_records, run};
use crate::error::Error;
use crate::fisher;
use crate::plan::Plan;

/// Where Fisher information goes, of many samples, one after the other.
pub struct Told<'a> {
    /// Matrices, row-major.
    pub fisher: &'a mut [f64],
    /// The least standard deviations.
    pub bounds: &'a mut [f64],
}

/// Bodies that are there come first.
fn check_bodies(plan: &Plan, rows: &[u64], records: &[f64]) -> Result<(), Error> {
    let Some(bodies) = plan.system().and_then(|_| plan.entries.get(1)) else { return Ok(()) };
    let mut records = rows.iter().zip(records.chunks_exact(plan.width().max(1)));
    records.try_for_each(|(&k, record)| bodies.bodies(k, record).map(|_| ()))
}

/// Fisher information about what the plan asks about, of rows with these records; for each row why some
/// bounds are infinite.
///
/// # Errors
/// Buffers of the wrong size.
pub fn fisher(
    plan: &Plan,
    rows: &[u64],
    records: &[f64],
    told: Told,
    threads: usize,
) -> Result<Vec<Option<String>>, Error> {
    check_records(plan, rows, records)?;
    let count = plan.subjects().len();
    if told.fisher.len() != rows.len() * count * count || told.bounds.len() != rows.len() * count {
        return Err(Error::Argument(format!(
            "{} rows take {count} by {count} values each and {count} bounds; the buffers have {} and {}",
            rows.len(),
            told.fisher.len(),
            told.bounds.len()
        )));
    }
    check_bodies(plan, rows, records)?;
    let mut reasons = vec![None; rows.len()];
    if count == 0 {
        return Ok(reasons);
    }
    let outputs = told.fisher.chunks_mut(count * count).zip(told.bounds.chunks_mut(count)).zip(&mut reasons);
    let tasks: Vec<_> = rows.iter().zip(records.chunks_exact(plan.width().max(1))).zip(outputs).collect();
    match plan.system() {
        Some(series) => run(
            threads,
            tasks,
            || (),
            |(), ((&k, record), (out, reason))| {
                *reason = fisher::series::inform(plan, series, plan.row(k), record, out);
                Ok(())
            },
        )?,
        None => run(
            threads,
            tasks,
            || fisher::Scratch::new(plan),
            |scratch, ((&k, record), (out, reason))| {
                *reason = fisher::inform(plan, plan.row(k), record, out, scratch);
                Ok(())
            },
        )?,
    }
    Ok(reasons)
}

/// How fast what is seen of rows with these records changes with what the plan asks about; each observable
/// by itself, of row after row.
///
/// # Errors
/// A recipe of images, or buffers of the wrong size.
pub fn variations(
    plan: &Plan,
    rows: &[u64],
    records: &[f64],
    mut slopes: Vec<&mut [f64]>,
    threads: usize,
) -> Result<(), Error> {
    let series = series_of(plan)?;
    check_records(plan, rows, records)?;
    check_bodies(plan, rows, records)?;
    let count = plan.subjects().len();
    let each: Vec<usize> =
        series.seen.iter().map(|one| count * series.length(one.observable.shape)).collect();
    let given: Vec<usize> = slopes.iter().map(|slopes| slopes.len()).collect();
    if given != each.iter().map(|each| each * rows.len()).collect::<Vec<_>>() {
        return Err(Error::Argument(format!(
            "{} rows have {each:?} derivatives each; the buffers have {given:?}",
            rows.len()
        )));
    }
    if count == 0 {
        return Ok(());
    }
    let mut parts: Vec<_> =
        slopes.iter_mut().zip(&each).map(|(slopes, each)| slopes.chunks_exact_mut(*each)).collect();
    let tasks = rows.iter().zip(records.chunks_exact(plan.width().max(1)));
    let tasks =
        tasks.map(|row| (row, parts.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>())).collect();
    run(
        threads,
        tasks,
        || (),
        |(), ((&k, record), mut slopes)| {
            fisher::series::slopes(plan, series, plan.row(k), record, &mut slopes);
            Ok(())
        },
    )
}

/// How fast the pixels of rows with these records change with what the plan asks about.
///
/// # Errors
/// Buffers of the wrong size.
pub fn derivatives(
    plan: &Plan,
    rows: &[u64],
    records: &[f64],
    slopes: &mut [f64],
    threads: usize,
) -> Result<(), Error> {
    check_records(plan, rows, records)?;
    let each = plan.subjects().len() * plan.pixels();
    if slopes.len() != rows.len() * each {
        return Err(Error::Argument(format!(
            "{} rows have {each} derivatives each; the buffer has {}",
            rows.len(),
            slopes.len()
        )));
    }
    if each == 0 {
        return Ok(());
    }
    let tasks = records.chunks_exact(plan.width().max(1)).zip(slopes.chunks_mut(each)).collect();
    run(
        threads,
        tasks,
        || fisher::Scratch::new(plan),
        |scratch, (record, slopes)| {
            fisher::slopes(plan, record, slopes, scratch);
            Ok(())
        },
    )
}
