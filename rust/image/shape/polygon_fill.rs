//! Filling by signed areas.
//!
//! Every edge adds, to each pixel it passes, the area between itself and the pixel's right
//! side, and to the next pixel the rest of its height; the running sum along a row is then
//! the covered fraction (the method of accumulated coverage, as in FreeType's smooth
//! rasteriser). Areas are whole numbers of 2^-24 of a pixel, and an edge's parts in a row sum
//! to its height exactly, so that inside and outside are exactly 1 and 0.
//!
//! With [`Edges::Binary`] a pixel is covered whose centre is inside, or on the border where the
//! inside lies towards +x, or along +x towards +y: of two polygons that share an edge exactly
//! one has such a pixel.

use super::overlap::{self, Overlap};
use crate::image::Edges;
use crate::image::fourier::Side;
use crate::isa::{Isa, kernel};

/// A whole pixel; its multiples up to 1 are exact in f32.
const WHOLE: f64 = 16_777_216.0;
/// Adding this rounds to a multiple of 2^-24, for |x| < 2^27.
const SNAP: f64 = 402_653_184.0;
/// Beyond this no coordinate is taken, in pixels.
const FAR: f64 = 1e15;
const LANES: usize = 16;

/// Signed areas of a plane, all 0 between two shapes.
pub struct Cover {
    columns: usize,
    /// Columns and a spare one, in whole blocks of lanes.
    stride: usize,
    areas: Vec<i32>,
    /// The columns that have areas, one range a row.
    spans: Vec<(u32, u32)>,
    /// The rows that have any.
    touched: (usize, usize),
    /// How shapes go together.
    overlap: Overlap,
    /// Where the edges of a shape go that is not filled here.
    trail: Option<Trail>,
}

/// The edges of a shape, and its intensity.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// All of them, between the lower and the upper border.
    pub sides: Vec<Side>,
    /// The value of what they enclose.
    pub intensity: f64,
}

const EMPTY: (u32, u32) = (u32::MAX, 0);
const UNTOUCHED: (usize, usize) = (usize::MAX, 0);

impl Cover {
    /// For planes of this shape.
    pub fn new(rows: usize, columns: usize) -> Cover {
        let mut cover = Cover {
            columns: 0,
            stride: 0,
            areas: Vec::new(),
            spans: Vec::new(),
            touched: UNTOUCHED,
            overlap: Overlap::Add,
            trail: None,
        };
        cover.fit(rows, columns);
        cover
    }

    /// One that fills nothing and notes the edges.
    pub fn tracing() -> Cover {
        Cover { trail: Some(Trail::default()), ..Cover::new(0, 0) }
    }

    /// What was noted of the last shape; nothing after it was taken.
    pub fn trail(&mut self) -> Option<&mut Trail> {
        self.trail.as_mut()
    }

    /// Whether edges are only noted.
    pub(super) fn is_tracing(&self) -> bool {
        self.trail.is_some()
    }

    /// With shapes that go together so.
    pub fn overlapping(self, overlap: Overlap) -> Cover {
        Cover { overlap, ..self }
    }

    /// Makes room for planes of another shape.
    pub fn fit(&mut self, rows: usize, columns: usize) {
        if (self.spans.len(), self.columns) != (rows, columns) {
            self.columns = columns;
            self.stride = (columns + 1).next_multiple_of(LANES);
            self.areas = vec![0; if self.is_tracing() { 0 } else { rows * self.stride }];
            self.spans = vec![EMPTY; rows];
        }
    }

    /// Rows and columns.
    pub(super) fn size(&self) -> (f64, f64) {
        (self.spans.len() as f64, self.columns as f64)
    }

    /// Covers the inside of a simple polygon, given in either direction, its corners in pixels
    /// from the outer corner of row 0 and column 0; a sign of -1 uncovers it.
    pub fn polygon(&mut self, edges: Edges, polygon: &[(f64, f64)], sign: i32) {
        let sign = if area(polygon) < 0.0 { -sign } else { sign };
        let Some(last) = polygon.last() else { return };
        let mut from = snapped(*last);
        for corner in polygon {
            let to = snapped(*corner);
            self.edge(edges, from, to, sign);
            from = to;
        }
    }

    /// An edge whose inside is at the left hand, its ends on the lattice of [`snapped`].
    pub(super) fn edge(&mut self, edges: Edges, from: Point, to: Point, sign: i32) {
        // An upward edge has the inside of a counter-clockwise polygon at its left.
        let (edge, sign) = if to.1 > from.1 { ((from, to), -sign) } else { ((to, from), sign) };
        self.side(edges, edge, (edge.0.1, edge.1.1), sign);
    }

    /// Covers what is at the right of an edge, its lower end first, between two heights on the
    /// lattice.
    pub(super) fn side(&mut self, edges: Edges, edge: Edge, heights: (f64, f64), sign: i32) {
        match edges {
            Edges::Coverage => self.trace(edge, heights, sign),
            Edges::Binary => self.cross(edge, heights, sign),
        }
    }

    /// Puts what is covered into the plane with this intensity, and uncovers it.
    pub fn finish(&mut self, isa: Isa, intensity: f64, plane: &mut [f32]) {
        if let Some(trail) = &mut self.trail {
            trail.intensity = intensity;
            return;
        }
        let (first, end) = std::mem::replace(&mut self.touched, UNTOUCHED);
        if first < end {
            let areas = &mut self.areas[first * self.stride..];
            let plane = plane.get_mut(first * self.columns..).unwrap_or_default();
            let shape = [self.stride, self.columns];
            let spans = &mut self.spans[first..end];
            accumulate(isa, areas, spans, plane, shape, intensity as f32, self.overlap);
        }
    }

    /// Adds the areas of an edge.
    fn trace(&mut self, ((x0, y0), (x1, y1)): Edge, (low, high): (f64, f64), sign: i32) {
        let rows = self.spans.len();
        let (bottom, top) = (low.max(0.0), high.min(rows as f64));
        if bottom >= top {
            return;
        }
        if let Some(trail) = &mut self.trail {
            let side = Side { low: (x0, y0), high: (x1, y1), sign: f64::from(sign) };
            trail.sides.push(side.between(bottom, top));
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
        let (first, end) = self.touched;
        self.touched = (first.min(row), end.max(row + 1));
    }

    /// Turns the pixels on or off whose centres are at an edge's right.
    fn cross(&mut self, ((x0, y0), (x1, y1)): Edge, heights: (f64, f64), sign: i32) {
        for row in self.centres(heights) {
            let along = (row as f64 + 0.5 - y0) / (y1 - y0);
            self.switch(row, x0 + (x1 - x0) * along, sign);
        }
    }

    /// The rows whose centres are between two heights, the lower one included.
    pub(super) fn centres(&self, (low, high): (f64, f64)) -> std::ops::Range<usize> {
        let rows = self.spans.len();
        let row = |y: f64| ((y - 0.5).ceil().max(0.0) as usize).min(rows);
        row(low)..row(high)
    }

    /// The first column whose centre is at x or beyond; it may be outside the frame.
    pub(super) fn first_centre(x: f64) -> usize {
        (x - 0.5).ceil().max(0.0) as usize
    }

    /// Turns on, or off, the pixels of a row whose centres are at x or beyond.
    pub(super) fn switch(&mut self, row: usize, x: f64, sign: i32) {
        let column = Cover::first_centre(x);
        if column < self.columns {
            self.deposit(row, column, sign * WHOLE as i32, 0);
        }
    }
}

/// A place in pixels from the outer corner of row 0 and column 0.
pub(super) type Point = (f64, f64);
/// Two ends, the lower one first.
pub(super) type Edge = (Point, Point);

/// A corner on the lattice of 2^-24 pixels, so that heights are whole and two polygons whose
/// corners agree but for rounding share their edges.
pub(super) fn snapped((x, y): Point) -> Point {
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
fn area(polygon: &[Point]) -> f64 {
    let Some(&(mut x0, mut y0)) = polygon.last() else { return 0.0 };
    let mut sum = 0.0;
    for &(x, y) in polygon {
        sum += x0 * y - x * y0;
        (x0, y0) = (x, y);
    }
    sum
}

kernel! {
    /// Puts the running sums of the rows into the plane, and clears them.
    fn accumulate(areas: &mut [i32], spans: &mut [(u32, u32)], plane: &mut [f32], shape: [usize; 2], intensity: f32, overlap: Overlap) {
        let [stride, columns] = shape;
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
                let pixels = &mut pixels[column.min(end)..end];
                match overlap {
                    Overlap::Add => put(pixels, &covered, |pixel, c| overlap::add(pixel, c, intensity)),
                    Overlap::Over => put(pixels, &covered, |pixel, c| overlap::over(pixel, c, intensity)),
                    Overlap::Max => put(pixels, &covered, |pixel, c| overlap::max(pixel, c, intensity)),
                }
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
fn put(pixels: &mut [f32], covered: &[i32; LANES], together: impl Fn(f32, f32) -> f32) {
    for (pixel, covered) in pixels.iter_mut().zip(covered) {
        let covered = if *covered < 0 { 0 } else { *covered };
        let covered = if covered > WHOLE as i32 { WHOLE as i32 } else { covered };
        *pixel = together(*pixel, covered as f32 * (1.0 / WHOLE as f32));
    }
}
