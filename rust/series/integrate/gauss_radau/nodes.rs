//! Gauss-Radau quadrature with eight nodes, and the tables that follow from it.

/// The nodes, of which the first is the start of the step (Everhart 1974, Celest. Mech. 10, 35).
pub const NODES: [f64; 8] = [
    0.0,
    0.056_262_560_536_922_146_465_652_191_031_8,
    0.180_240_691_736_892_364_987_579_942_780,
    0.352_624_717_113_169_637_373_907_769_648,
    0.547_153_626_330_555_383_001_448_554_766,
    0.734_210_177_215_410_531_523_210_605_558,
    0.885_320_946_839_095_768_090_359_771_030,
    0.977_520_613_561_287_501_891_174_488_626,
];

/// One over the differences of nodes: `[n][m]` for m below n.
pub const PER_GAP: [[f64; 8]; 8] = {
    let mut table = [[0.0; 8]; 8];
    let mut n = 1;
    while n < 8 {
        let mut m = 0;
        while m < n {
            table[n][m] = 1.0 / (NODES[n] - NODES[m]);
            m += 1;
        }
        n += 1;
    }
    table
};

/// `[j][k]`: the part of s^(k+1) in s (s - h1) ... (s - hj), which takes g to b.
pub const TO_POWERS: [[f64; 7]; 7] = {
    let mut c = [[0.0; 7]; 7];
    c[0][0] = 1.0;
    let mut j = 1;
    while j < 7 {
        c[j][0] = -NODES[j] * c[j - 1][0];
        let mut k = 1;
        while k <= j {
            c[j][k] = c[j - 1][k - 1] - NODES[j] * c[j - 1][k];
            k += 1;
        }
        j += 1;
    }
    c
};

/// `[j][k]`: the part of s (s - h1) ... (s - hk) in s^(j+1), which takes b to g.
pub const TO_DIFFERENCES: [[f64; 7]; 7] = {
    let mut d = [[0.0; 7]; 7];
    d[0][0] = 1.0;
    let mut j = 1;
    while j < 7 {
        d[j][0] = NODES[1] * d[j - 1][0];
        let mut k = 1;
        while k <= j {
            d[j][k] = d[j - 1][k - 1] + NODES[k + 1] * d[j - 1][k];
            k += 1;
        }
        j += 1;
    }
    d
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that REBOUND's integrator_ias15.c prints.
    #[test]
    fn the_tables_are_everharts() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 4e-16 * b.abs(), "{a} {b}");
        near(TO_POWERS[1][0], -0.056_262_560_536_922_146_465_652_191_032);
        near(TO_POWERS[2][0], 0.010_140_802_830_063_629_986_481_804_72);
        near(TO_POWERS[6][5], -2.755_812_719_772_045_833_8);
        near(TO_DIFFERENCES[2][0], 0.003_165_475_718_170_829_149_3);
        near(TO_DIFFERENCES[6][5], 2.755_812_719_772_045_833_8);
    }

    /// The quadrature that the nodes stand for is exact to degree 14.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_nodes_integrate_to_degree_fourteen() {
        let rate = |n: usize| {
            let others = (0..8).filter(move |m| *m != n);
            // The integral of the Lagrange polynomial, by a midpoint rule fine enough for 1e-9.
            let of = |s: f64| others.clone().map(|m| (s - NODES[m]) / (NODES[n] - NODES[m])).product::<f64>();
            (0..20_000).map(|i| of((f64::from(i) + 0.5) / 20_000.0)).sum::<f64>() / 20_000.0
        };
        let rates: Vec<f64> = (0..8).map(rate).collect();
        for degree in 0..=14 {
            let sum: f64 = (0..8).map(|n| rates[n] * NODES[n].powi(degree)).sum();
            assert!((sum - 1.0 / f64::from(degree + 1)).abs() < 2e-8, "degree {degree}: {sum}");
        }
    }
}
