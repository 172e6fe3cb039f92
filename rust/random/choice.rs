//! One of several values, each with its weight.

/// Values and the shares of the 64-bit range that belong to them.
///
/// A value's probability is its weight over the sum of all, off by less than 2^-52 (rounding of the
/// running sums) and 2^-64.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    values: Vec<f64>,
    /// Where each value's share ends.
    ends: Vec<u64>,
}

impl Choice {
    /// These values, with these weights or equally likely.
    ///
    /// # Errors
    /// No value, one that is not finite, not as many weights as values, a weight that is negative or
    /// not finite, or no weight above 0.
    pub fn new(values: &[f64], weights: Option<&[f64]>) -> Result<Choice, String> {
        check_values(values)?;
        let equal = vec![1.0; values.len()];
        let weights = weights.unwrap_or(&equal);
        let total = check_weights(weights, values.len())?;
        let kept = || values.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
        let mut sum = 0.0;
        let mut ends: Vec<u64> = kept()
            .map(|(_, weight)| {
                sum += weight;
                // The cast saturates, so the last share ends at the end of the range.
                (sum / total * 18_446_744_073_709_551_616.0) as u64
            })
            .collect();
        ends.pop();
        Ok(Choice { values: kept().map(|(value, _)| *value).collect(), ends })
    }

    /// The value in whose share the bits lie.
    #[inline]
    pub fn pick(&self, bits: u64) -> f64 {
        self.values[self.ends.partition_point(|end| *end <= bits)]
    }

    /// The least and the greatest value that can come.
    pub fn bounds(&self) -> (f64, f64) {
        self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (if *value < low { *value } else { low }, if *value > high { *value } else { high })
        })
    }
}

fn check_values(values: &[f64]) -> Result<(), String> {
    if values.is_empty() {
        return Err("choice: no values; give at least one".into());
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(format!("choice: the value {value} is not a finite number")),
        None => Ok(()),
    }
}

fn check_weights(weights: &[f64], count: usize) -> Result<f64, String> {
    if weights.len() != count {
        return Err(format!("choice: {} weights for {count} values; give one for each", weights.len()));
    }
    if let Some(weight) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        return Err(format!("choice: the weight {weight}; weights are finite and at least 0"));
    }
    let total: f64 = weights.iter().sum();
    if total > 0.0 && total.is_finite() {
        Ok(total)
    } else {
        Err(format!("choice: the weights sum to {total}; their sum must be above 0 and finite"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_as_the_weights() {
        let choice = Choice::new(&[5.0, 6.0, 7.0, 8.0], Some(&[0.0, 1.0, 3.0, 0.0])).unwrap();
        assert_eq!(choice.pick(0), 6.0);
        assert_eq!(choice.pick((1 << 62) - 1), 6.0);
        assert_eq!(choice.pick(1 << 62), 7.0);
        assert_eq!(choice.pick(u64::MAX), 7.0);
        assert_eq!(choice.bounds(), (6.0, 7.0));
    }

    #[test]
    fn equal_weights_are_no_weights() {
        let values = [1.0, 2.0, 3.0];
        assert_eq!(Choice::new(&values, None), Choice::new(&values, Some(&[2.0; 3])));
    }

    #[test]
    fn what_cannot_be_chosen_from_is_refused() {
        let message = |values: &[f64], weights: &[f64]| Choice::new(values, Some(weights)).unwrap_err();
        assert!(message(&[], &[]).contains("at least one"));
        assert!(message(&[f64::NAN], &[1.0]).contains("NaN"));
        assert!(message(&[1.0], &[1.0, 2.0]).contains("2 weights for 1"));
        assert!(message(&[1.0], &[-1.0]).contains("-1"));
        assert!(message(&[1.0, 2.0], &[0.0, 0.0]).contains("above 0"));
        assert!(message(&[1.0, 2.0], &[1e308, 1e308]).contains("finite"));
    }
}
