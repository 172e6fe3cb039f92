//! What a row of pixels sums to: count, range, and sums about its first value.

use crate::isa::kernel;

/// Sums that run side by side, added up in a fixed order: so many that a register does not wait for its last sum.
const LANES: usize = 32;

/// The finite values of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// How many there are.
    pub count: f64,
    /// The least; infinite if there is none.
    pub low: f64,
    /// The greatest; minus infinite if there is none.
    pub high: f64,
    /// The first, about which the sums are taken so that they do not cancel; 0 if there is none.
    pub shift: f64,
    /// Sum of their distances from `shift`.
    pub sum: f64,
    /// Sum of the squares of these distances.
    pub squares: f64,
}

impl Row {
    /// Numbers of a row, in the order of the fields.
    pub const WIDTH: usize = 6;

    /// The numbers of a row, in the order of the fields.
    pub fn numbers(&self) -> [f64; Row::WIDTH] {
        [self.count, self.low, self.high, self.shift, self.sum, self.squares]
    }

    /// The values of a row one by one, those that are not finite left out.
    fn of_finite(values: &[f32]) -> Row {
        let mut finite = values.iter().copied().filter(|value| value.is_finite()).peekable();
        let shift = f64::from(finite.peek().copied().unwrap_or(0.0));
        let none =
            Row { count: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY, shift, sum: 0.0, squares: 0.0 };
        finite.map(f64::from).fold(none, |row, value| {
            let away = value - shift;
            Row {
                count: row.count + 1.0,
                low: if value < row.low { value } else { row.low },
                high: if value > row.high { value } else { row.high },
                shift,
                sum: row.sum + away,
                squares: row.squares + away * away,
            }
        })
    }
}

kernel! {
    /// Gathers the statistics of rows of `width` values, one after the other in `values`.
    ///
    /// Every row's numbers depend on that row alone.
    pub fn rows(values: &[f32], width: usize, out: &mut [[f64; Row::WIDTH]]) {
        for (row, out) in values.chunks_exact(width.max(1)).zip(out) {
            let quick = gather(row);
            // One value that is not finite makes this sum so; those of finite ones cannot overflow.
            let right = if quick.squares.is_finite() { quick } else { Row::of_finite(row) };
            *out = right.numbers();
        }
    }
}

#[inline(always)]
fn gather(values: &[f32]) -> Row {
    let first = values[0];
    let shift = f64::from(first);
    let (blocks, rest) = values.as_chunks::<LANES>();
    let (mut low, mut high) = ([first; LANES], [first; LANES]);
    let (mut sum, mut squares) = ([0f64; LANES], [0f64; LANES]);
    // A pass each: the three in one are mixed into registers of which each waits for the last.
    for block in blocks {
        low.iter_mut().zip(block).for_each(|(low, &value)| *low = if value < *low { value } else { *low });
    }
    for block in blocks {
        high.iter_mut()
            .zip(block)
            .for_each(|(high, &value)| *high = if value > *high { value } else { *high });
    }
    for block in blocks {
        for lane in 0..LANES {
            let away = f64::from(block[lane]) - shift;
            sum[lane] += away;
            squares[lane] += away * away;
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        let away = f64::from(value) - shift;
        low[lane] = if value < low[lane] { value } else { low[lane] };
        high[lane] = if value > high[lane] { value } else { high[lane] };
        sum[lane] += away;
        squares[lane] += away * away;
    }
    Row {
        count: values.len() as f64,
        low: f64::from(low.iter().fold(first, |low, &value| if value < low { value } else { low })),
        high: f64::from(high.iter().fold(first, |high, &value| if value > high { value } else { high })),
        shift,
        sum: total(sum),
        squares: total(squares),
    }
}

/// The sum of the lanes, by halves.
#[inline(always)]
fn total(mut lanes: [f64; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::Isa;

    fn of(isa: Isa, values: &[f32], width: usize) -> Vec<[f64; Row::WIDTH]> {
        let mut out = vec![[f64::NAN; Row::WIDTH]; values.len() / width];
        rows(isa, values, width, &mut out);
        out
    }

    /// Uneven values about an offset, the same for the same numbers.
    fn values(n: usize) -> Vec<f32> {
        (0..n).map(|i| 1e4 + (i as f32 * 0.37 % 7.1) - (i as f32 * 0.011 % 1.3)).collect()
    }

    #[test]
    fn rows_are_what_the_obvious_sums_give() {
        for width in [1, 7, 8, 9, 64, 1021] {
            let values = values(3 * width);
            for (found, row) in of(Isa::best(), &values, width).iter().zip(values.chunks(width)) {
                let wanted = Row::of_finite(row).numbers();
                assert_eq!(found[..4], wanted[..4], "{width}");
                for (found, wanted) in found[4..].iter().zip(&wanted[4..]) {
                    assert!((found - wanted).abs() <= 1e-13 * wanted.abs(), "{width}: {found} {wanted}");
                }
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        for width in [1, 15, 784, 4096] {
            let values = values(5 * width);
            let bits =
                |isa| of(isa, &values, width).concat().into_iter().map(f64::to_bits).collect::<Vec<_>>();
            let wanted = bits(Isa::BASELINE);
            assert!(Isa::available().into_iter().all(|isa| bits(isa) == wanted), "{width}");
        }
    }

    #[test]
    fn what_is_not_finite_is_left_out() {
        let (nan, inf) = (f32::NAN, f32::INFINITY);
        let rows = [[nan, 3.0, 5.0, -1.0, inf], [1.0, 2.0, nan, -inf, 4.0], [nan, inf, -inf, nan, nan]];
        let found = of(Isa::best(), &rows.concat(), 5);
        assert_eq!(found[0], [3.0, -1.0, 5.0, 3.0, -2.0, 20.0]);
        assert_eq!(found[1], [3.0, 1.0, 4.0, 1.0, 4.0, 10.0]);
        assert_eq!(found[2], [0.0, f64::INFINITY, f64::NEG_INFINITY, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        let found = of(Isa::best(), &[f32::MAX, -f32::MAX, f32::MAX, 0.0], 4)[0];
        assert_eq!((found[1], found[2]), (f64::from(-f32::MAX), f64::from(f32::MAX)));
        assert!(found[5].is_finite());
    }
}
