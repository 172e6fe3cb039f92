//! What Python sees. The core does not know Python; this converts, calls, converts.

mod digest;
mod plan;
mod statistics;
mod streams;
mod table;

use crate::error::Error;
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

/// The compiled core.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::digest::Xxh3;
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::statistics::row_statistics;
    #[pymodule_export]
    use super::streams::{poisson, standard_normal};
    #[pymodule_export]
    use super::table::Columns;
    #[pymodule_export]
    use super::{DrawError, RecipeFaults, cpu, expression_problem, flux, isa, tables};

    /// The version of the package.
    #[pymodule_export]
    const __VERSION__: &str = env!("CARGO_PKG_VERSION");
    /// The version of the random streams: the same seed gives the same values under one version.
    #[pymodule_export]
    const STREAM_VERSION: u32 = crate::random::STREAM_VERSION;
}

create_exception!(
    lightmill._core,
    RecipeFaults,
    PyValueError,
    "What is wrong with a recipe: one argument, a list of (place, message)."
);

create_exception!(
    lightmill._core,
    DrawError,
    PyRuntimeError,
    "A row that cannot be drawn: all attempts were refused, or a value is not legal in it."
);

/// The one door: works without the interpreter's lock, and turns errors into Python's.
pub(crate) fn outside<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    py.detach(work).map_err(PyErr::from)
}

impl From<Error> for PyErr {
    fn from(error: Error) -> PyErr {
        match error {
            Error::Recipe(faults) => {
                let pairs: Vec<_> = faults.into_iter().map(|fault| (fault.place, fault.message)).collect();
                RecipeFaults::new_err((pairs,))
            }
            Error::Argument(_) | Error::Environment(_) => PyValueError::new_err(error.to_string()),
            Error::Rejected(_) | Error::Value { .. } => DrawError::new_err(error.to_string()),
        }
    }
}

/// All parameter tables, as JSON.
#[pyfunction]
fn tables() -> String {
    crate::registry::tables()
}

/// What is wrong with the text of an expression, if anything: the number of the character, from 1, and the words.
#[pyfunction]
fn expression_problem(text: &str) -> Option<(usize, String)> {
    let problem = crate::expression::Expression::parse(text).err()?;
    Some((problem.position, problem.message))
}

/// The flux of a magnitude, 10^(0.4 (zero_point - magnitude)), the same bits on every machine.
#[pyfunction]
fn flux(magnitude: f64, zero_point: f64) -> f64 {
    crate::image::profile::light::flux(magnitude, zero_point)
}

/// The instruction sets that this processor has, the slowest first.
#[pyfunction]
fn cpu() -> Vec<&'static str> {
    crate::isa::Isa::available().iter().map(crate::isa::Isa::name).collect()
}

/// The instruction set in use: the one that LIGHTMILL_ISA names, or the fastest.
///
/// Raises ValueError for one that is not known or that this processor lacks.
#[pyfunction]
fn isa() -> PyResult<&'static str> {
    Ok(crate::isa::Isa::chosen()?.name())
}
