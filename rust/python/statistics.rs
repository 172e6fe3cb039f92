//! Statistics of pixels, for the data set writer.

use super::digest::Xxh3;
use super::outside;
use crate::error::Error;
use crate::isa::Isa;
use crate::statistics::{self, Row};
use numpy::{PyArray2, PyArrayMethods, PyReadonlyArray2, PyReadwriteArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// Values that are hashed, and then summed while they are in the first-level cache: 32 KiB.
const BLOCK: usize = 1 << 13;

/// Count, least, greatest, first, and the sums of distances and of squared distances from the first,
/// of the finite values of every row; a hasher takes in the rows' bytes on the way.
#[pyfunction]
#[pyo3(signature = (values, hasher = None))]
pub(super) fn row_statistics<'py>(
    py: Python<'py>,
    values: PyReadonlyArray2<'py, f32>,
    mut hasher: Option<PyRefMut<'py, Xxh3>>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let [rows, width] = [values.shape()[0], values.shape()[1]];
    let out = PyArray2::zeros(py, [rows, Row::WIDTH], false);
    let mut numbers: PyReadwriteArray2<'_, f64> = out.readwrite();
    let (values, numbers) = (values.as_slice()?, numbers.as_slice_mut()?.as_chunks_mut().0);
    let mut hasher = hasher.as_deref_mut();
    let count = (BLOCK / width.max(1)).max(1);
    outside(py, || {
        let isa = Isa::chosen()?;
        for (values, numbers) in values.chunks(count * width.max(1)).zip(numbers.chunks_mut(count)) {
            if let Some(hasher) = &mut hasher {
                hasher.take(values);
            }
            statistics::rows(isa, values, width, numbers);
        }
        Ok::<(), Error>(())
    })?;
    Ok(out)
}
