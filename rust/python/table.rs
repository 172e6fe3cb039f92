//! The columns of a table, held by the core for as many plans as read them.

use crate::plan::Table;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns of a table, all of one length.
///
/// Parameters
/// ----------
/// columns : dict of (N,) float64 arrays
///     They are copied once; plans share the copy.
#[pyclass(frozen, module = "lightmill._core")]
pub(super) struct Columns(pub(super) Arc<Table>);

#[pymethods]
impl Columns {
    #[new]
    fn new(columns: BTreeMap<String, PyReadonlyArray1<'_, f64>>) -> PyResult<Columns> {
        let copied = columns.iter().map(|(name, column)| Ok((name.clone(), Arc::from(column.as_slice()?))));
        let copied: Result<_, numpy::AsSliceError> = copied.collect();
        let copied = copied.map_err(|_| PyValueError::new_err("columns must be contiguous"))?;
        Ok(Columns(Arc::new(Table::new(copied)?)))
    }

    /// What makes the same anew, for pickle.
    fn __getnewargs__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyDict>,)> {
        let columns = PyDict::new(py);
        for (name, column) in self.0.columns() {
            columns.set_item(name, PyArray1::from_slice(py, column))?;
        }
        Ok((columns,))
    }
}
