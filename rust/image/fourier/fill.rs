//! The light of one object on the lattice.
//!
//! With the centre at (X, Y), a = kx X and b = ky Y, and K real and even before the shift, the
//! four cells of one (|kx|, |ky|) are K+ = K(kx, ky), K- = K(kx, -ky) and their mirror images.
//! With P = K+ + K- and Q = K+ - K-, the image is the sum of CC cos kx x cos ky y + SS sin sin +
//! CS cos sin + SC sin cos, where
//! CC = P cos a cos b - Q sin a sin b,  SS = P sin a sin b - Q cos a cos b,
//! CS = P cos a sin b + Q sin a cos b,  SC = P sin a cos b + Q cos a sin b.

use super::axis::Axis;
use super::light::Light;
use super::table::{OFFSET, Table};
use crate::image::ahead;
use crate::isa::kernel;
use crate::lanes::{Block, LANES, Lanes};
use crate::math::sin_cos;
use std::f64::consts::PI;

/// q^2 = along (ky + ridge kx)^2 + across kx^2: the form without cancellation.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) along: f32,
    pub(super) across: f32,
    pub(super) ridge: f32,
}

impl Form {
    /// Of light with this table.
    pub(super) fn new(light: &Light, table: &Table) -> Form {
        let ((xx, xy, yy), radius) = (light.sheared(), light.radius * table.stretch);
        let square = radius * radius;
        Form {
            along: (square * yy) as f32,
            across: (square * (xx - xy * (xy / yy))) as f32,
            ridge: (xy / yy) as f32,
        }
    }
}

/// Cosine and sine of k X along an axis, times the pixel's response.
#[derive(Default)]
pub(super) struct Phases {
    cos: Vec<Block>,
    sin: Vec<Block>,
}

impl Phases {
    /// For a centre so far from the frame's, all of it times `scale`, for so many cells: whole blocks.
    /// A rotation in f64: after the longest run it is off by 1e-11.
    pub(super) fn set(&mut self, axis: &Axis, distance: f64, scale: f64, count: usize) {
        // The kernels repeat after 2 N pixels.
        let period = 2.0 * axis.period as f64;
        let turns = distance / period;
        let turns = turns - crate::math::exp::round(turns);
        let angle = 2.0 * PI * turns;
        let ((mut sin, mut cos), (step_sin, step_cos)) = (sin_cos(angle), sin_cos(2.0 * angle));
        (sin, cos) = (sin * scale, cos * scale);
        self.cos.clear();
        self.sin.clear();
        if distance == 0.0 {
            let scale = scale as f32;
            let blocks = axis.sinc[..count].chunks_exact(LANES);
            self.cos.extend(blocks.map(|sinc| Block(std::array::from_fn(|i| scale * sinc[i]))));
            self.sin.resize(count / LANES, Block::ZERO);
            return;
        }
        for sinc in axis.sinc[..count].chunks_exact(LANES) {
            let (mut cosines, mut sines) = (Block::ZERO, Block::ZERO);
            for (i, sinc) in sinc.iter().enumerate() {
                cosines.0[i] = (cos * f64::from(*sinc)) as f32;
                sines.0[i] = (sin * f64::from(*sinc)) as f32;
                (cos, sin) = (cos * step_cos - sin * step_sin, sin * step_cos + cos * step_sin);
            }
            self.cos.push(cosines);
            self.sin.push(sines);
        }
    }
}

/// What one fill reads.
pub(super) struct Scene<'a> {
    pub(super) axes: [&'a Axis; 2],
    pub(super) phases: [&'a Phases; 2],
    pub(super) object: (&'a Light, &'a Table),
    pub(super) psf: (&'a Light, &'a Table),
    /// Cells under this are left out.
    pub(super) least: f32,
    /// Where the image goes: its memory is asked for on the way.
    pub(super) plane: &'a [f32],
    /// Where the PSF ends along each axis.
    pub(super) ends: [usize; 2],
}

/// The four sums: cos cos, sin sin, cos sin, sin cos, each with a row for each folded kx. Along ky a row
/// is a whole period: what folds back is folded when it is read.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) sums: [Vec<Block>; 4],
    /// Blocks in a row.
    pub(super) stride: usize,
    /// How many blocks of each row there are; what is in the others is of no account.
    pub(super) written: Vec<usize>,
    /// Whether all light is centred on the frame, so that the last two sums are nothing.
    pub(super) centred: bool,
}

impl Canvas {
    pub(super) fn clear(&mut self, axes: [&Axis; 2], centred: bool) {
        self.stride = axes[1].period / LANES;
        self.centred = centred;
        self.written.clear();
        self.written.resize(axes[0].half, 0);
        let used = self.used();
        for sum in &mut self.sums[..used] {
            if sum.len() < axes[0].half * self.stride {
                sum.resize(axes[0].half * self.stride, Block::ZERO);
            }
        }
    }

    /// Makes all rows as long as the longest one, and says how many blocks that is.
    pub(super) fn close(&mut self) -> usize {
        let widest = self.written.iter().copied().max().unwrap_or(0);
        let used = self.used();
        for (row, written) in self.written.iter_mut().enumerate() {
            let dark = row * self.stride + *written..row * self.stride + widest;
            self.sums[..used].iter_mut().for_each(|sum| sum[dark.clone()].fill(Block::ZERO));
            *written = widest;
        }
        widest
    }

    /// How many of the sums are something.
    pub(super) fn used(&self) -> usize {
        if self.centred { 2 } else { 4 }
    }
}

/// Row of a cell, and the signs of cosine and sine there.
pub(super) fn folded(m: usize, half: usize) -> (usize, f32, f32) {
    let (block, rest) = (m / half, m % half);
    let at = if block % 2 == 1 { half - 1 - rest } else { rest };
    let [cos, sin] = [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]][block % 4];
    (at, cos, sin)
}

kernel! {
    /// Adds the light of the scene's object.
    pub(super) fn fill<L>(scene: &Scene, canvas: &mut Canvas) {
        if canvas.centred { rows::<L, true>(scene, canvas) } else { rows::<L, false>(scene, canvas) }
    }
}

#[inline(always)]
fn rows<L: Lanes, const CENTRED: bool>(scene: &Scene, canvas: &mut Canvas) {
    let forms = [scene.object, scene.psf].map(|(light, table)| Form::new(light, table));
    let mut end = 0;
    let mut parts = ahead::parts(scene.plane);
    for m in 0..scene.ends[0] {
        let lines = Lines::new(scene, forms, m);
        end = lines.blocks(scene.axes[1], scene.ends[1] / LANES, end);
        if end == 0 {
            break;
        }
        parts.next().into_iter().for_each(ahead::ask_for);
        row::<L, CENTRED>(scene, &lines.both, m, end, canvas);
    }
}

/// One transform along a row of cells.
#[derive(Clone, Copy)]
struct Line<'a> {
    table: &'a Table,
    along: f32,
    rest: f32,
    ridge: f32,
}

impl<'a> Line<'a> {
    #[inline(always)]
    fn new(form: Form, table: &'a Table, kx: f32) -> Line<'a> {
        Line { table, along: form.along, rest: form.across * kx * kx + OFFSET, ridge: form.ridge * kx }
    }

    /// The most that there is from a run of ky of either sign outwards.
    #[inline(always)]
    fn beyond(&self, first: f32, last: f32) -> f32 {
        let ridge = self.ridge.abs();
        let t = if first > ridge { first - ridge } else { ridge - if last < ridge { last } else { ridge } };
        self.table.beyond(self.along * (t * t) + self.rest)
    }
}

/// The lines of object and PSF, and what counts there.
struct Lines<'a> {
    both: [Line<'a>; 2],
    least: f32,
}

impl<'a> Lines<'a> {
    #[inline(always)]
    fn new(scene: &Scene<'a>, forms: [Form; 2], m: usize) -> Lines<'a> {
        let x = scene.axes[0];
        let [object, psf] = [scene.object.1, scene.psf.1];
        let line = |form, table| Line::new(form, table, x.frequency(m));
        Lines {
            both: [line(forms[0], object), line(forms[1], psf)],
            least: scene.least * x.inverse_envelope[m],
        }
    }

    /// Whether a block may be bright, or one further out.
    #[inline(always)]
    fn is_bright(&self, y: &Axis, c: usize) -> bool {
        let (first, last) = (y.k[c].0[0], y.k[c].0[LANES - 1]);
        let [light, blur] = &self.both;
        light.beyond(first, last) * blur.beyond(first, last) >= self.least * y.inverse_envelope[c * LANES]
    }

    /// How many of `count` blocks come before the last one that may be bright, with it; 0 where none is. It is known
    /// before the row is drawn, and mostly as many as in the row before: to find the end by what was drawn made a
    /// processor wait for the last lookups of every row.
    #[inline(always)]
    fn blocks(&self, y: &Axis, count: usize, before: usize) -> usize {
        let [object, psf] = [0, 1].map(|i| self.both[i].ridge.abs());
        // Beyond both ridges it only gets darker.
        let ridge = if object > psf { object } else { psf };
        let mut end = if before < count { before } else { count };
        while end < count && (y.k[end].0[0] <= ridge || self.is_bright(y, end)) {
            end += 1;
        }
        while end > 0 && !self.is_bright(y, end - 1) {
            end -= 1;
        }
        end
    }
}

/// Both lines of a row in lanes.
#[derive(Clone, Copy)]
struct Radial<'a, L> {
    table: &'a Table,
    along: L,
    rest: L,
    ridge: L,
    /// Without a ridge, as in a round PSF, both signs of ky are the same.
    round: bool,
}

impl<'a, L: Lanes> Radial<'a, L> {
    #[inline(always)]
    fn new(line: &Line<'a>) -> Radial<'a, L> {
        let (along, rest, ridge) = (L::splat(line.along), L::splat(line.rest), L::splat(line.ridge));
        Radial { table: line.table, along, rest, ridge, round: line.ridge == 0.0 }
    }

    /// At (kx, ky) and (kx, -ky).
    #[inline(always)]
    fn at(&self, k: L) -> (L, L) {
        let t = k + self.ridge;
        let plus = self.table.look(self.along * t * t + self.rest);
        if self.round {
            return (plus, plus);
        }
        let t = k - self.ridge;
        (plus, self.table.look(self.along * t * t + self.rest))
    }
}

/// Adds so many blocks of a row of cells.
#[inline(always)]
fn row<L: Lanes, const CENTRED: bool>(
    scene: &Scene,
    [object, psf]: &[Line; 2],
    m: usize,
    end: usize,
    canvas: &mut Canvas,
) {
    let ([x, y], [a, b]) = (scene.axes, scene.phases);
    let (light, blur) = (Radial::<L>::new(object), Radial::<L>::new(psf));
    let (at, cos_sign, sin_sign) = folded(m, x.half);
    let (cos_a, sin_a) = (a.cos[m / LANES].0[m % LANES], a.sin[m / LANES].0[m % LANES]);
    let mut steps = Steps::new(canvas, at);
    for ((k, cos_b), sin_b) in y.k[..end].iter().zip(&b.cos[..end]).zip(&b.sin[..end]) {
        let (cell, fresh) = steps.next();
        let (k, cos_b) = (L::load(&k.0), L::load(&cos_b.0));
        let ((f, g), (p, r)) = (light.at(k), blur.at(k));
        let (plus, minus) = (f * p, g * r);
        let (sum, rest) = (plus + minus, plus - minus);
        let (to_cos, to_sin) = (steps.sign * cos_sign, steps.sign * sin_sign);
        let (sum_cos, rest_cos) = (sum * cos_b, rest * cos_b);
        let turns = [to_cos * cos_a, to_sin * cos_a];
        let [cc, ss, cs, sc] = &mut canvas.sums;
        if CENTRED {
            put(&mut cc[cell], sum_cos * L::splat(turns[0]), fresh);
            put(&mut ss[cell], rest_cos * L::splat(-turns[1]), fresh);
        } else {
            let sin_b = L::load(&sin_b.0);
            let (sum_sin, rest_sin) = (sum * sin_b, rest * sin_b);
            let (cos_c, cos_s) = (L::splat(turns[0]), L::splat(turns[1]));
            let (sin_c, sin_s) = (L::splat(to_cos * sin_a), L::splat(to_sin * sin_a));
            put(&mut cc[cell], sum_cos * cos_c - rest_sin * sin_c, fresh);
            put(&mut ss[cell], sum_sin * sin_s - rest_cos * cos_s, fresh);
            put(&mut cs[cell], sum_sin * cos_c + rest_cos * sin_c, fresh);
            put(&mut sc[cell], sum_cos * sin_s + rest_sin * cos_s, fresh);
        }
    }
    steps.end(canvas, at);
}

/// Goes along a row of the canvas, block by block, period after period.
pub(super) struct Steps {
    begin: usize,
    stride: usize,
    written: usize,
    column: usize,
    /// A period further on all kernels have the opposite sign.
    pub(super) sign: f32,
}

impl Steps {
    #[inline(always)]
    pub(super) fn new(canvas: &Canvas, at: usize) -> Steps {
        let (begin, written) = (at * canvas.stride, canvas.written[at]);
        Steps { begin, stride: canvas.stride, written, column: 0, sign: 1.0 }
    }

    /// The next block, and whether it is the first light there.
    #[inline(always)]
    pub(super) fn next(&mut self) -> (usize, bool) {
        if self.column == self.stride {
            (self.column, self.sign) = (0, -self.sign);
        }
        let (cell, fresh) = (self.begin + self.column, self.column >= self.written);
        self.column += 1;
        self.written = if fresh { self.column } else { self.written };
        (cell, fresh)
    }

    #[inline(always)]
    pub(super) fn end(self, canvas: &mut Canvas, at: usize) {
        canvas.written[at] = self.written;
    }
}

/// Adds lanes to a sum, or begins it.
#[inline(always)]
pub(super) fn put<L: Lanes>(sum: &mut Block, lanes: L, fresh: bool) {
    let lanes = if fresh { lanes } else { L::load(&sum.0) + lanes };
    lanes.store(&mut sum.0);
}
