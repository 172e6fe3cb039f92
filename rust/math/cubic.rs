//! Lagrange's cubic through four neighbouring nodes.

/// The first of the four nodes around a place between them, counted in steps from the first of so
/// many, and their weights. Beyond either end the last cubic goes on.
pub fn cubic(place: f64, nodes: usize) -> (usize, [f64; 4]) {
    let last = nodes - 3;
    let i = if place > 1.0 { (place as usize).min(last) } else { 1 };
    let t = place - i as f64;
    let weights = [
        -t * (t - 1.0) * (t - 2.0) / 6.0,
        (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
        -(t + 1.0) * t * (t - 2.0) / 2.0,
        (t + 1.0) * t * (t - 1.0) / 6.0,
    ];
    (i - 1, weights)
}

#[cfg(test)]
mod tests {
    use super::cubic;

    #[test]
    fn cubics_are_met_within_and_beyond_the_nodes() {
        let curve = |x: f64| ((0.3 * x - 2.0) * x + 1.0) * x - 5.0;
        for place in [-0.5, 0.0, 0.7, 1.0, 3.25, 7.9, 9.0, 10.5] {
            let (first, weights) = cubic(place, 10);
            let sum: f64 = (0..4).map(|n| weights[n] * curve((first + n) as f64)).sum();
            assert!(first + 3 < 10 && (sum - curve(place)).abs() < 1e-11, "{place}");
        }
    }
}
