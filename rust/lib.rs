//! Simulated images whose every number is known: the core of Lightmill.

pub mod error;
pub mod image;
pub mod isa;
pub mod math;
pub mod param;
pub mod random;
pub mod registry;

#[cfg(feature = "python")]
mod python;
