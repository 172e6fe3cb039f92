//! How much one pixel tells about its mean: Gaussian noise, Poisson counts, and their sum.
//!
//! Of Y = K + s Z, K counts of mean m and Z a standard normal number, the density is p(y) = sum of
//! P(k; m) phi((y - k)/s)/s over k, and the information about m is J = integral of (dp/dm)^2/p. It is
//! 1/m where s is small, for the counts can then be read off, and 1/(m + s^2) where m + s^2 is large;
//! between, where the two are no more than a few counts, it is the larger: 6 times 1/(m + s^2) at m =
//! 0.01, s = 0.3. The table holds ln(1/J) over ln m and ln s, from trapezoidal sums, and is cubic in
//! both. All is within 8e-4 of direct sums; most, of the table, within 3e-4.

use crate::math::special::ln_gamma;
use crate::math::{cubic, exp, ln};
use std::f64::consts::PI;
use std::sync::OnceLock;

/// ln 1e-9, as few counts as are told from none.
const FIRST_MEAN: f64 = -20.723_265_836_946_41;
const MEAN_STEP: f64 = 0.25;
const MEANS: usize = 96;
/// ln 0.085: for smaller s the counts can be read off.
const FIRST_WIDTH: f64 = -2.465_104_022_491_821_3;
const WIDTH_STEP: f64 = 0.05;
const WIDTHS: usize = 84;
/// The least s that is not nothing.
const LEAST_WIDTH: f64 = 0.09;
/// From this m + s^2 on a series takes over, which is 6e-4 off there, and less beyond.
const MANY: f64 = 16.0;
/// For smaller s it is 1/J = m + a constant, as the counts are partly read off however many.
const BLURRED: f64 = 1.0;
/// Steps of the sums in a standard deviation, and how many of these the tails are long.
const FINENESS: f64 = 4.0;
const TAIL: f64 = 9.5;
/// ln of the share that a count must have to be summed.
const NOTHING: f64 = -20.0;
/// Counts beyond which the density's comb no longer changes.
const SMOOTH: f64 = 1e4;

type Row = [f64; MEANS];
static ROWS: [OnceLock<Row>; WIDTHS] = [const { OnceLock::new() }; WIDTHS];

/// 1/J at every mean, for one s.
pub(super) struct Spread {
    width: f64,
    row: Option<Box<Row>>,
    /// 1/J - m where there are many counts.
    excess: f64,
}

impl Spread {
    /// For Gaussian noise of this standard deviation, in counts.
    pub(super) fn new(width: f64) -> Spread {
        let tabulated = width >= LEAST_WIDTH && width * width < MANY;
        let row = tabulated.then(|| Box::new(blend(ln(width))));
        let excess = row.as_ref().map_or(0.0, |row| exp(lookup(row, ln(MANY))) - MANY);
        Spread { width, row, excess }
    }

    /// 1/J: what the variance would be if the noise were normal.
    pub(super) fn effective(&self, mean: f64) -> f64 {
        let square = self.width * self.width;
        let all = mean + square;
        match &self.row {
            Some(row) if all < MANY => exp(lookup(row, ln(mean))),
            _ if self.width < BLURRED => mean + self.excess,
            // The second order of Edgeworth's series.
            _ => 1.0 / (1.0 / all + 0.5 * (square / (all * all)) * (square / (all * all))),
        }
    }
}

fn blend(ln_width: f64) -> Row {
    let (first, weights) = cubic((ln_width - FIRST_WIDTH) / WIDTH_STEP, WIDTHS);
    let mut row = [0.0; MEANS];
    for (i, weight) in weights.iter().enumerate() {
        let node = first + i;
        let values = ROWS[node].get_or_init(|| tabulate(exp(FIRST_WIDTH + WIDTH_STEP * node as f64)));
        row.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
    }
    row
}

fn tabulate(width: f64) -> Row {
    std::array::from_fn(|i| -ln(of_mean(exp(FIRST_MEAN + MEAN_STEP * i as f64), width)))
}

fn lookup(row: &Row, ln_mean: f64) -> f64 {
    let ln_mean = if ln_mean > FIRST_MEAN { ln_mean } else { FIRST_MEAN };
    let (first, weights) = cubic((ln_mean - FIRST_MEAN) / MEAN_STEP, MEANS);
    weights.iter().zip(&row[first..]).map(|(weight, value)| weight * value).sum()
}

/// The counts that matter, each with its probability and the rate of its logarithm.
fn counts(mean: f64, rate: impl Fn(f64) -> f64) -> (usize, Vec<(f64, f64)>) {
    let spread = 9.0 * mean.sqrt() + 30.0;
    let first = if mean > spread { (mean - spread) as usize } else { 0 };
    let ln_of = |k: f64| k * ln(mean) - mean - ln_gamma(k + 1.0);
    let all: Vec<(f64, f64, f64)> = (first..(mean + spread) as usize)
        .map(|k| (k as f64, ln_of(k as f64), rate(k as f64)))
        .map(|(_, ln_p, rate)| (ln_p, rate, ln_p + 2.0 * ln(rate.abs() + 1e-30)))
        .collect();
    let most = |i: fn(&(f64, f64, f64)) -> f64| all.iter().map(i).fold(f64::NEG_INFINITY, larger);
    let (likely, telling) = (most(|one| one.0), most(|one| one.2));
    let matters = |one: &(f64, f64, f64)| one.0 > likely + NOTHING || one.2 > telling + NOTHING;
    let begin = all.iter().position(matters).unwrap_or(0);
    let end = all.iter().rposition(matters).unwrap_or(0);
    (first + begin, all[begin..=end].iter().map(|(ln_p, rate, _)| (exp(*ln_p), *rate)).collect())
}

fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// The integral of (sum P r phi)^2 / (sum P phi), r what `rate` gives for k and y - k.
fn integral(width: f64, (first, counts): &(usize, Vec<(f64, f64)>), rate: impl Fn(f64, f64) -> f64) -> f64 {
    let (step, reach) = (width / FINENESS, TAIL * width);
    let (low, high) = (*first as f64 - reach, (first + counts.len() - 1) as f64 + reach);
    let mut sum = 0.0;
    for i in 0..((high - low) / step) as usize + 1 {
        let y = low + step * i as f64;
        let from = y - reach - *first as f64;
        let from = if from > 0.0 { from as usize } else { 0 };
        let (mut density, mut slope) = (0.0, 0.0);
        for (k, (p, r)) in counts.iter().enumerate().skip(from) {
            let apart = y - (first + k) as f64;
            if apart < -reach {
                break;
            }
            let part = p * exp(-0.5 * (apart / width) * (apart / width));
            density += part;
            slope += part * rate(*r, apart);
        }
        if density > 0.0 {
            sum += slope * slope / density;
        }
    }
    sum * step / (width * (2.0 * PI).sqrt())
}

/// J, directly.
fn of_mean(mean: f64, width: f64) -> f64 {
    integral(width, &counts(mean, |k| k / mean - 1.0), |rate, _| rate)
}

/// The information about where Y lies, where the mean of the counts is known: that about light which is
/// not counted itself. Infinite without Gaussian noise, as counts are whole.
pub(super) fn of_place(mean: f64, width: f64) -> f64 {
    let square = width * width;
    if mean == 0.0 || width == 0.0 {
        return 1.0 / square;
    }
    let few = if mean < SMOOTH { mean } else { SMOOTH };
    // The first orders of Edgeworth's series.
    let smooth = |mean: f64| 1.0 / (mean + square) * (1.0 + 0.5 * mean * mean / cube(mean + square));
    let direct = if width < LEAST_WIDTH {
        1.0 / square
    } else if width > MANY {
        smooth(few)
    } else {
        integral(width, &counts(few, |_| 1.0), |_, apart| apart / square)
    };
    direct - smooth(few) + smooth(mean)
}

fn cube(x: f64) -> f64 {
    x * x * x
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// J by Simpson's rule in steps of s/25 and with all counts; nothing is shared.
    fn truth(mean: f64, width: f64, slope: impl Fn(f64, f64) -> f64) -> f64 {
        let most = (mean + 12.0 * mean.sqrt() + 20.0) as i32;
        let (low, steps) = (-9.0 * width, ((f64::from(most) + 18.0 * width) / width * 25.0) as i32);
        let h = width / 25.0;
        let probability: Vec<f64> = (0..=most)
            .scan(0.0, |ln_factorial, k| {
                *ln_factorial += if k > 0 { f64::from(k).ln() } else { 0.0 };
                Some((f64::from(k) * mean.ln() - mean - *ln_factorial).exp())
            })
            .collect();
        let mut sum = 0.0;
        for i in 0..=2 * (steps / 2) {
            let y = low + h * f64::from(i);
            let (mut p, mut d) = (0.0, 0.0);
            for (k, probability) in probability.iter().enumerate() {
                let k = k as f64;
                let part = probability * (-0.5 * ((y - k) / width).powi(2)).exp();
                p += part;
                d += part * slope(k, y - k);
            }
            let weight = if i % 2 == 1 { 4.0 } else { 2.0 };
            sum += if p > 0.0 { weight * d * d / p } else { 0.0 };
        }
        sum * h / 3.0 / (width * (2.0 * PI).sqrt())
    }

    #[test]
    fn the_table_is_as_exact_as_stated() {
        let mut worst = 0.0_f64;
        for width in [0.09, 0.12, 0.21, 0.33, 0.47, 0.7, 1.1, 1.9, 3.3, 4.4] {
            for mean in [3e-9, 1e-6, 2e-4, 3e-3, 0.03, 0.11, 0.4, 1.3, 2.9, 7.7, 14.0, 19.0, 60.0] {
                let direct = truth(mean, width, |k, _| k / mean - 1.0);
                let error = direct * Spread::new(width).effective(mean) - 1.0;
                assert!(error.abs() < 8e-4, "{width} {mean}: {error:e}");
                worst = worst.max(error.abs());
            }
        }
        println!("1/J: {worst:.1e}");
    }

    #[test]
    fn it_ends_in_what_is_known() {
        // Counts that are read off, and none at all: p is a Gaussian or the next.
        assert_eq!(Spread::new(0.01).effective(3.0), 3.0);
        assert_eq!(Spread::new(0.0).effective(1e5), 1e5);
        let none = Spread::new(1.0).effective(0.0);
        assert!((none * 1.0_f64.exp_m1() - 1.0).abs() < 3e-4, "{none}");
        let many = Spread::new(7.0).effective(1e4);
        assert!((many / (1e4 + 49.0) - 1.0).abs() < 1e-5, "{many}");
    }

    #[test]
    fn it_is_up_to_six_times_what_the_variance_says() {
        let ratio = |mean: f64, width: f64| (mean + width * width) / Spread::new(width).effective(mean);
        assert!((ratio(0.01, 0.3) - 6.02).abs() < 0.05, "{}", ratio(0.01, 0.3));
    }

    #[test]
    fn the_place_is_told_by_gaussian_noise_and_by_the_comb_of_counts() {
        assert_eq!(of_place(0.0, 2.0), 0.25);
        assert_eq!(of_place(3.0, 0.0), f64::INFINITY);
        assert!((of_place(1e6, 3.0) * (1e6 + 9.0) - 1.0).abs() < 1e-4);
        for (mean, width) in [(0.5, 0.2), (2.0, 0.6), (9.0, 1.3), (30.0, 0.4)] {
            let direct = truth(mean, width, |_, apart| apart / (width * width));
            assert!((of_place(mean, width) / direct - 1.0).abs() < 1e-3, "{mean} {width}: {direct}");
        }
    }
}
