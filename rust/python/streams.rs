//! Streams, for tests and timing from Python.

use crate::error::Error;
use crate::isa::Isa;
use crate::random::{Counter, Key, normal, poisson};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

fn raise(error: Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn counter(scene: u64) -> Counter {
    Counter { scene, ..Counter::default() }
}

/// The first `n` normal numbers of a slot's plane.
#[pyfunction]
pub fn standard_normal(
    py: Python<'_>,
    seed: u64,
    slot: &str,
    scene: u64,
    n: usize,
) -> PyResult<Py<PyArray1<f32>>> {
    let isa = Isa::chosen().map_err(raise)?;
    let mut out = vec![0f32; n];
    normal::fill(isa, Key::new(seed, "", slot), counter(scene), 0, &mut out);
    Ok(PyArray1::from_vec(py, out).unbind())
}

/// The counts of a slot's plane whose means are given, float32.
#[pyfunction(name = "poisson")]
pub fn poisson_counts(
    py: Python<'_>,
    seed: u64,
    slot: &str,
    scene: u64,
    means: PyReadonlyArray1<'_, f32>,
) -> PyResult<Py<PyArray1<f32>>> {
    let isa = Isa::chosen().map_err(raise)?;
    let mut counts = means.as_slice()?.to_vec();
    poisson::replace(isa, Key::new(seed, "", slot), counter(scene), 0, &mut counts);
    Ok(PyArray1::from_vec(py, counts).unbind())
}
