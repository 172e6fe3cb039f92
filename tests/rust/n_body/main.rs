//! Bodies against what is known of their motion.

#![allow(clippy::disallowed_methods)]

mod kepler;
mod laws;
mod outcomes;
mod rebound;
mod sameness;
mod stage;
