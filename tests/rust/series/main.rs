//! Time series against references, physics and themselves.

mod follow;
mod pendulum;
mod references;
