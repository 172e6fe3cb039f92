//! Random streams: known values, the same bits everywhere, the right distributions.
//!
//! `LIGHTMILL_DRAWS` sets the number of draws of each distribution test (default 1e7).

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

#[path = "streams/bits.rs"]
mod bits;
#[path = "streams/correlation.rs"]
mod correlation;
#[path = "streams/distribution.rs"]
mod distribution;
#[path = "streams/oracle.rs"]
mod oracle;
#[path = "streams/priors.rs"]
mod priors;
#[path = "streams/quantiles.rs"]
mod quantiles;
#[path = "streams/shells.rs"]
mod shells;
#[path = "streams/splits.rs"]
mod splits;
#[path = "streams/stability.rs"]
mod stability;

use lightmill::random::{Counter, Key};

/// The stream of a name, with a key of its own: tests on one key would all be lucky together.
fn key(name: &str) -> Key {
    Key::new(20261122, "tests", name)
}

fn scene(scene: u64) -> Counter {
    Counter { scene, instance: 0, attempt: 0, round: 0 }
}

/// How many draws a distribution is tested with.
fn draws() -> usize {
    std::env::var("LIGHTMILL_DRAWS").map_or(1e7, |text| text.parse().expect("a number")) as usize
}
