//! Time series against references, physics and themselves.

mod bits;
mod follow;
mod others;
mod pendulum;
mod references;
