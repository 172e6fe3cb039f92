//! The lattice of frequencies along one axis of a frame.
//!
//! k = 2 pi (m + 1/2)/N in radians per pixel: shifted by half a step, so that the sum over the
//! lattice is the image plus copies of it at every N pixels whose signs alternate. There is no zero
//! and no Nyquist frequency to treat apart, and sine and cosine of k x at the pixels are kernels of
//! the fourth sine and cosine transforms of length H = N/2. Beyond Nyquist the kernels repeat
//! mirrored: cell m >= H folds back exactly, up to [`FOLDS`] Nyquist frequencies.

use super::dct::Dct;
use crate::lanes::{Block, LANES};
use crate::math::sin_cos;
use std::f64::consts::PI;
use std::sync::{LazyLock, OnceLock};

/// The longest period, in pixels.
pub const LONGEST: usize = 4096;
/// As far as cells go, in Nyquist frequencies.
const FOLDS: usize = 32;

/// And no more cells, so that the largest image through the narrowest PSF still ends: a period of
/// 512 pixels has 32 Nyquist frequencies, the longest one 4.
const MOST: usize = 8192;

/// Frequencies and the transform of one period.
pub(super) struct Axis {
    pub(super) period: usize,
    pub(super) half: usize,
    /// Frequencies, and as many more as fill the last lanes.
    pub(super) k: Vec<Block>,
    /// The pixel's response sin(k/2)/(k/2).
    pub(super) sinc: Vec<f32>,
    /// One over what the response is at most from here on.
    pub(super) inverse_envelope: Vec<f32>,
    pub(super) dct: Dct,
}

impl Axis {
    fn new(period: usize) -> Axis {
        let half = period / 2;
        let count = (FOLDS * half).min(MOST.max(2 * half)).next_multiple_of(LANES);
        let k: Vec<f64> = (0..count).map(|m| 2.0 * PI * (m as f64 + 0.5) / period as f64).collect();
        let sinc = k.iter().map(|k| (sin_cos(0.5 * k).0 / (0.5 * k)) as f32).collect();
        let inverse_envelope = k.iter().map(|k| if *k < 2.0 { 1.0 } else { (0.5 * k) as f32 }).collect();
        let block = |k: &[f64]| Block(std::array::from_fn(|i| k[i] as f32));
        let k = k.chunks_exact(LANES).map(block).collect();
        Axis { period, half, k, sinc, inverse_envelope, dct: Dct::new(half) }
    }

    /// The frequency of a cell.
    #[inline(always)]
    pub(super) fn frequency(&self, m: usize) -> f32 {
        self.k[m / LANES].0[m % LANES]
    }

    /// How many frequencies there are.
    pub(super) fn cells(&self) -> usize {
        self.sinc.len()
    }
}

/// All periods, the shortest first, each made when it is first needed: 16 times 2^a 3^b 5^c, so that lanes
/// end where a period does.
static AXES: LazyLock<Vec<(usize, OnceLock<Axis>)>> = LazyLock::new(|| {
    let smooth = |length: &usize| {
        let mut rest = *length;
        for prime in [2, 3, 5] {
            while usize::is_multiple_of(rest, prime) {
                rest /= prime;
            }
        }
        rest == 1
    };
    (2..=LONGEST / LANES).filter(smooth).map(|length| (LANES * length, OnceLock::new())).collect()
});

/// The number of the shortest period of at least this length; of the longest where there is none.
pub(super) fn shortest(least: f64) -> usize {
    AXES.partition_point(|(period, _)| (*period as f64) < least).min(AXES.len() - 1)
}

/// All periods from a number on.
pub(super) fn periods(first: usize) -> &'static [(usize, OnceLock<Axis>)] {
    &AXES[first..]
}

/// The axis of this number.
pub(super) fn axis(number: usize) -> &'static Axis {
    let (period, axis) = &AXES[number];
    axis.get_or_init(|| Axis::new(*period))
}
