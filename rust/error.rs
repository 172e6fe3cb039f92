//! Everything that can go wrong, said so that the reader can mend it.

/// One thing wrong with a recipe: where, and what is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The place in the recipe, `objects[0].moffat.fwhm`.
    pub place: String,
    /// What is wrong, what is allowed.
    pub message: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { place: place.into(), message: message.into() }
    }
}

/// An error of the core.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The recipe asks for what is impossible; all its faults at once.
    #[error("{}", .0.iter().map(|f| format!("{}: {}", f.place, f.message)).collect::<Vec<_>>().join("\n"))]
    Recipe(Vec<Fault>),
    /// An argument of a call is not what it must be.
    #[error("{0}")]
    Argument(String),
    /// A setting of the environment cannot be met.
    #[error("{0}")]
    Environment(String),
    /// Draws were rejected too often.
    #[error("{0}")]
    Rejected(String),
    /// What a recipe says has no legal value in one row.
    #[error("{place}: {message} (in row {row})")]
    Value {
        /// The place in the recipe.
        place: String,
        /// The expression or distribution, its numbers, what is allowed.
        message: String,
        /// The first row that shows it.
        row: u64,
    },
}

impl Error {
    /// What was found in a scene, said of its first row.
    pub(crate) fn in_rows(self, realisations: u64) -> Error {
        match self {
            Error::Value { place, message, row } => {
                Error::Value { place, message, row: row.saturating_mul(realisations) }
            }
            other => other,
        }
    }
}
