//! The functions that an expression can call.

use super::Op;

/// A function: its name, and how many arguments it takes.
pub struct Function {
    /// As it is called.
    pub name: &'static str,
    /// The fewest arguments.
    pub least: usize,
    /// The most arguments; none means any number.
    pub most: Option<usize>,
    /// One sentence.
    pub summary: &'static str,
    /// What it does; with `most` none, to each two in turn.
    pub(super) op: Op,
}

impl Function {
    const fn exact(name: &'static str, arguments: usize, op: Op, summary: &'static str) -> Function {
        Function { name, least: arguments, most: Some(arguments), summary, op }
    }

    const fn many(name: &'static str, op: Op, summary: &'static str) -> Function {
        Function { name, least: 2, most: None, summary, op }
    }

    pub(super) fn arguments(&self) -> String {
        match (self.least, self.most) {
            (1, _) => "1 argument".into(),
            (least, Some(_)) => format!("{least} arguments"),
            (least, None) => format!("at least {least} arguments"),
        }
    }
}

/// All of them.
pub const FUNCTIONS: &[Function] = &[
    Function::many("min", Op::Minimum, "The least of its arguments."),
    Function::many("max", Op::Maximum, "The greatest of its arguments."),
    Function::exact("clip", 3, Op::Clip, "clip(x, low, high): x, but low below low and high above high."),
    Function::exact("sqrt", 1, Op::SquareRoot, "Square root."),
    Function::exact("exp", 1, Op::Exponential, "Exponential function."),
    Function::exact("log", 1, Op::Logarithm, "Natural logarithm."),
    Function::exact("log10", 1, Op::Logarithm10, "Decimal logarithm."),
    Function::exact("sin", 1, Op::Sine, "Sine of radians, up to 1.6e6."),
    Function::exact("cos", 1, Op::Cosine, "Cosine of radians, up to 1.6e6."),
    Function::exact("sind", 1, Op::SineDegrees, "Sine of degrees, exact at multiples of 90."),
    Function::exact("cosd", 1, Op::CosineDegrees, "Cosine of degrees, exact at multiples of 90."),
];

/// Whether expressions give a word a meaning of its own, so that nothing can be called it.
pub fn is_reserved(word: &str) -> bool {
    word == "pi" || FUNCTIONS.iter().any(|function| function.name == word)
}
