//! Gauss-Legendre rules.

/// The nodes of the four-point rule on [-1/2, 1/2]: half of (Abramowitz & Stegun 1964,
/// table 25.4) sqrt((3 - 2 sqrt(6/5))/7) and sqrt((3 + 2 sqrt(6/5))/7).
pub const NODES_4: [f64; 4] =
    [-0.430_568_155_797_026_3, -0.169_990_521_792_428_1, 0.169_990_521_792_428_1, 0.430_568_155_797_026_3];

/// Their weights, which sum to 1: (18 -+ sqrt(30))/72.
pub const WEIGHTS_4: [f64; 4] =
    [0.173_927_422_568_726_93, 0.326_072_577_431_273_07, 0.326_072_577_431_273_07, 0.173_927_422_568_726_93];

/// The rule's error for a function over an interval of length h is at most this times
/// h^8 times the largest eighth derivative: (4!)^4 / (9 (8!)^3).
pub const ERROR_4: f64 = 331_776.0 / (9.0 * 40_320.0 * 40_320.0 * 40_320.0);

/// The nodes of the eight-point rule on [-1/2, 1/2], half the zeros of the Legendre polynomial
/// P_8 (to 20 digits with mpmath; Abramowitz & Stegun 1964, table 25.4).
pub const NODES_8: [f64; 8] = [
    -0.480_144_928_248_768_1,
    -0.398_333_238_706_813_4,
    -0.262_766_204_958_164_5,
    -0.091_717_321_247_824_9,
    0.091_717_321_247_824_9,
    0.262_766_204_958_164_5,
    0.398_333_238_706_813_4,
    0.480_144_928_248_768_1,
];

/// Their weights, which sum to 1.
pub const WEIGHTS_8: [f64; 8] = [
    0.050_614_268_145_188_13,
    0.111_190_517_226_687_24,
    0.156_853_322_938_943_64,
    0.181_341_891_689_181,
    0.181_341_891_689_181,
    0.156_853_322_938_943_64,
    0.111_190_517_226_687_24,
    0.050_614_268_145_188_13,
];

/// The nodes of the sixteen-point rule on [-1/2, 1/2] (`numpy.polynomial.legendre.leggauss`;
/// Abramowitz & Stegun 1964, table 25.4).
pub const NODES_16: [f64; 16] = [
    -0.49470046749582497,
    -0.4722875115366163,
    -0.4328156011939159,
    -0.3777022041775015,
    -0.3089381222013219,
    -0.22900838882861368,
    -0.14080177538962946,
    -0.04750625491881872,
    0.04750625491881872,
    0.14080177538962946,
    0.22900838882861368,
    0.3089381222013219,
    0.3777022041775015,
    0.4328156011939159,
    0.4722875115366163,
    0.49470046749582497,
];

/// Their weights, which sum to 1.
pub const WEIGHTS_16: [f64; 16] = [
    0.013576229705877088,
    0.031126761969323728,
    0.0475792558412463,
    0.062314485627767036,
    0.07479799440828835,
    0.08457825969750132,
    0.09130170752246182,
    0.09472530522753432,
    0.09472530522753432,
    0.09130170752246182,
    0.08457825969750132,
    0.07479799440828835,
    0.062314485627767036,
    0.0475792558412463,
    0.031126761969323728,
    0.013576229705877088,
];

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn powers_up_to_seven_are_exact_and_the_eighth_errs_as_stated() {
        let mean = |power: i32| {
            let terms =
                NODES_4.iter().zip(WEIGHTS_4).map(|(x, w)| w * (0..power).map(|_| *x).product::<f64>());
            terms.sum::<f64>()
        };
        for power in 0..8 {
            let exact = if power % 2 == 0 { 0.5_f64.powi(power) / f64::from(power + 1) } else { 0.0 };
            assert!((mean(power) - exact).abs() < 1e-16, "{power}");
        }
        let exact = 0.5_f64.powi(8) / 9.0;
        assert!(((exact - mean(8)) / (ERROR_4 * 40_320.0) - 1.0).abs() < 1e-10);
    }
}
