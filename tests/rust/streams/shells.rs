//! Positions: uniform in area and volume, every direction alike, each addressed alone.

use crate::{draws, key, scene};
use lightmill::random::{Counter, Shell};

/// Kolmogorov-Smirnov against the uniform distribution on 0 to 1, as sqrt(n) D.
fn distance(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let gaps = values.iter().enumerate().map(|(i, u)| {
        let (below, above) = (i as f64 / count, (i + 1) as f64 / count);
        (u - below).abs().max((above - u).abs())
    });
    gaps.fold(0.0, f64::max) * count.sqrt()
}

/// Of independent tests on one set of draws, each at 1e-4.
fn check(what: &str, values: Vec<f64>) {
    let d = distance(values);
    assert!(d < 2.2, "{what}: sqrt(n) D = {d}");
}

fn turn(y: f64, x: f64) -> f64 {
    y.atan2(x) / std::f64::consts::TAU + 0.5
}

#[test]
fn the_plane_is_filled_evenly() {
    for (inner, outer) in [(0.0, 1.0), (0.0, 7.5), (2.0, 2.5), (1.0, 40.0)] {
        let shell = Shell::new(inner, outer).unwrap();
        let key = key(&format!("plane {inner} {outer}"));
        let points: Vec<_> = (0..draws() as u64 / 50).map(|k| shell.plane(key, scene(k))).collect();
        let share = |[x, y]: &[f64; 2]| (x * x + y * y - inner * inner) / (outer * outer - inner * inner);
        check("area", points.iter().map(share).collect());
        check("direction", points.iter().map(|[x, y]| turn(*y, *x)).collect());
        // Area and direction are independent: one half of the shell is as any other.
        let half: Vec<_> = points.iter().filter(|[x, _]| *x > 0.0).map(share).collect();
        check("area of a half", half);
    }
}

#[test]
fn space_is_filled_evenly() {
    for (inner, outer) in [(0.0, 1.0), (3.0, 4.0)] {
        let shell = Shell::new(inner, outer).unwrap();
        let key = key(&format!("space {inner} {outer}"));
        let points: Vec<_> = (0..draws() as u64 / 50).map(|k| shell.space(key, scene(k))).collect();
        let radius = |p: &[f64; 3]| p.iter().map(|c| c * c).sum::<f64>().sqrt();
        let (least, most) = (inner.powi(3), outer.powi(3));
        check("volume", points.iter().map(|p| (radius(p).powi(3) - least) / (most - least)).collect());
        for axis in 0..3 {
            check("height", points.iter().map(|p| 0.5 + 0.5 * p[axis] / radius(p)).collect());
            check("azimuth", points.iter().map(|p| turn(p[axis], p[(axis + 1) % 3])).collect());
        }
        let top: Vec<_> = points.iter().filter(|p| p[2] > 0.5 * radius(p)).collect();
        check("azimuth of the cap", top.iter().map(|p| turn(p[1], p[0])).collect());
    }
}

#[test]
fn a_point_depends_on_its_address_and_scales_with_its_radius() {
    let key = key("address");
    let unit = Shell::new(0.0, 1.0).unwrap();
    let double = Shell::new(0.0, 2.0).unwrap();
    let [x, y] = unit.plane(key, scene(5));
    assert_eq!(double.plane(key, scene(5)), [2.0 * x, 2.0 * y]);
    assert_ne!(unit.plane(key, scene(6)), [x, y]);
    assert_ne!(unit.plane(key, Counter { instance: 1, ..scene(5) }), [x, y]);
    let [u, v, _] = unit.space(key, scene(5));
    assert!((u / v - x / y).abs() < 1e-12, "space and plane share their direction");
}
