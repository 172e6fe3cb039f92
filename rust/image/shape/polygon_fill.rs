//! Filling of simple polygons by signed areas.
//!
//! Every edge adds, to each pixel it passes, the area between itself and the pixel's right
//! side, and to the next pixel the rest of its height; the running sum along a row is then
//! the covered fraction (the method of accumulated coverage, as in FreeType's smooth
//! rasteriser). Areas are whole numbers of 2^-24 of a pixel, and an edge's parts in a row sum
//! to its height exactly, so that inside and outside are exactly 1 and 0.

use crate::image::Edges;
use crate::isa::{Isa, kernel};

/// A whole pixel; its multiples up to 1 are exact in f32.
const WHOLE: f64 = 16_777_216.0;
/// Adding this rounds to a multiple of 2^-24, for |x| < 2^27.
const SNAP: f64 = 402_653_184.0;
/// Beyond this no coordinate is taken, in pixels.
const FAR: f64 = 1e15;
const LANES: usize = 16;

/// Signed areas of a plane, all 0 between two polygons.
pub struct Cover {
    columns: usize,
    /// Columns and a spare one, in whole blocks of lanes.
    stride: usize,
    areas: Vec<i32>,
    /// The columns that have areas, one range a row.
    spans: Vec<(u32, u32)>,
}

const EMPTY: (u32, u32) = (u32::MAX, 0);

impl Cover {
    /// For planes of this shape.
    pub fn new(rows: usize, columns: usize) -> Cover {
        let mut cover = Cover { columns: 0, stride: 0, areas: Vec::new(), spans: Vec::new() };
        cover.fit(rows, columns);
        cover
    }

    /// Makes room for planes of another shape.
    pub fn fit(&mut self, rows: usize, columns: usize) {
        if (self.spans.len(), self.columns) != (rows, columns) {
            self.columns = columns;
            self.stride = (columns + 1).next_multiple_of(LANES);
            self.areas = vec![0; rows * self.stride];
            self.spans = vec![EMPTY; rows];
        }
    }

    /// Adds `intensity` times the covered fraction of each pixel to the plane.
    ///
    /// The polygon must be simple, its corners in pixels from the outer corner of row 0 and
    /// column 0, in either direction. By [`Edges::Binary`] a pixel is covered whose centre is
    /// inside, or on the border where the inside lies towards +x, or along +x towards +y: of
    /// two polygons that share an edge exactly one has such a pixel.
    pub fn add(&mut self, isa: Isa, edges: Edges, polygon: &[(f64, f64)], intensity: f64, plane: &mut [f32]) {
        let sign = if area(polygon) < 0.0 { -1 } else { 1 };
        let mut from = match polygon.last() {
            Some(corner) => snapped(*corner),
            None => return,
        };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for corner in polygon {
            let to = snapped(*corner);
            low = if to.1 < low { to.1 } else { low };
            high = if to.1 > high { to.1 } else { high };
            // An upward edge has the inside of a counter-clockwise polygon at its left.
            let (edge, sign) = if to.1 > from.1 { ((from, to), -sign) } else { ((to, from), sign) };
            match edges {
                Edges::Coverage => self.trace(edge, sign),
                Edges::Binary => self.cross(edge, sign),
            }
            from = to;
        }
        let rows = self.spans.len();
        let first = (low.max(0.0) as usize).min(rows);
        let last = (high.max(0.0) as usize + 1).min(rows);
        let (areas, spans) = (&mut self.areas[first * self.stride..], &mut self.spans[first..last]);
        accumulate(
            isa,
            areas,
            spans,
            plane.get_mut(first * self.columns..).unwrap_or_default(),
            [self.stride, self.columns],
            intensity as f32,
        );
    }

    /// Adds the areas of an edge, its lower end first.
    fn trace(&mut self, ((x0, y0), (x1, y1)): Edge, sign: i32) {
        let rows = self.spans.len();
        let (bottom, top) = (y0.max(0.0), y1.min(rows as f64));
        if bottom >= top {
            return;
        }
        let slope = (x1 - x0) / (y1 - y0);
        let (least, most) = if x0 < x1 { (x0, x1) } else { (x1, x0) };
        let at = |y: f64| (x0 + (y - y0) * slope).max(least).min(most);
        let mut y = bottom;
        let mut x = at(y);
        for row in bottom as usize..rows {
            let next = top.min((row + 1) as f64);
            let end = at(next);
            self.part(row, x, end, (next - y) * WHOLE, sign);
            if next >= top {
                return;
            }
            (y, x) = (next, end);
        }
    }

    /// Adds the part of an edge within a row, `height` whole units high, from x to end.
    fn part(&mut self, row: usize, x: f64, end: f64, height: f64, sign: i32) {
        let (left, right) = if x < end { (x, end) } else { (end, x) };
        let columns = self.columns as f64;
        if left >= columns {
            return;
        }
        if left < 0.0 {
            // What is left of the frame covers its first pixel wholly.
            let outside = if right <= 0.0 { height } else { rounded(height * (left / (left - right))) };
            self.deposit(row, 0, sign * outside as i32, 0);
            if right > 0.0 {
                self.part(row, 0.0, right, height - outside, sign);
            }
            return;
        }
        let first = left as usize;
        if right <= (first + 1) as f64 {
            let rest = rounded(height * (0.5 * (left + right) - first as f64));
            self.deposit(row, first, sign * (height - rest) as i32, sign * rest as i32);
            return;
        }
        let per_column = height / (right - left);
        let (mut column, mut from, mut below) = (first, left, 0.0);
        while from < right && column < self.columns {
            let to = right.min((column + 1) as f64);
            let above = if to >= right { height } else { rounded((to - left) * per_column) };
            let rest = rounded((above - below) * (0.5 * (from + to) - column as f64));
            self.deposit(row, column, sign * (above - below - rest) as i32, sign * rest as i32);
            (column, from, below) = (column + 1, to, above);
        }
    }

    /// Adds an area to a pixel and another to the next.
    fn deposit(&mut self, row: usize, column: usize, area: i32, next: i32) {
        let at = row * self.stride + column;
        self.areas[at] += area;
        self.areas[at + 1] += next;
        let (low, high) = self.spans[row];
        self.spans[row] = (low.min(column as u32), high.max(column as u32 + 1));
    }

    /// Turns the pixels on or off whose centres are at an edge's right, its lower end first.
    fn cross(&mut self, ((x0, y0), (x1, y1)): Edge, sign: i32) {
        let rows = self.spans.len();
        let from = ((y0 - 0.5).ceil().max(0.0) as usize).min(rows);
        let to = ((y1 - 0.5).ceil().max(0.0) as usize).min(rows);
        for row in from..to {
            let along = (row as f64 + 0.5 - y0) / (y1 - y0);
            let column = (x0 + (x1 - x0) * along - 0.5).ceil().max(0.0) as usize;
            if column < self.columns {
                self.deposit(row, column, sign * WHOLE as i32, 0);
            }
        }
    }
}

type Edge = ((f64, f64), (f64, f64));

/// A corner on the lattice of 2^-24 pixels, so that heights are whole and two polygons whose
/// corners agree but for rounding share their edges.
fn snapped((x, y): (f64, f64)) -> (f64, f64) {
    let snap = |v: f64| {
        let v = v.clamp(-FAR, FAR);
        if v.abs() < 1e8 { (v + SNAP) - SNAP } else { v }
    };
    (snap(x), snap(y))
}

/// The nearest whole number.
fn rounded(x: f64) -> f64 {
    crate::math::exp::round(x)
}

/// Twice the signed area, above 0 for counter-clockwise corners (+x towards +y).
fn area(polygon: &[(f64, f64)]) -> f64 {
    let Some(&(mut x0, mut y0)) = polygon.last() else { return 0.0 };
    let mut sum = 0.0;
    for &(x, y) in polygon {
        sum += x0 * y - x * y0;
        (x0, y0) = (x, y);
    }
    sum
}

kernel! {
    /// Adds the running sums of the rows to the plane, and clears them.
    fn accumulate(areas: &mut [i32], spans: &mut [(u32, u32)], plane: &mut [f32], shape: [usize; 2], intensity: f32) {
        let [stride, columns] = shape;
        let unit = intensity * (1.0 / WHOLE as f32);
        let rows = areas.chunks_exact_mut(stride).zip(plane.chunks_exact_mut(columns));
        for ((areas, pixels), span) in rows.zip(spans) {
            let (low, high) = std::mem::replace(span, EMPTY);
            let mut sum = 0;
            let mut column = low as usize / LANES * LANES;
            // With no edge further right in the frame the rest of the row may be covered.
            while column <= high as usize || (sum != 0 && column < columns) {
                let block = &mut areas[column..column + LANES];
                let covered = running(block, &mut sum);
                let end = columns.min(column + LANES);
                add_block(&mut pixels[column.min(end)..end], &covered, unit);
                column += LANES;
            }
        }
    }
}

/// The running sums of a block, which is cleared.
#[inline(always)]
fn running(block: &mut [i32], sum: &mut i32) -> [i32; LANES] {
    let mut covered = [0; LANES];
    let any = block.iter().fold(0, |any, area| any | area);
    if any == 0 {
        return [*sum; LANES];
    }
    for (covered, area) in covered.iter_mut().zip(block) {
        *sum += *area;
        *area = 0;
        *covered = *sum;
    }
    covered
}

#[inline(always)]
fn add_block(pixels: &mut [f32], covered: &[i32; LANES], unit: f32) {
    for (pixel, covered) in pixels.iter_mut().zip(covered) {
        let covered = if *covered < 0 { 0 } else { *covered };
        let covered = if covered > WHOLE as i32 { WHOLE as i32 } else { covered };
        *pixel += covered as f32 * unit;
    }
}
