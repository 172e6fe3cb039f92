//! Complex transforms of a few numbers, a transform in each lane.

use crate::lanes::Lanes;

/// A complex number in each lane.
#[derive(Clone, Copy)]
pub(super) struct Wave<L> {
    pub(super) re: L,
    pub(super) im: L,
}

/// A turn e^(-i angle).
pub(super) type Turn = (f32, f32);

impl<L: Lanes> Wave<L> {
    #[inline(always)]
    pub(super) fn zero() -> Wave<L> {
        Wave { re: L::zero(), im: L::zero() }
    }
}

#[inline(always)]
fn add<L: Lanes>(a: Wave<L>, b: Wave<L>) -> Wave<L> {
    Wave { re: a.re + b.re, im: a.im + b.im }
}

#[inline(always)]
fn sub<L: Lanes>(a: Wave<L>, b: Wave<L>) -> Wave<L> {
    Wave { re: a.re - b.re, im: a.im - b.im }
}

#[inline(always)]
pub(super) fn turned<L: Lanes>(a: Wave<L>, (re, im): Turn) -> Wave<L> {
    let (re, im) = (L::splat(re), L::splat(im));
    Wave { re: a.re * re - a.im * im, im: a.re * im + a.im * re }
}

/// a + c b.
#[inline(always)]
fn plus<L: Lanes>(a: Wave<L>, c: f32, b: Wave<L>) -> Wave<L> {
    let c = L::splat(c);
    Wave { re: a.re + c * b.re, im: a.im + c * b.im }
}

/// c a.
#[inline(always)]
fn times<L: Lanes>(c: f32, a: Wave<L>) -> Wave<L> {
    let c = L::splat(c);
    Wave { re: c * a.re, im: c * a.im }
}

/// a - i b.
#[inline(always)]
fn add_quarter<L: Lanes>(a: Wave<L>, b: Wave<L>) -> Wave<L> {
    Wave { re: a.re + b.im, im: a.im - b.re }
}

/// a + i b.
#[inline(always)]
fn sub_quarter<L: Lanes>(a: Wave<L>, b: Wave<L>) -> Wave<L> {
    Wave { re: a.re - b.im, im: a.im + b.re }
}

const SIN_45: f32 = std::f32::consts::FRAC_1_SQRT_2;
const SIN_60: f32 = 0.866_025_4;
const COS_72: f32 = 0.309_017;
const COS_144: f32 = -0.809_017;
const SIN_72: f32 = 0.951_056_5;
const SIN_144: f32 = 0.587_785_25;

#[inline(always)]
pub(super) fn dft2<L: Lanes>(x: [Wave<L>; 2]) -> [Wave<L>; 2] {
    [add(x[0], x[1]), sub(x[0], x[1])]
}

#[inline(always)]
pub(super) fn dft3<L: Lanes>(x: [Wave<L>; 3]) -> [Wave<L>; 3] {
    let (sum, difference) = (add(x[1], x[2]), times(SIN_60, sub(x[1], x[2])));
    let middle = plus(x[0], -0.5, sum);
    [add(x[0], sum), add_quarter(middle, difference), sub_quarter(middle, difference)]
}

#[inline(always)]
pub(super) fn dft4<L: Lanes>(x: [Wave<L>; 4]) -> [Wave<L>; 4] {
    let (even, odd) = (add(x[0], x[2]), add(x[1], x[3]));
    let (even_rest, odd_rest) = (sub(x[0], x[2]), sub(x[1], x[3]));
    [add(even, odd), add_quarter(even_rest, odd_rest), sub(even, odd), sub_quarter(even_rest, odd_rest)]
}

#[inline(always)]
pub(super) fn dft5<L: Lanes>(x: [Wave<L>; 5]) -> [Wave<L>; 5] {
    let (a, b) = (add(x[1], x[4]), add(x[2], x[3]));
    let (c, d) = (sub(x[1], x[4]), sub(x[2], x[3]));
    let near = plus(plus(x[0], COS_72, a), COS_144, b);
    let far = plus(plus(x[0], COS_144, a), COS_72, b);
    let near_rest = plus(times(SIN_72, c), SIN_144, d);
    let far_rest = plus(times(SIN_144, c), -SIN_72, d);
    [
        add(x[0], add(a, b)),
        add_quarter(near, near_rest),
        add_quarter(far, far_rest),
        sub_quarter(far, far_rest),
        sub_quarter(near, near_rest),
    ]
}

/// By the primes 2 and 3, without a twiddle (Good 1958): x[3a + 2b] and X[3c + 4d], modulo 6.
#[inline(always)]
pub(super) fn dft6<L: Lanes>(x: [Wave<L>; 6]) -> [Wave<L>; 6] {
    let even = dft3([x[0], x[2], x[4]]);
    let odd = dft3([x[3], x[5], x[1]]);
    [
        add(even[0], odd[0]),
        sub(even[1], odd[1]),
        add(even[2], odd[2]),
        sub(even[0], odd[0]),
        add(even[1], odd[1]),
        sub(even[2], odd[2]),
    ]
}

#[inline(always)]
pub(super) fn dft8<L: Lanes>(x: [Wave<L>; 8]) -> [Wave<L>; 8] {
    let even = dft4([x[0], x[2], x[4], x[6]]);
    let odd = dft4([x[1], x[3], x[5], x[7]]);
    let first = turned(odd[1], (SIN_45, -SIN_45));
    let third = turned(odd[3], (-SIN_45, -SIN_45));
    [
        add(even[0], odd[0]),
        add(even[1], first),
        add_quarter(even[2], odd[2]),
        add(even[3], third),
        sub(even[0], odd[0]),
        sub(even[1], first),
        sub_quarter(even[2], odd[2]),
        sub(even[3], third),
    ]
}
