//! Streams by themselves, for tests and timing from Python.

use super::outside;
use crate::isa::Isa;
use crate::random::{Counter, Key, normal, poisson as counts};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

fn counter(scene: u64) -> Counter {
    Counter { scene, ..Counter::default() }
}

/// The first `n` normal numbers of a slot's plane, float32.
#[pyfunction]
pub(super) fn standard_normal<'py>(
    py: Python<'py>,
    seed: u64,
    slot: &str,
    scene: u64,
    n: usize,
) -> PyResult<Bound<'py, PyArray1<f32>>> {
    let mut out = vec![0f32; n];
    outside(py, || {
        normal::fill(Isa::chosen()?, Key::new(seed, "", slot), counter(scene), 0, &mut out);
        Ok(())
    })?;
    Ok(PyArray1::from_vec(py, out))
}

/// The counts of a slot's plane whose means are given, float32.
#[pyfunction]
pub(super) fn poisson<'py>(
    py: Python<'py>,
    seed: u64,
    slot: &str,
    scene: u64,
    means: PyReadonlyArray1<'py, f32>,
) -> PyResult<Bound<'py, PyArray1<f32>>> {
    let mut values = means.as_slice()?.to_vec();
    outside(py, || {
        counts::replace(Isa::chosen()?, Key::new(seed, "", slot), counter(scene), 0, &mut values);
        Ok(())
    })?;
    Ok(PyArray1::from_vec(py, values))
}
