//! Expressions: `= 2 * flux`, `= clip(L0 * 10 ** (0.4 * m), 0, 1e6)`.
//!
//! From the loosest to the tightest: `+ -`, `* /`, a sign, `**` (from the right, so that
//! `-x ** 2` is `-(x ** 2)` and `2 ** -1` is a half, as in Python). Numbers have a point and
//! an exponent where wanted (`.5`, `1e-3`). Names are words joined by points
//! (`disk.magnitude`). Beside them there are [`FUNCTIONS`] and `pi`.
//!
//! A text becomes a short program in postfix order, once. Running it cannot fail, allocates
//! nothing, and gives the same bits on every platform: it calls [`crate::math`] alone.

mod evaluate;
mod function;
mod near;
mod parse;
mod slope;
mod token;

pub use function::{FUNCTIONS, is_reserved};
pub use near::nearest;

/// The longest text, in characters.
pub const LONGEST: usize = 4096;
/// As many brackets, signs and powers as may stand one within the other.
pub const DEEPEST: usize = 48;
/// As many values as a program may hold at once.
pub const STACK: usize = 64;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The number of the character, from 1.
    pub position: usize,
    /// What is wrong, what is allowed.
    pub message: String,
}

impl Problem {
    fn new(position: usize, message: impl Into<String>) -> Problem {
        Problem { position, message: message.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "character {}: {}", self.position, self.message)
    }
}

/// A name that an expression reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// `disk.magnitude`.
    pub text: String,
    /// Where it first stands, from 1.
    pub position: usize,
}

/// A step of a program; operands come from a stack, the result goes back to it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Number(f64),
    Name(usize),
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    /// A whole power that the text gives.
    Whole(i32),
    Minimum,
    Maximum,
    Clip,
    SquareRoot,
    Exponential,
    Logarithm,
    Logarithm10,
    Sine,
    Cosine,
    SineDegrees,
    CosineDegrees,
}

impl Op {
    /// How many operands it takes.
    fn operands(self) -> usize {
        match self {
            Op::Number(_) | Op::Name(_) => 0,
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Power | Op::Minimum | Op::Maximum => 2,
            Op::Clip => 3,
            _ => 1,
        }
    }
}

/// A text that was understood.
///
/// # Guarantees
/// Made only by [`Expression::parse`], which bounds the stack, so that evaluation cannot fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    text: String,
    code: Vec<Op>,
    names: Vec<Name>,
}

impl Expression {
    /// Understands a text, which begins with `=`.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn parse(text: &str) -> Result<Expression, Problem> {
        parse::parse(text)
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names it reads, each once, in the order of [`Expression::evaluate`]'s inputs.
    pub fn names(&self) -> &[Name] {
        &self.names
    }
}
