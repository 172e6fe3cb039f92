//! The hash of files, for the data set writer.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

/// BLAKE3 in the making.
#[pyclass(module = "lightmill._core")]
#[derive(Default)]
pub(super) struct Blake3(blake3::Hasher);

#[pymethods]
impl Blake3 {
    #[new]
    fn new() -> Blake3 {
        Blake3::default()
    }

    /// Takes in further bytes, without the interpreter's lock.
    fn update(&mut self, py: Python<'_>, data: PyReadonlyArray1<'_, u8>) -> PyResult<()> {
        let (data, hasher) = (data.as_slice()?, &mut self.0);
        py.detach(|| hasher.update(data));
        Ok(())
    }

    /// The digest of all so far: 64 hexadecimal digits.
    fn hexdigest(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}
