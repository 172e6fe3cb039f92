//! From information to bounds: the matrix, and the standard deviations of its inverse.

use crate::isa::kernel;

/// Sums that run side by side, added up in a fixed order.
const LANES: usize = 8;
/// What is left of a parameter's information beside that of others, as a share, below which it is
/// taken for nothing: slopes are good to 1e-7, and its square counts.
const NOTHING: f64 = 1e-12;
/// From this part on a parameter belongs to what cannot be told apart.
const PART: f64 = 1e-5;

kernel! {
    /// F, row-major: the sum over points of slope slope^T weight.
    ///
    /// `slopes` holds, parameter after parameter, how fast each point's mean changes, and `weights`
    /// the information that the point has about its mean.
    pub fn information(slopes: &[f64], weights: &[f64], matrix: &mut [f64]) {
        let points = weights.len();
        let count = slopes.len().checked_div(points).unwrap_or(0);
        for i in 0..count {
            for j in 0..=i {
                let sum = product(&slopes[i * points..][..points], &slopes[j * points..][..points], weights);
                (matrix[i * count + j], matrix[j * count + i]) = (sum, sum);
            }
        }
    }
}

#[inline(always)]
fn product(a: &[f64], b: &[f64], weights: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (blocks, rest) = weights.as_chunks::<LANES>();
    for (i, block) in blocks.iter().enumerate() {
        let (a, b) = (&a[i * LANES..][..LANES], &b[i * LANES..][..LANES]);
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane] * block[lane];
        }
    }
    let done = blocks.len() * LANES;
    for (i, weight) in rest.iter().enumerate() {
        sums[i] += a[done + i] * b[done + i] * weight;
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
}

/// Why some parameters have no bound, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Singular {
    /// Those without any effect.
    pub idle: Vec<usize>,
    /// Those whose effects others can undo.
    pub alike: Vec<usize>,
}

/// The Cramer-Rao bounds: the least standard deviation of an unbiased estimate of each parameter, all
/// being unknown; infinite for those that cannot be told.
///
/// Cholesky's decomposition of F scaled to ones on its diagonal. A parameter that the earlier ones
/// explain has no pivot: it and what explains it are infinite, and the rest is what remains without it.
pub fn bounds(matrix: &[f64], out: &mut [f64]) -> Singular {
    let count = out.len();
    let mut singular = Singular::default();
    let mut rows = Factor::default();
    for i in 0..count {
        let own = matrix[i * count + i];
        if !(own > 0.0 && own.is_finite()) {
            singular.idle.push(i);
            continue;
        }
        let scaled = |j: usize| matrix[i * count + j] / (own.sqrt() * matrix[j * count + j].sqrt());
        if let Some(parts) = rows.push(i, scaled) {
            let about = rows.kept.iter().zip(parts).filter(|(_, part)| part.abs() > PART);
            singular.alike.extend(about.map(|(kept, _)| *kept).chain([i]));
        }
    }
    singular.alike.sort_unstable();
    singular.alike.dedup();
    out.fill(f64::INFINITY);
    for (k, &i) in rows.kept.iter().enumerate().filter(|(_, i)| !singular.alike.contains(i)) {
        out[i] = (rows.inverse(k) / matrix[i * count + i]).sqrt();
    }
    singular
}

/// The lower factor of the parameters that have a pivot.
#[derive(Default)]
struct Factor {
    kept: Vec<usize>,
    rows: Vec<Vec<f64>>,
}

impl Factor {
    /// Adds a parameter by its correlations with those kept; where these explain it, gives their parts.
    fn push(&mut self, i: usize, scaled: impl Fn(usize) -> f64) -> Option<Vec<f64>> {
        let mut row: Vec<f64> = Vec::with_capacity(self.kept.len() + 1);
        for (own, &j) in self.rows.iter().zip(&self.kept) {
            let before: f64 = own.iter().zip(&row).map(|(a, b)| a * b).sum();
            row.push((scaled(j) - before) / own[row.len()]);
        }
        let pivot = 1.0 - row.iter().map(|a| a * a).sum::<f64>();
        if pivot > NOTHING {
            row.push(pivot.sqrt());
            self.kept.push(i);
            self.rows.push(row);
            return None;
        }
        for k in (0..row.len()).rev() {
            let after: f64 = (k + 1..row.len()).map(|j| self.rows[j][k] * row[j]).sum();
            row[k] = (row[k] - after) / self.rows[k][k];
        }
        Some(row)
    }

    /// A diagonal element of the inverse: the square of a column of the inverse factor.
    fn inverse(&self, k: usize) -> f64 {
        let mut column = vec![0.0; self.rows.len()];
        column[k] = 1.0 / self.rows[k][k];
        for i in k + 1..self.rows.len() {
            let before: f64 = (k..i).map(|j| self.rows[i][j] * column[j]).sum();
            column[i] = -before / self.rows[i][i];
        }
        column.iter().map(|a| a * a).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::Isa;

    fn bounds_of<const N: usize>(matrix: [[f64; N]; N]) -> ([f64; N], Singular) {
        let mut out = [0.0; N];
        let singular = bounds(&matrix.concat(), &mut out);
        (out, singular)
    }

    #[test]
    fn they_are_the_roots_of_the_inverse() {
        // The inverse of [[4, 2, 0], [2, 5, 6], [0, 6, 10]] is [[14, -20, 12], [-20, 40, -24], [12, -24, 16]]/16.
        let (found, singular) = bounds_of([[4.0, 2.0, 0.0], [2.0, 5.0, 6.0], [0.0, 6.0, 10.0]]);
        let wanted = [14.0, 40.0, 16.0].map(|value: f64| (value / 16.0).sqrt());
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-14), "{found:?}");
        assert_eq!(singular, Singular::default());
    }

    #[test]
    fn scale_does_not_matter() {
        let (a, b) = (1e-60, 1e45);
        let (found, _) = bounds_of([[4.0 * a * a, 2.0 * a * b], [2.0 * a * b, 5.0 * b * b]]);
        let wanted = [(5.0_f64 / 16.0).sqrt() / a, 0.5 / b];
        assert!(found.iter().zip(wanted).all(|(x, y)| (x / y - 1.0).abs() < 1e-14), "{found:?}");
    }

    #[test]
    fn what_does_nothing_has_no_bound_and_harms_no_other() {
        let (found, singular) = bounds_of([[4.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 4.0]]);
        let one = (4.0_f64 / 15.0).sqrt();
        assert!((found[0] - one).abs() < 1e-15 && (found[2] - one).abs() < 1e-15);
        assert_eq!((found[1], singular), (f64::INFINITY, Singular { idle: vec![1], alike: vec![] }));
    }

    #[test]
    fn what_cannot_be_told_apart_has_no_bound_and_the_rest_has() {
        // The third is twice the first; the second stands alone.
        let slopes = [[1.0, 2.0, 0.5, -1.0], [0.0, 1.0, -1.0, 3.0], [2.0, 4.0, 1.0, -2.0]].concat();
        let mut matrix = [0.0; 9];
        information(Isa::best(), &slopes, &[1.0; 4], &mut matrix);
        let mut found = [0.0; 3];
        let singular = bounds(&matrix, &mut found);
        assert_eq!(singular, Singular { idle: vec![], alike: vec![0, 2] });
        let (alone, _) = bounds_of([[matrix[0], matrix[1]], [matrix[3], matrix[4]]]);
        assert_eq!(found, [f64::INFINITY, alone[1], f64::INFINITY]);
    }

    #[test]
    fn information_is_the_weighted_sum_on_every_instruction_set() {
        let slopes: Vec<f64> = (0..3 * 21).map(|i| f64::from(i * i % 17) - 6.0).collect();
        let weights: Vec<f64> = (0..21).map(|i| 0.3 + f64::from(i % 5)).collect();
        for isa in Isa::available() {
            let mut matrix = [0.0; 9];
            information(isa, &slopes, &weights, &mut matrix);
            let wanted: f64 = (0..21).map(|i| slopes[i] * slopes[42 + i] * weights[i]).sum();
            assert!((matrix[2] - wanted).abs() < 1e-10 && matrix[2] == matrix[6]);
        }
    }
}
