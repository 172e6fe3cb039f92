//! Statistics of pixels, for the data set writer.

use super::outside;
use crate::error::Error;
use crate::isa::Isa;
use crate::statistics::{self, Row};
use numpy::{PyArray2, PyArrayMethods, PyReadonlyArray2, PyReadwriteArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// Count, least, greatest, first, and the sums of distances and of squared distances from the first,
/// of the finite values of every row.
#[pyfunction]
pub(super) fn row_statistics<'py>(
    py: Python<'py>,
    values: PyReadonlyArray2<'py, f32>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let [rows, width] = [values.shape()[0], values.shape()[1]];
    let out = PyArray2::zeros(py, [rows, Row::WIDTH], false);
    let mut numbers: PyReadwriteArray2<'_, f64> = out.readwrite();
    let (values, numbers) = (values.as_slice()?, numbers.as_slice_mut()?.as_chunks_mut().0);
    outside(py, || {
        statistics::rows(Isa::chosen()?, values, width, numbers);
        Ok::<(), Error>(())
    })?;
    Ok(out)
}
