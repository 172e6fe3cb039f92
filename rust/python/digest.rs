//! The hash of files, for the data set writer.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use twox_hash::XxHash3_128;

/// XXH3, 128 bits, in the making.
#[pyclass(module = "lightmill._core")]
pub(super) struct Xxh3(XxHash3_128);

impl Xxh3 {
    /// Takes in numbers as they lie in memory.
    pub(super) fn take(&mut self, values: &[f32]) {
        // SAFETY: every byte of a float is initialised, and bytes need no alignment.
        let bytes = unsafe { std::slice::from_raw_parts(values.as_ptr().cast::<u8>(), size_of_val(values)) };
        self.0.write(bytes);
    }
}

#[pymethods]
impl Xxh3 {
    #[new]
    fn new() -> Xxh3 {
        Xxh3(XxHash3_128::new())
    }

    /// Takes in further bytes, without the interpreter's lock.
    fn update(&mut self, py: Python<'_>, data: PyReadonlyArray1<'_, u8>) -> PyResult<()> {
        let (data, hasher) = (data.as_slice()?, &mut self.0);
        py.detach(|| hasher.write(data));
        Ok(())
    }

    /// The digest of all so far: 32 hexadecimal digits.
    fn hexdigest(&self) -> String {
        format!("{:032x}", self.0.finish_128())
    }
}
