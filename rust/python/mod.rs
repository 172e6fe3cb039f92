//! What Python sees. The core does not know Python; this converts, calls, converts.

use pyo3::prelude::*;

mod streams;

/// The compiled core.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::streams::{poisson_counts, standard_normal};
    #[pymodule_export]
    use super::{cpu, tables};
}

/// All parameter tables, as JSON.
#[pyfunction]
fn tables() -> String {
    crate::registry::tables()
}

/// The instruction sets that this processor has, the slowest first.
#[pyfunction]
fn cpu() -> Vec<&'static str> {
    crate::isa::Isa::available().iter().map(crate::isa::Isa::name).collect()
}
