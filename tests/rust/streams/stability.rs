//! Values are API: known seeds have known values.
//!
//! All were confirmed by an independent Philox in Python with hashlib, SciPy's `ndtri` and
//! `poisson.ppf`: keys, counts, and integers exactly, normals to 4e-8 of 1, the rest to 1e-15; choices and
//! splits are pinned as they came.

use crate::{key, scene};
use lightmill::isa::Isa;
use lightmill::random::{Counter, Key, Prior, Splits, normal, poisson};

const COUNTER: Counter = Counter { scene: 41, instance: 2, attempt: 1, round: 0 };

#[test]
fn keys() {
    assert_eq!(Key::new(0, "", "").words(), [0x6AE9_7B4F, 0x006E_59D3]);
}

#[test]
fn normals() {
    let mut out = [0f32; 8];
    normal::fill(Isa::best(), key("stable"), COUNTER, 60, &mut out);
    let known =
        [0.81472725, 0.6091286, 1.3674914, -0.09039445, 1.3274554, -0.9415354, 1.0037106, 0.0032240518];
    assert_eq!(out, known);
}

#[test]
fn counts() {
    let mut out = [0.01, 0.7, 7.5, 9.0, 88.0, 4e3, 1e6, 1e9];
    poisson::replace(Isa::best(), key("stable"), COUNTER, 60, &mut out);
    assert_eq!(out, [0.0, 1.0, 11.0, 9.0, 101.0, 3940.0, 1_001_004.0, 1_000_000_128.0]);
}

#[test]
fn priors() {
    let values = [
        Prior::constant(1.5),
        Prior::uniform(1.0, 3.0),
        Prior::log_uniform(1e-2, 1e4),
        Prior::normal(10.0, 2.0),
        Prior::integers(1.0, 1e6),
        Prior::choice(&[1.0, 2.0, 3.0, 4.0, 5.0], Some(&[1.0, 2.0, 3.0, 2.0, 1.0])),
        Prior::poisson(33.0),
        Prior::poisson(3300.0),
    ]
    .map(|prior| prior.unwrap().draw(key("stable"), COUNTER));
    let known =
        [1.5, 1.1247007339526374, 0.023664765312758206, 6.929323261952567, 62351.0, 1.0, 24.0, 3212.0];
    assert_eq!(values, known);
}

#[test]
fn splits() {
    let splits = Splits::new(key("stable"), &[0.6, 0.2, 0.2]).unwrap();
    let text: String = (0..40).map(|k| splits.of(3000 + k).to_string()).collect();
    assert_eq!(text, "2222100102221102000022000001101200000020");
    assert_eq!(splits.of(scene(u64::MAX).scene), 0);
}
