//! Integrators of ordinary differential equations.

pub mod dop853;

/// More steps than this and a run is given up: its numbers ask for the impossible.
pub const MOST_STEPS: u32 = 1_000_000;
