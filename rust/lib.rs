//! Simulated images whose every number is known: the core of Lightmill.

pub mod batch;
pub mod error;
pub mod expression;
pub mod fisher;
pub mod image;
pub mod isa;
mod lanes;
pub mod math;
pub mod param;
pub mod plan;
pub mod random;
pub mod registry;
pub mod series;
pub mod spec;
pub mod statistics;

#[cfg(feature = "python")]
mod python;
