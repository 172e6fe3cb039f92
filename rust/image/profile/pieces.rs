//! Polynomials of Q that stand for a profile: see [`super::wings`].
//!
//! Sixteen pieces, each of them over u from s to 3 s, the next from sqrt(2) s, have F to the
//! seventh and G to the fourth degree, by interpolation at Chebyshev's nodes: what is analytic
//! but at u <= 0 leaves (2 + sqrt(3))^-k to the degrees from k on.

use super::radial::Radial;
use super::series::{Frame, LANES};

/// How many there are.
pub const PIECES: usize = LANES;
/// What the last two of Chebyshev's coefficients of F may be, over the tolerance.
const LAST: f32 = 0.2;
const LAST_BUT_ONE: f32 = 1.0;

/// The positive ones of the eight nodes, cos((2 i + 1) pi/16).
const NODES: [f32; 4] = [0.980_785_3, 0.831_469_6, 0.555_570_2, 0.195_090_32];
/// From values at the nodes to the coefficients of powers (numpy, `cheb2poly` times the discrete
/// cosine transform): of even powers for the halved sums of the values at opposite nodes, of odd
/// ones for their halved differences.
const VALUES: [[f32; 4]; 8] = [
    [-0.049_728_092, 0.167_044_66, -0.374_151_44, 1.256_834_9],
    [-0.050_702_323, 0.200_902_9, -0.673_454_8, 6.442_323],
    [1.539_603_3, -5.103_805_2, 10.760_659_5, -7.196_457_5],
    [1.569_765_9, -6.138_294_4, 19.368_675, -36.887_824],
    [-6.355_975_3, 19.344_682, -25.001_536, 12.012_83],
    [-6.480_496_2, 23.265_651, -45.001_576, 61.575_733],
    [6.122_935, -14.782_072_5, 14.782_072_5, -6.122_935],
    [6.242_890_3, -17.778_247_5, 26.607_028, -31.385_129],
];
/// The same, cut off after Chebyshev's polynomial of the fourth degree.
const BENDS: [[f32; 4]; 5] = [
    [0.141_613_62, -0.294_895_1, 0.087_788_33, 1.065_493_2],
    [-0.756_811_8, 0.708_370_3, 1.748_963, 0.930_900_5],
    [-1.904_547_6, 3.211_110_6, 2.445_743_7, -3.752_306_7],
    [1.662_939_2, -0.390_180_64, -1.961_570_6, -1.111_140_5],
    [2.828_427_1, -2.828_427_1, -2.828_427_1, 2.828_427_1],
];

/// sqrt(2)^k.
pub const HEIGHTS: [f32; PIECES] = {
    let mut heights = [1.0; PIECES];
    let mut k = 0;
    while k < PIECES {
        heights[k] = (1_u32 << (k / 2)) as f32 * if k % 2 == 1 { std::f32::consts::SQRT_2 } else { 1.0 };
        k += 1;
    }
    heights
};

/// The polynomials of one profile, in the lanes' u.
pub struct Pieces {
    /// Plane values: coefficients of the powers of v = u/s - 2, of F and of G.
    pub values: [[f32; PIECES]; 8],
    pub bends: [[f32; PIECES]; 5],
    /// 1/s.
    pub inverse: [f32; PIECES],
    /// u from which on they are as close as is wanted.
    pub smooth: f32,
}

impl Pieces {
    /// With s from `foot` on, to within about `tolerance` of the lanes' f.
    #[inline(always)]
    pub fn new<P: Radial>(profile: P, frame: &Frame, foot: f32, tolerance: f32) -> Pieces {
        let (mut values, mut bends) = ([[0.0; PIECES]; 8], [[0.0; PIECES]; 5]);
        let (mut sums, mut differences) = ([[[0.0_f32; PIECES]; 4]; 2], [[[0.0_f32; PIECES]; 4]; 2]);
        for (i, node) in NODES.iter().enumerate() {
            for k in 0..PIECES {
                let (f, g) = frame.radial(profile, foot * HEIGHTS[k] * (2.0 + node));
                let (low_f, low_g) = frame.radial(profile, foot * HEIGHTS[k] * (2.0 - node));
                sums[0][i][k] = 0.5 * (f + low_f);
                sums[1][i][k] = 0.5 * (g + low_g);
                differences[0][i][k] = 0.5 * (f - low_f);
                differences[1][i][k] = 0.5 * (g - low_g);
            }
        }
        powers(&VALUES, &sums[0], &differences[0], &mut values);
        powers(&BENDS, &sums[1], &differences[1], &mut bends);
        // Chebyshev's coefficients of the highest degrees are these over 64 and 32.
        let (last, last_but_one) = (64.0 * LAST * tolerance, 32.0 * LAST_BUT_ONE * tolerance);
        let rough = |(seventh, sixth): (&f32, &f32)| (seventh.abs() > last) | (sixth.abs() > last_but_one);
        let from = values[7].iter().zip(&values[6]).rposition(rough).map_or(0, |k| k + 1);
        for lanes in values.iter_mut().chain(&mut bends) {
            for lane in lanes {
                *lane *= frame.light;
            }
        }
        let smooth = if from < PIECES { foot * HEIGHTS[from] } else { f32::INFINITY };
        Pieces { values, bends, inverse: HEIGHTS.map(|height| 1.0 / (foot * height)), smooth }
    }
}

/// Coefficients of powers from the halved sums and differences at opposite nodes.
///
/// Sums are taken from the innermost on, which keeps what is common to all of them out of the
/// rounding of the higher powers.
#[inline(always)]
fn powers(
    matrix: &[[f32; 4]],
    sums: &[[f32; PIECES]; 4],
    differences: &[[f32; PIECES]; 4],
    into: &mut [[f32; PIECES]],
) {
    for (power, (row, into)) in matrix.iter().zip(into).enumerate() {
        for (k, into) in into.iter_mut().enumerate() {
            let d = differences;
            *into = if power % 2 == 1 {
                (row[0] * d[0][k] + row[1] * d[1][k]) + (row[2] * d[2][k] + row[3] * d[3][k])
            } else {
                let inner = sums[3][k];
                let rest = (row[0] * (sums[0][k] - inner) + row[1] * (sums[1][k] - inner))
                    + row[2] * (sums[2][k] - inner);
                if power == 0 { inner + rest } else { rest }
            };
        }
    }
}
