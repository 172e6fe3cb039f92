//! How long a step is: the rules of `dop853.f`, without its stabilisation (beta = 0).

/// A step is chosen this much shorter than the error allows.
const SAFETY: f64 = 0.9;
/// The most that a step shrinks and grows from one to the next.
const SHRINK: f64 = 1.0 / 3.0;
const GROW: f64 = 6.0;
/// So many refusals in a row shrink a step by 1e-19.
pub(super) const MOST_REFUSALS: u32 = 40;

/// The largest value of s^4 (1 - s)^3, the last term of the interpolant, in a step.
pub(super) const LAST_TERM: f64 = 256.0 * 27.0 / 823_543.0;

/// The eighth root of a positive number.
#[inline(always)]
fn eighth_root(x: f64) -> f64 {
    x.sqrt().sqrt().sqrt()
}

/// The next step over this one, by the error over the tolerance; a NaN shrinks it, and after a
/// refusal it does not grow.
#[inline(always)]
pub(super) fn factor(error: f64, refused: bool) -> f64 {
    let ideal = SAFETY / eighth_root(error);
    let most = if refused { 1.0 } else { GROW };
    let factor = if ideal > SHRINK { ideal } else { SHRINK };
    if factor < most { factor } else { most }
}

/// The error over the tolerance from two estimates, one of a higher order than the other: squares of what
/// they are over the tolerance, summed over the numbers of the state (II.10 of the book).
#[inline(always)]
pub(super) fn error(step: f64, higher: f64, lower: f64, numbers: usize) -> f64 {
    let below = (higher + 0.01 * lower) * numbers as f64;
    let below = if below > 0.0 { below } else { 1.0 };
    step * higher / below.sqrt()
}

/// A first guess of the step from the lengths, over the tolerance, of the state and its slope.
#[inline(always)]
pub(super) fn guess(state: f64, slope: f64) -> f64 {
    if (state < 1e-5) | (slope < 1e-5) { 1e-6 } else { 0.01 * state / slope }
}

/// The first step from the guess, and the lengths of the slope and of its rate of change along
/// the guess (II.4 of the book, for order 8).
#[inline(always)]
pub(super) fn first(guess: f64, slope: f64, bend: f64) -> f64 {
    let larger = if bend > slope { bend } else { slope };
    let small = if guess > 1e-3 { guess * 1e-3 } else { 1e-6 };
    let step = if larger > 1e-15 { eighth_root(0.01 / larger) } else { small };
    if step < 100.0 * guess { step } else { 100.0 * guess }
}
