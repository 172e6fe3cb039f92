//! The normal quantile in f64: algorithm AS 241, PPND16, of Wichura (1988), Applied Statistics 37,
//! 477, doi:10.2307/2347330; relative error about 1e-16 of the fit.

use crate::math::ln;

/// Rows: |U - 1/2| <= 0.425; to r = 5; beyond, with r = sqrt(-ln min(U, 1 - U)). Ascending powers.
const NUMERATOR: [[f64; 8]; 3] = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
];
const DENOMINATOR: [[f64; 8]; 3] = [
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

/// A whole number below 2^64 rounded to f64, without the conversion that only AVX-512 has.
#[inline(always)]
pub(crate) fn unsigned(n: u64) -> f64 {
    let high = f64::from_bits(0x4530_0000_0000_0000 | n >> 32);
    let low = f64::from_bits(0x4330_0000_0000_0000 | n & 0xFFFF_FFFF);
    // 2^84 + 2^52, the two offsets; only the last sum rounds.
    (high - 19_342_813_118_337_666_422_669_312.0) + low
}

/// The normal number z with Phi(z) = (bits + 1/2) / 2^64, within 1e-15 + 4e-16 |z|; |z| < 9.3.
///
/// Without branches, so that a loop over lanes becomes vector code.
#[inline(always)]
pub fn quantile(bits: u64) -> f64 {
    const UNIT: f64 = 1.0 / 18_446_744_073_709_551_616.0;
    let upper = bits >> 63 != 0;
    let nearer = if upper { !bits } else { bits };
    let p = (unsigned(nearer) + 0.5) * UNIT;
    let q = (unsigned((1 << 63) - 1 - nearer) + 0.5) * UNIT;
    let central = q <= 0.425;
    let r = (-ln(p)).sqrt();
    let far = r > 5.0;
    let x = if central { 0.180625 - q * q } else { r - if far { 5.0 } else { 1.6 } };
    let z = row(&NUMERATOR, central, far, x) / row(&DENOMINATOR, central, far, x);
    let z = if central { q * z } else { z };
    if upper { z } else { -z }
}

/// The polynomial of the row that applies, by Horner's rule.
#[inline(always)]
fn row(table: &[[f64; 8]; 3], central: bool, far: bool, x: f64) -> f64 {
    let mut sum = 0.0;
    for power in (0..8).rev() {
        let tail = if far { table[2][power] } else { table[1][power] };
        sum = sum * x + if central { table[0][power] } else { tail };
    }
    sum
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// mpmath, 40 digits: sqrt(2) erfinv(2 U - 1).
    const KNOWN: [(u64, f64); 10] = [
        (0, -9.155293772686072),
        (1, -9.035918848571939),
        (1000, -8.295121335463298),
        (256190000, -6.657903120302124),
        (256187346, -6.657904643321506),
        (1099511627776, -5.294704084854515),
        (12345678901234567, -3.2075901138580427),
        (1383505805528216371, -1.439531470938456),
        (3689348814741910323, -0.8416212335729142),
        (9223372036854775807, -6.794229552421306e-20),
    ];

    #[test]
    fn quantiles_are_mpmaths() {
        for (bits, z) in KNOWN {
            assert!(
                (quantile(bits) - z).abs() <= 1e-15 + 4e-16 * z.abs(),
                "{bits}: {} for {z}",
                quantile(bits)
            );
            assert_eq!(quantile(!bits), -quantile(bits));
        }
    }

    #[test]
    fn quantiles_rise() {
        let near_joint = |bits: u64| (0..2000u64).map(move |i| bits - (1 << 20) + (i << 10));
        // |U - 1/2| = 0.425 and r = 5 are where the rows meet.
        for joint in [(0.075 * 2f64.powi(64)) as u64, ((-25.0f64).exp() * 2f64.powi(64)) as u64] {
            let z: Vec<f64> = near_joint(joint).map(quantile).collect();
            assert!(z.windows(2).all(|pair| pair[1] >= pair[0] - 2e-15 * pair[0].abs()));
        }
    }

    #[test]
    fn whole_numbers_round_once() {
        for n in [0, 1, 0xFFFF_FFFF, 1 << 32, (1 << 53) + 1, (1 << 63) - 1, u64::MAX, 0x0123_4567_89AB_CDEF] {
            assert_eq!(unsigned(n), n as f64);
        }
    }
}
