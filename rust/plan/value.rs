//! From a written value to a distribution that cannot fail.

use crate::param::{Kind, Param, Range};
use crate::random::prior::Prior;
use crate::spec::{Distribution, Value};

/// Fewer accepted draws than this share are an error.
const LEAST_ACCEPTANCE: f64 = 0.01;

/// The distribution, and the range in which its draws are kept.
pub(super) fn prior(value: &Value, param: &Param) -> Result<(Prior, Range), String> {
    let (prior, range) = match value {
        Value::Constant(constant) => (Prior::constant(*constant)?, param.range),
        Value::Drawn(distribution) => (drawn(distribution)?, within(&param.range, distribution)),
    };
    if param.kind != Kind::Real && !prior.is_integer() {
        return Err(format!("{} is a whole number; give one, or integers, choice or poisson", param.name));
    }
    let acceptance = prior.acceptance(&range);
    match prior.as_constant() {
        Some(constant) if acceptance == 0.0 => {
            Err(format!("{constant} is not allowed; {} must be {}", param.name, param.range))
        }
        None if acceptance < LEAST_ACCEPTANCE => Err(format!(
            "under 1 % of its draws are allowed; {} must be {range}", param.name
        )),
        _ => Ok((prior, range)),
    }
}

/// The legal range, narrowed by the modifiers.
fn within(legal: &Range, distribution: &Distribution) -> Range {
    let mut range = *legal;
    if let Some(min) = distribution.min.filter(|min| *min > range.low) {
        (range.low, range.low_open) = (min, false);
    }
    if let Some(max) = distribution.max.filter(|max| *max < range.high) {
        (range.high, range.high_open) = (max, false);
    }
    range
}

fn drawn(d: &Distribution) -> Result<Prior, String> {
    let kinds = [
        d.uniform.map(|[a, b]| Prior::uniform(a, b)),
        d.log_uniform.map(|[a, b]| Prior::log_uniform(a, b)),
        d.normal.map(|[mean, sd]| Prior::normal(mean, sd)),
        d.integers.map(|[a, b]| Prior::integers(a, b)),
        d.poisson.map(Prior::poisson),
        d.choice.as_ref().map(|values| Prior::choice(values, d.weights.as_deref())),
    ];
    let mut given = kinds.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(prior), None) => prior,
        (None, _) => Err("a distribution is missing; give one of uniform, log_uniform, normal, integers, choice, poisson".into()),
        (Some(_), Some(_)) => Err("one distribution at a time".into()),
    }
}
