//! The gamma function and its incomplete forms, for real arguments above 0.
//!
//! P(a, x) is the integral of t^(a-1) e^-t from 0 to x over Gamma(a), and Q = 1 - P (DLMF
//! 8.2.4). Stated errors hold for a from 0.01 to 200.

use super::{exp, ln, pow};

/// Coefficients of Stirling's series, B_2k / (2k (2k - 1)) (DLMF 5.11.1).
const STIRLING: [f64; 7] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
/// From here on the series is good to 4e-17.
const STIRLING_FROM: f64 = 10.0;
/// ln(2 pi) / 2.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
/// Terms after which a series or a fraction has long settled: both need about
/// 10 + 7 sqrt(a) near x = a, their slowest place.
const MOST_TERMS: usize = 500;
const SETTLED: f64 = 1e-17;

/// ln Gamma(x) for x > 0, within 1e-14 + 1e-15 |ln Gamma|; NaN elsewhere.
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut shifted, mut product) = (x, 1.0);
    while shifted < STIRLING_FROM {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    let tail = STIRLING.iter().rev().fold(0.0, |sum, c| sum * square + c) * inverse;
    ((shifted - 0.5) * ln(shifted) - shifted) + (HALF_LN_TWO_PI + tail) - ln(product)
}

/// Gamma(x) for x > 0, within 1e-14 (1 + |ln Gamma|) of itself; NaN elsewhere.
pub fn gamma(x: f64) -> f64 {
    exp(ln_gamma(x))
}

/// The regularised lower incomplete gamma function P(a, x), within 1e-13 of itself or of 1 - P.
///
/// NaN unless a > 0 and x >= 0.
pub fn gamma_p(a: f64, x: f64) -> f64 {
    if x < a + 1.0 { lower(a, x) } else { 1.0 - upper(a, x) }
}

/// Q(a, x) = 1 - P(a, x), within 1e-13 of itself or of 1 - Q.
pub fn gamma_q(a: f64, x: f64) -> f64 {
    if x < a + 1.0 { 1.0 - lower(a, x) } else { upper(a, x) }
}

fn is_argument(a: f64, x: f64) -> bool {
    a > 0.0 && x >= 0.0
}

/// x^a e^-x / Gamma(a), which is x dP/dx.
fn slope(a: f64, x: f64) -> f64 {
    if x > 0.0 { exp((a * ln(x) - x) - ln_gamma(a)) } else { 0.0 }
}

/// By the series x^a e^-x / Gamma(a + 1) (1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + ..), DLMF 8.7.1.
fn lower(a: f64, x: f64) -> f64 {
    if !is_argument(a, x) {
        return f64::NAN;
    }
    slope(a, x) / a * growth(a, x)
}

/// 1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + ..: Kummer's M(1, a + 1, x).
fn growth(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut below) = (1.0, 1.0, a);
    for _ in 0..MOST_TERMS {
        below += 1.0;
        term *= x / below;
        sum += term;
        if term < SETTLED * sum {
            break;
        }
    }
    sum
}

fn upper(a: f64, x: f64) -> f64 {
    if !is_argument(a, x) {
        return f64::NAN;
    }
    if x == f64::INFINITY { 0.0 } else { slope(a, x) * fraction(a, x) }
}

/// Legendre's continued fraction (DLMF 8.9.2), from the front by Lentz's method.
fn fraction(a: f64, x: f64) -> f64 {
    let mut even = x + 1.0 - a;
    let (mut c, mut d) = (f64::INFINITY, 1.0 / even);
    let mut fraction = d;
    for i in 1..MOST_TERMS {
        let i = i as f64;
        let odd = i * (a - i);
        even += 2.0;
        d = 1.0 / (odd * d + even);
        c = even + odd / c;
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// The x where P(a, x) = p, within 1e-12 of itself where 1e-9 < p < 1 - 1e-9; 0 at p = 0,
/// infinity at p = 1, NaN outside.
pub fn gamma_p_inverse(a: f64, p: f64) -> f64 {
    if !(a > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    // The leading term of the series for small x, the mean for others.
    let leading = exp((ln(p) + ln_gamma(a + 1.0)) / a);
    refine(a, p, if leading < a { leading } else { a })
}

/// P(a, x) - p by the slope there, as exact where P is near 1.
fn excess(a: f64, x: f64, slope: f64, p: f64) -> f64 {
    let (within, beyond) = if x < a + 1.0 {
        let within = slope / a * growth(a, x);
        (within, 1.0 - within)
    } else {
        let beyond = slope * fraction(a, x);
        (1.0 - beyond, beyond)
    };
    if p <= 0.5 { within - p } else { (1.0 - p) - beyond }
}

/// Halley's steps for P(a, x) = p: with u = (P - p)/P', x falls by
/// u / (1 - u P''/(2 P')), P''/P' = (a - 1)/x - 1. A step out of the bracket is not taken.
fn refine(a: f64, p: f64, start: f64) -> f64 {
    let (mut x, mut low, mut high) = (start, 0.0, f64::INFINITY);
    for _ in 0..MOST_STEPS {
        let slope = slope(a, x);
        let error = excess(a, x, slope, p);
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let u = error * x / slope;
        let step = u / (1.0 - 0.5 * u * ((a - 1.0) / x - 1.0));
        let next = x - step;
        if step.abs() < SMALL_STEP * x {
            return next;
        }
        let halfway = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * x };
        x = if next > low && next < high { next } else { halfway };
    }
    x
}

/// Bisection alone would get there in as many.
const MOST_STEPS: usize = 100;
/// After a step as small as this the next, by its cube, is nothing.
const SMALL_STEP: f64 = 1e-5;

/// The Sersic profile's b_n, where P(2n, b) = 1/2: half of the light within the half-light
/// radius. For n from 0.1 to 20, within 1e-13 of itself.
///
/// Ciotti & Bertin 1999 (A&A 352, 447, eq. 18) is 3e-4 off at n = 0.5 and closer above; below,
/// b^2n is a polynomial in n, fitted to 2e-5. One of Halley's steps cubes the error.
pub fn sersic_b(n: f64) -> f64 {
    refine(2.0 * n, 0.5, start(n))
}

/// What a Sersic profile of unit flux and half-light radius 1 is: density exp(-b R^(1/n)).
#[derive(Clone, Copy, Debug)]
pub struct SersicShape {
    /// As [`sersic_b`].
    pub b: f64,
    /// The central brightness, b^2n / (pi Gamma(2n + 1)).
    pub density: f64,
}

impl SersicShape {
    /// That of index n.
    ///
    /// As P(2n, b) = b^2n e^-b M / Gamma(2n + 1) = 1/2, with M the series of P, the density is
    /// e^b/(2 pi M).
    pub fn new(n: f64) -> SersicShape {
        let b = sersic_b(n);
        let density = exp(b) * (0.5 * std::f64::consts::FRAC_1_PI) / growth(2.0 * n, b);
        SersicShape { b, density }
    }
}

/// b_n^2n as a polynomial in n for n from 0.1 to 0.5: least squares at Chebyshev points.
const FIT: [f64; 5] = [
    0.505_415_610_083_325_9,
    -0.725_890_924_794_924,
    3.087_071_767_399_640_6,
    -3.346_891_485_684_457,
    3.156_512_770_376_816_8,
];

fn start(n: f64) -> f64 {
    if n < 0.5 {
        let power = FIT.iter().rev().fold(0.0, |sum, c| sum * n + c);
        return pow(power, 0.5 / n);
    }
    let inverse = 1.0 / n;
    let terms = [4.0 / 405.0, 46.0 / 25_515.0, 131.0 / 1_148_175.0, -2_194_697.0 / 30_690_717_750.0];
    2.0 * n - 1.0 / 3.0 + inverse * terms.iter().rev().fold(0.0, |sum, c| sum * inverse + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with mpmath 1.3 at 40 digits: `findroot(gammainc(2 n, 0, x, regularized=True) - 1/2)`.
    const B: [(f64, f64); 14] = [
        (0.1, 0.020_746_339_192_824_84),
        (0.2, 0.145_078_141_643_435_26),
        (0.3, 0.315_702_017_016_107_87),
        (0.4, 0.501_351_226_363_072_6),
        (0.5, std::f64::consts::LN_2),
        (0.75, 1.182_986_942_187_669),
        (1.0, 1.678_346_990_016_660_7),
        (1.5, 2.674_060_313_723_560_3),
        (2.5, 4.670_908_882_795_984),
        (4.0, 7.669_249_442_500_804),
        (6.0, 11.668_363_153_044_765),
        (8.0, 15.667_929_544_317_25),
        (12.3, 24.267_481_594_660_448),
        (20.0, 39.667_165_010_689_1),
    ];

    /// a, x, `gammainc(a, 0, x, regularized=True)`, `gammainc(a, x, regularized=True)` of mpmath.
    const P_AND_Q: [(f64, f64, f64, f64); 11] = [
        (0.2, 1e-6, 0.068_719_093_798_768_49, 0.931_280_906_201_231_5),
        (0.6, 0.3, 0.487_583_108_780_685, 0.512_416_891_219_315),
        (1.0, 0.5, 0.393_469_340_287_366_6, 0.606_530_659_712_633_4),
        (2.0, 1.678, 0.499_891_274_265_965_16, 0.500_108_725_734_034_8),
        (5.0, 12.0, 0.992_399_609_318_933, 0.007_600_390_681_066_970_5),
        (8.0, 7.669_249_442_5, 0.499_999_999_999_883_77, 0.500_000_000_000_116_2),
        (16.0, 15.67, 0.500_209_038_339_991_2, 0.499_790_961_660_008_75),
        (16.0, 50.0, 0.999_999_993_642_017_9, 6.357_982_111_016_665e-9),
        (16.0, 1.0, 1.867_763_463_168_065_5e-14, 0.999_999_999_999_981_3),
        (40.0, 39.66, 0.499_545_805_035_802_7, 0.500_454_194_964_197_3),
        (3.7, 0.01, 2.559_623_384_291_719e-9, 0.999_999_997_440_376_6),
    ];

    /// `loggamma` of mpmath.
    const LN_GAMMA: [(f64, f64); 11] = [
        (0.1, 2.252_712_651_734_206),
        (0.5, 0.572_364_942_924_700_1),
        (1.0, 0.0),
        (1.5, -0.120_782_237_635_245_22),
        (2.0, 0.0),
        (2.5, 0.284_682_870_472_919_16),
        (3.7, 1.428_072_326_665_388),
        (10.0, 12.801_827_480_081_469),
        (16.0, 27.899_271_383_840_89),
        (40.5, 108.473_075_069_065_38),
        (170.0, 701.437_263_808_737_1),
    ];

    #[test]
    fn ln_gamma_is_as_close_as_stated() {
        for (x, truth) in LN_GAMMA {
            let error = (ln_gamma(x) - truth).abs();
            assert!(error <= 1e-14 + 1e-15 * truth.abs(), "{x}: {error:e}");
            assert!((gamma(x) / gamma(x + 1.0) * x - 1.0).abs() < 3e-14 * (1.0 + truth.abs()), "{x}");
        }
        assert!((gamma(5.0) - 24.0).abs() < 1e-12);
        for x in [0.0, -1.0, f64::NAN] {
            assert!(ln_gamma(x).is_nan());
        }
    }

    #[test]
    fn incomplete_gammas_are_as_close_as_stated() {
        for (a, x, p, q) in P_AND_Q {
            assert!(
                (gamma_p(a, x) - p).abs() <= 1e-13 * p.max(if x < a + 1.0 { 0.0 } else { 1.0 }),
                "P({a}, {x})"
            );
            assert!(
                (gamma_q(a, x) - q).abs() <= 1e-13 * q.max(if x < a + 1.0 { 1.0 } else { 0.0 }),
                "Q({a}, {x})"
            );
        }
        assert_eq!([gamma_p(2.0, 0.0), gamma_q(2.0, 0.0), gamma_p(2.0, f64::INFINITY)], [0.0, 1.0, 1.0]);
        assert!([gamma_p(0.0, 1.0), gamma_q(1.0, -1.0), gamma_p(1.0, f64::NAN)].iter().all(|x| x.is_nan()));
    }

    #[test]
    fn the_two_ways_of_p_meet() {
        for i in 1..400 {
            let a = f64::from(i) * 0.11;
            let x = a + 1.0;
            assert!((lower(a, x) + upper(a, x) - 1.0).abs() < 1e-13, "{a}");
        }
    }

    #[test]
    fn the_inverse_inverts() {
        for i in 1..60 {
            let a = 0.05 * f64::from(i * i) * 0.2 + 0.1;
            for p in [1e-9, 1e-4, 0.03, 0.3, 0.5, 0.77, 0.999, 1.0 - 1e-9] {
                let x = gamma_p_inverse(a, p);
                let error = if p < 0.5 { gamma_p(a, x) / p } else { gamma_q(a, x) / (1.0 - p) } - 1.0;
                assert!(error.abs() < 1e-11, "{a} {p}: {x}, {error:e}");
            }
        }
        assert_eq!([gamma_p_inverse(3.0, 0.0), gamma_p_inverse(3.0, 1.0)], [0.0, f64::INFINITY]);
        assert!([gamma_p_inverse(3.0, 1.1), gamma_p_inverse(0.0, 0.5)].iter().all(|x| x.is_nan()));
    }

    #[test]
    fn b_is_exact() {
        for (n, truth) in B {
            let error = (sersic_b(n) / truth - 1.0).abs();
            assert!(error <= 1e-13, "{n}: {error:e}");
        }
        for i in 0..2000 {
            let n = 0.1 + 0.00995 * f64::from(i);
            assert!((gamma_p(2.0 * n, sersic_b(n)) - 0.5).abs() <= 1e-13, "{n}");
        }
    }

    #[test]
    fn the_density_is_that_of_the_formula() {
        for (n, b) in B {
            let formula = exp(2.0 * n * ln(b) - ln_gamma(2.0 * n + 1.0)) * std::f64::consts::FRAC_1_PI;
            assert!((SersicShape::new(n).density / formula - 1.0).abs() < 1e-12, "{n}");
        }
    }

    /// One step from the start is enough, wherever the profile is used.
    #[test]
    fn the_start_is_close() {
        for i in 0..800 {
            let n = 0.3 + 0.0097 * f64::from(i);
            assert!((start(n) / sersic_b(n) - 1.0).abs() < 1e-3, "{n}");
        }
    }
}
