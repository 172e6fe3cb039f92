//! When a system is looked at.

use crate::random::stream::pixel;
use crate::random::{Counter, Key, uniform};
use crate::spec;

/// The most times of a series.
pub const MOST: usize = 1_000_000;

/// The most gaps.
const MOST_GAPS: usize = 1_000;

/// The largest jitter: neighbours then keep a tenth of their distance.
const MOST_JITTER: f64 = 0.9;

/// The times of a recipe's series.
///
/// # Guarantees
/// At least one time after `start`, none before it, each above the one before.
#[derive(Clone, Debug)]
pub struct Times {
    start: f64,
    /// Those of all samples, or what is moved.
    even: Vec<f64>,
    uneven: Option<Uneven>,
}

/// What moves the times of each sample.
#[derive(Clone, Debug)]
struct Uneven {
    jitter: f64,
    jitter_key: Key,
    gaps: usize,
    length: f64,
    gaps_key: Key,
}

/// What is wrong, and its place below `times`.
pub type Wrong = (&'static str, String);

impl Times {
    /// Those that a recipe says; `key` gives the keys of slots.
    ///
    /// # Errors
    /// Times that do not increase, or fewer than two moments.
    pub fn new(said: &spec::Times, mut key: impl FnMut(&str) -> Key) -> Result<Times, Wrong> {
        let Some((stop, points)) = said.stop.zip(said.points) else { return Times::listed(said) };
        let even = even(said.start, stop, points)?;
        if said.jitter == 0.0 && said.gaps.is_none() {
            return Ok(Times { start: said.start, even, uneven: None });
        }
        if !(0.0..=MOST_JITTER).contains(&said.jitter) {
            let message = format!("{} is not allowed; jitter must be from 0 to {MOST_JITTER}", said.jitter);
            return Err((".jitter", message));
        }
        let (gaps, length) = said.gaps.map_or((0, 0.0), |gaps| (gaps.number, gaps.length));
        check_gaps(gaps, length, stop - said.start)?;
        let (jitter_key, gaps_key) = (key("times.jitter"), key("times.gaps"));
        let uneven = Some(Uneven { jitter: said.jitter, jitter_key, gaps, length, gaps_key });
        Ok(Times { start: said.start, even, uneven })
    }

    fn listed(said: &spec::Times) -> Result<Times, Wrong> {
        let (at, start) = (&said.at, said.start);
        let wrong = if at.iter().chain([&start]).any(|time| !time.is_finite()) {
            "times are finite numbers".to_string()
        } else if at.len() > MOST {
            format!("{} times are too many; at most {MOST} are allowed", at.len())
        } else if at.iter().all(|time| *time == start) {
            "this is one moment; give two times at least, or `start`, before the first".to_string()
        } else if at[0] < start {
            format!("{} is before the start, {start}; times go on from there", at[0])
        } else if let Some(pair) = at.windows(2).find(|pair| pair[0] >= pair[1]) {
            format!("{} comes after {}; times must increase", pair[1], pair[0])
        } else {
            return Ok(Times { start, even: at.clone(), uneven: None });
        };
        Err((".at", wrong))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.even.len()
    }

    /// Those of every sample, where all have the same.
    pub fn shared(&self) -> Option<&[f64]> {
        self.uneven.is_none().then_some(&*self.even)
    }

    /// Those of every sample, where all have the same, since the start.
    pub fn shared_since(&self) -> Option<Vec<f64>> {
        Some(self.shared()?.iter().map(|time| time - self.start).collect())
    }

    /// Writes those of one scene, since the start.
    pub fn since(&self, scene: u64, out: &mut [f64]) {
        let Some(uneven) = &self.uneven else {
            out.iter_mut().zip(&self.even).for_each(|(out, time)| *out = time - self.start);
            return;
        };
        let last = self.even.len() - 1;
        let rest = (self.even[last] - self.start) - uneven.gaps as f64 * uneven.length;
        let breaks = uneven.breaks(scene, rest);
        let step = rest / last as f64;
        for (i, out) in out.iter_mut().enumerate() {
            let time = if i == last { rest } else { i as f64 * step };
            let time = if (1..last).contains(&i) { time + step * uneven.shift(scene, i) } else { time };
            let before = breaks.iter().filter(|at| **at < time).count();
            *out = time + before as f64 * uneven.length;
        }
    }

    /// From times since the start to times.
    pub fn absolute(&self, times: &mut [f64]) {
        times.iter_mut().for_each(|time| *time += self.start);
        if let (Some(time), Some(stop)) = (times.last_mut(), self.even.last()) {
            *time = *stop;
        }
    }
}

impl Uneven {
    /// Where the gaps of a scene are, once they are taken out: between 0 and `rest`, both out.
    fn breaks(&self, scene: u64, rest: f64) -> Vec<f64> {
        let counter = Counter { scene, ..Counter::default() };
        let at = |i| rest * uniform::unit(pixel(self.gaps_key, counter, i as u64));
        (0..self.gaps).map(at).collect()
    }

    /// By which part of the distance to its neighbours a time is moved.
    fn shift(&self, scene: u64, i: usize) -> f64 {
        let counter = Counter { scene, ..Counter::default() };
        self.jitter * (uniform::unit(pixel(self.jitter_key, counter, i as u64)) - 0.5)
    }
}

/// Even times, both ends in, by the formula of numpy.linspace.
fn even(start: f64, stop: f64, points: usize) -> Result<Vec<f64>, Wrong> {
    if !(start.is_finite() && stop.is_finite() && (stop - start).is_finite()) {
        return Err(("", "start and stop are finite numbers".into()));
    }
    if stop <= start {
        return Err((".stop", format!("{stop} is not after the start, {start}; times must increase")));
    }
    if !(2..=MOST).contains(&points) {
        let message = format!("{points} is not allowed; points must be from 2 (both ends) to {MOST}");
        return Err((".points", message));
    }
    let step = (stop - start) / (points - 1) as f64;
    let time = |i| if i == points - 1 { stop } else { i as f64 * step + start };
    let times: Vec<f64> = (0..points).map(time).collect();
    if times.windows(2).any(|pair| pair[0] >= pair[1]) {
        let message = format!("{points} points from {start} to {stop} are too close to tell apart");
        return Err((".points", message));
    }
    Ok(times)
}

fn check_gaps(gaps: usize, length: f64, span: f64) -> Result<(), Wrong> {
    if gaps > MOST_GAPS {
        return Err((".gaps.number", format!("{gaps} is not allowed; at most {MOST_GAPS} are")));
    }
    if gaps > 0 && !(length > 0.0 && length.is_finite()) {
        return Err((".gaps.length", format!("{length} is not allowed; length must be above 0")));
    }
    let total = gaps as f64 * length;
    // What is left must be wide enough for times that a number can tell apart.
    if total > 0.999 * span {
        let message = format!("{total} of {span} would be gaps; leave some room for the times");
        return Err((".gaps.length", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(json: &str) -> Result<Times, Wrong> {
        let said: spec::Times = serde_json::from_str(json).unwrap();
        Times::new(&said, |path| Key::new(1, "", path))
    }

    #[test]
    fn even_times_are_those_of_linspace() {
        let times = times(r#"{"start": 0.1, "stop": 0.7, "points": 4}"#).unwrap();
        // numpy.linspace(0.1, 0.7, 4)
        assert_eq!(times.shared().unwrap(), [0.1, 0.3, 0.5, 0.7]);
    }

    #[test]
    fn uneven_times_increase_between_both_ends_and_leave_gaps() {
        let json =
            r#"{"start": 2, "stop": 12, "points": 60, "jitter": 0.9, "gaps": {"number": 3, "length": 1.5}}"#;
        let times = times(json).unwrap();
        let (mut one, mut other) = (vec![0.0; 60], vec![0.0; 60]);
        times.since(7, &mut one);
        times.since(8, &mut other);
        assert_ne!(one, other);
        for times in [&one, &other] {
            assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
            assert_eq!((times[0], times[59]), (0.0, 10.0));
            let longest = times.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
            assert!(longest > 1.5);
        }
        times.absolute(&mut one);
        assert_eq!((one[0], one[59]), (2.0, 12.0));
    }

    #[test]
    fn what_does_not_increase_is_refused() {
        for (json, place) in [
            (r#"{"start": 0, "stop": 0, "points": 5}"#, ".stop"),
            (r#"{"start": 0, "stop": 1, "points": 1}"#, ".points"),
            (r#"{"start": 1, "stop": 1.0000000000000002, "points": 5}"#, ".points"),
            (r#"{"start": 0, "at": [0]}"#, ".at"),
            (r#"{"start": 0, "at": []}"#, ".at"),
            (r#"{"start": 0, "at": [1, 1]}"#, ".at"),
            (r#"{"start": 2, "at": [1, 3]}"#, ".at"),
            (r#"{"start": 0, "stop": 1, "points": 5, "jitter": 1}"#, ".jitter"),
            (r#"{"start": 0, "stop": 1, "points": 5, "gaps": {"number": 2, "length": 0.5}}"#, ".gaps.length"),
            (r#"{"start": 0, "stop": 1, "points": 5, "gaps": {"number": 2, "length": 0}}"#, ".gaps.length"),
        ] {
            assert_eq!(times(json).unwrap_err().0, place, "{json}");
        }
        assert!(times(r#"{"start": 0, "at": [5]}"#).is_ok());
    }
}
