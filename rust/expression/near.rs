//! "Did you mean": the nearest of some words.

/// The candidate that takes the fewest changes, if no more than a third of the word.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = length / 3 + 1;
    let near = |candidate: &&str| candidate.chars().count().abs_diff(length) <= limit;
    let ranked = candidates.into_iter().filter(near).map(|candidate| (distance(word, candidate), candidate));
    ranked
        .filter(|(changes, _)| *changes <= limit)
        .min_by_key(|(changes, _)| *changes)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let lower = |word: &str| word.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (a, b) = (lower(a), lower(b));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let changed = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near() {
        let words = ["flux", "half_light_radius", "sqrt", "g1"];
        for (slip, meant) in
            [("flxu", "flux"), ("Flux", "flux"), ("half_ligth_radus", "half_light_radius"), ("sqr", "sqrt")]
        {
            assert_eq!(nearest(slip, words), Some(meant));
        }
        assert_eq!(nearest("temperature", words), None);
        assert_eq!(nearest("x", []), None);
    }
}
