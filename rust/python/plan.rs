//! The plan, and the calls over many rows.

use super::outside;
use super::table::Columns;
use crate::batch::{self, Curves, Images, Told, Values};
use crate::error::Error;
use numpy::{
    PyArray1, PyReadonlyArray1, PyReadonlyArray2, PyReadwriteArray2, PyReadwriteArray3, PyReadwriteArray4,
    PyReadwriteArrayDyn,
};
use pyo3::prelude::*;
use std::collections::BTreeMap;

/// A checked recipe, ready to run.
///
/// Parameters
/// ----------
/// spec : str
///     The recipe as JSON, every default written out.
/// tables : dict of Columns, optional
///     The tables that it reads, by name.
///
/// Raises
/// ------
/// RecipeFaults
///     All that is wrong with it.
#[pyclass(frozen, module = "lightmill._core")]
pub(super) struct Plan(crate::plan::Plan);

type Plane<'py> = PyReadwriteArray3<'py, f32>;

fn slice<'a>(plane: &'a mut Plane<'_>, name: &str) -> Result<&'a mut [f32], Error> {
    plane.as_slice_mut().map_err(|_| Error::Argument(format!("{name} must be C-contiguous")))
}

fn images<'a>(
    image: &'a mut Plane<'_>,
    noiseless: &'a mut Option<Plane<'_>>,
    variance: &'a mut Option<Plane<'_>>,
    psf: &'a mut Option<Plane<'_>>,
) -> Result<Images<'a>, Error> {
    Ok(Images {
        image: slice(image, "images")?,
        noiseless: noiseless.as_mut().map(|plane| slice(plane, "noiseless")).transpose()?,
        variance: variance.as_mut().map(|plane| slice(plane, "variance")).transpose()?,
        psf: psf.as_mut().map(|plane| slice(plane, "psf")).transpose()?,
    })
}

type Curve<'py> = PyReadwriteArrayDyn<'py, f64>;

/// Each observable by itself.
fn each<'a>(curves: &'a mut [Curve<'_>]) -> Result<Vec<&'a mut [f64]>, Error> {
    let contiguous = |_| Error::Argument("series must be C-contiguous".to_string());
    curves.iter_mut().map(|curve| curve.as_slice_mut().map_err(contiguous)).collect()
}

fn curves<'a>(
    series: &'a mut [Curve<'_>],
    noiseless: &'a mut [Curve<'_>],
    times: &'a mut Option<PyReadwriteArray2<'_, f64>>,
    measured: &'a mut PyReadwriteArray2<'_, f64>,
) -> Result<Curves<'a>, Error> {
    let contiguous = |_| Error::Argument("times must be C-contiguous".to_string());
    Ok(Curves {
        series: each(series)?,
        noiseless: each(noiseless)?,
        times: times.as_mut().map(|times| times.as_slice_mut().map_err(contiguous)).transpose()?,
        measured: writable(measured)?,
    })
}

/// The numbers of rows, and their records.
fn given<'a>(
    samples: &'a PyReadonlyArray1<'_, u64>,
    records: &'a PyReadonlyArray2<'_, f64>,
) -> Result<(&'a [u64], &'a [f64]), Error> {
    let contiguous = |_| Error::Argument("samples and records must be C-contiguous".into());
    Ok((samples.as_slice().map_err(contiguous)?, records.as_slice().map_err(contiguous)?))
}

fn writable<'a>(records: &'a mut PyReadwriteArray2<'_, f64>) -> Result<&'a mut [f64], Error> {
    records.as_slice_mut().map_err(|_| Error::Argument("records must be C-contiguous".into()))
}

#[pymethods]
impl Plan {
    #[new]
    #[pyo3(signature = (spec, tables=None))]
    fn new(
        py: Python<'_>,
        spec: &str,
        tables: Option<BTreeMap<String, PyRef<'_, Columns>>>,
    ) -> PyResult<Plan> {
        let tables =
            tables.unwrap_or_default().into_iter().map(|(name, table)| (name, table.0.clone())).collect();
        outside(py, || crate::plan::Plan::from_json_and(spec, &tables)).map(Plan)
    }

    /// How many samples there are, where a table is read in order; else None.
    #[getter]
    fn samples(&self) -> Option<u64> {
        self.0.samples()
    }

    /// Values in a record.
    #[getter]
    fn width(&self) -> usize {
        self.0.width()
    }

    /// Rows and columns of an image.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        self.0.shape()
    }

    /// Whether there is a PSF that is the same for all samples.
    #[getter]
    fn has_fixed_psf(&self) -> bool {
        self.0.has_fixed_psf()
    }

    /// Draws the PSF that is the same for all samples into an (H, W) float32 buffer; zeros where there is none.
    fn fixed_psf(&self, py: Python<'_>, mut plane: PyReadwriteArray2<'_, f32>) -> PyResult<()> {
        let plane = plane.as_slice_mut().map_err(|_| Error::Argument("plane must be C-contiguous".into()))?;
        outside(py, || crate::image::scene::fixed_psf(&self.0, plane))
    }

    /// The columns of a record, as JSON.
    fn columns(&self) -> String {
        serde_json::to_string(self.0.columns()).unwrap_or_default()
    }

    /// What is measured on every noiseless image, as JSON.
    fn measures(&self) -> String {
        serde_json::to_string(self.0.measures()).unwrap_or_default()
    }

    /// Draws the records of rows, (N, width) float64; of the columns in `given`, the class or the
    /// branch of the mixture stands as the caller has set it.
    #[pyo3(signature = (samples, records, threads, given = vec![]))]
    fn parameters(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        mut records: PyReadwriteArray2<'_, f64>,
        threads: usize,
        given: Vec<usize>,
    ) -> PyResult<()> {
        let samples =
            samples.as_slice().map_err(|_| Error::Argument("samples must be C-contiguous".into()))?;
        let records = writable(&mut records)?;
        outside(py, || batch::parameters_given(&self.0, samples, &given, records, threads))
    }

    /// Checks records whose columns in `given` a caller has set, and derives the rest.
    fn complete(
        &self,
        py: Python<'_>,
        mut records: PyReadwriteArray2<'_, f64>,
        given: Vec<usize>,
    ) -> PyResult<()> {
        let records = writable(&mut records)?;
        outside(py, || self.0.complete(records, &given))
    }

    /// Renders rows from their records into (N, H, W) float32 buffers.
    #[pyo3(signature = (samples, records, images, noiseless, variance, psf, noise, threads))]
    #[allow(clippy::too_many_arguments)]
    fn render(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        records: PyReadonlyArray2<'_, f64>,
        mut images: Plane<'_>,
        mut noiseless: Option<Plane<'_>>,
        mut variance: Option<Plane<'_>>,
        mut psf: Option<Plane<'_>>,
        noise: bool,
        threads: usize,
    ) -> PyResult<()> {
        let (samples, records) = given(&samples, &records)?;
        let images = self::images(&mut images, &mut noiseless, &mut variance, &mut psf)?;
        outside(py, || batch::render(&self.0, samples, records, images, noise, threads))
    }

    /// Draws, measures and renders the rows from `start`.
    #[pyo3(signature = (start, records, measured, images, noiseless, variance, psf, threads))]
    #[allow(clippy::too_many_arguments)]
    fn generate(
        &self,
        py: Python<'_>,
        start: u64,
        mut records: PyReadwriteArray2<'_, f64>,
        mut measured: PyReadwriteArray2<'_, f64>,
        mut images: Plane<'_>,
        mut noiseless: Option<Plane<'_>>,
        mut variance: Option<Plane<'_>>,
        mut psf: Option<Plane<'_>>,
        threads: usize,
    ) -> PyResult<()> {
        let rows = records.as_array().nrows();
        let values = Values { records: writable(&mut records)?, measured: writable(&mut measured)? };
        let images = self::images(&mut images, &mut noiseless, &mut variance, &mut psf)?;
        outside(py, || batch::generate(&self.0, &batch::range(start, rows)?, values, images, threads))
    }

    /// Fisher information of rows with these records about what the plan asks about, (N, P, P) float64, and
    /// the bounds, (N, P); says for each row why bounds are infinite, or None.
    fn fisher(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        records: PyReadonlyArray2<'_, f64>,
        mut fisher: PyReadwriteArray3<'_, f64>,
        mut bounds: PyReadwriteArray2<'_, f64>,
        threads: usize,
    ) -> PyResult<Vec<Option<String>>> {
        let (samples, records) = given(&samples, &records)?;
        let fisher =
            fisher.as_slice_mut().map_err(|_| Error::Argument("fisher must be C-contiguous".into()))?;
        let told = Told { fisher, bounds: writable(&mut bounds)? };
        outside(py, || batch::fisher(&self.0, samples, records, told, threads))
    }

    /// How fast the pixels of rows with these records change with what the plan asks about: (N, P, H, W)
    /// float64.
    fn derivatives(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        records: PyReadonlyArray2<'_, f64>,
        mut slopes: PyReadwriteArray4<'_, f64>,
        threads: usize,
    ) -> PyResult<()> {
        let (samples, records) = given(&samples, &records)?;
        let slopes =
            slopes.as_slice_mut().map_err(|_| Error::Argument("slopes must be C-contiguous".into()))?;
        outside(py, || batch::derivatives(&self.0, samples, records, slopes, threads))
    }

    /// How fast what is seen of rows with these records changes with what the plan asks about: each observable
    /// into an (N, P, T, ...) float64 buffer.
    fn variations(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        records: PyReadonlyArray2<'_, f64>,
        mut slopes: Vec<Curve<'_>>,
        threads: usize,
    ) -> PyResult<()> {
        let (samples, records) = given(&samples, &records)?;
        let slopes = each(&mut slopes)?;
        outside(py, || batch::variations(&self.0, samples, records, slopes, threads))
    }

    /// What is seen of a system, as JSON: name, unit, summary and shape of a row.
    fn curves(&self) -> String {
        serde_json::to_string(&self.0.curves()).unwrap_or_default()
    }

    /// The times of every row of a time series, (T,) float64; None where each row has its own.
    #[getter]
    fn times<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyArray1<f64>>> {
        self.0.times().map(|times| PyArray1::from_slice(py, times))
    }

    /// Draws rows of a time series, follows them and adds the noise; each observable into an
    /// (N, T, ...) float64 buffer.
    #[pyo3(signature = (samples, records, measured, series, noiseless, times, threads))]
    #[allow(clippy::too_many_arguments)]
    fn trajectories(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        mut records: PyReadwriteArray2<'_, f64>,
        mut measured: PyReadwriteArray2<'_, f64>,
        mut series: Vec<Curve<'_>>,
        mut noiseless: Vec<Curve<'_>>,
        mut times: Option<PyReadwriteArray2<'_, f64>>,
        threads: usize,
    ) -> PyResult<()> {
        let samples =
            samples.as_slice().map_err(|_| Error::Argument("samples must be C-contiguous".into()))?;
        let records = writable(&mut records)?;
        let curves = curves(&mut series, &mut noiseless, &mut times, &mut measured)?;
        outside(py, || batch::trajectories(&self.0, samples, records, curves, threads))
    }

    /// Follows rows of a time series from their records.
    #[pyo3(signature = (samples, records, measured, series, noiseless, times, noise, threads))]
    #[allow(clippy::too_many_arguments)]
    fn follow(
        &self,
        py: Python<'_>,
        samples: PyReadonlyArray1<'_, u64>,
        records: PyReadonlyArray2<'_, f64>,
        mut measured: PyReadwriteArray2<'_, f64>,
        mut series: Vec<Curve<'_>>,
        mut noiseless: Vec<Curve<'_>>,
        mut times: Option<PyReadwriteArray2<'_, f64>>,
        noise: bool,
        threads: usize,
    ) -> PyResult<()> {
        let (samples, records) = given(&samples, &records)?;
        let curves = curves(&mut series, &mut noiseless, &mut times, &mut measured)?;
        outside(py, || batch::follow(&self.0, samples, records, curves, noise, threads))
    }
}
