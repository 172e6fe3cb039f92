//! Random numbers: a pure function of seed, catalogue, slot, scene, instance and attempt.

/// The version of the streams: under one version, a seed always gives the same values.
pub const STREAM_VERSION: u32 = 1;

pub mod choice;
pub mod integers;
pub mod normal;
pub mod philox;
pub mod poisson;
pub mod prior;
pub mod shell;
pub mod split;
pub mod stream;
pub mod uniform;

pub use prior::{Cut, Prior};
pub use shell::Shell;
pub use split::Splits;
pub use stream::{Counter, Key, Slot};
