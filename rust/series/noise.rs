//! Noise of what is seen of a system.

use crate::isa::{Isa, kernel};
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};
use crate::random::{Counter, Key, normal};

/// How wide it is. What a relative width comes to is known with the curve, so that neither
/// follows from the other before.
const WIDTH: Ways = Ways {
    of: "width",
    gives: &["sigma"],
    ways: &[
        Way { written: &["sigma"], needs: &["sigma"], convert: |width| [width[0], 0.0] },
        Way { written: &["relative"], needs: &["relative"], convert: |width| [width[0], 0.0] },
    ],
    valid: |_| true,
    allowed: "at least 0",
};

/// Gaussian noise.
pub const GAUSSIAN: Model = Model {
    name: "gaussian",
    family: Family::Noise,
    summary: "Gaussian noise of what is seen, independent at every time.",
    params: &[&[
        Param::new("sigma", Unit::One, Range::NOT_NEGATIVE, "Standard deviation, in the observable's unit.")
            .random(Prior::LogUniform(0.001, 0.1), Scale::One),
        Param::new(
            RELATIVE,
            Unit::One,
            Range::NOT_NEGATIVE,
            "Standard deviation, in those of the noiseless values of one trajectory about their mean.",
        )
        .random(Prior::LogUniform(0.001, 0.1), Scale::One),
    ]],
    ways: &[&WIDTH],
    canonical: &["sigma"],
    render: None,
};

/// The parameter whose unit is the spread of the noiseless values.
pub const RELATIVE: &str = "relative";

/// Which numbers of a curve belong to one body: `axes` at each time, `stride` from time to time.
#[derive(Clone, Copy)]
pub struct Part {
    /// Where the first is.
    pub begin: usize,
    /// From one time to the next.
    pub stride: usize,
    /// How many there are at a time.
    pub axes: usize,
}

impl Part {
    fn column(self, axis: usize, values: &[f64]) -> impl Iterator<Item = &f64> + Clone {
        values[self.begin + axis..].iter().step_by(self.stride)
    }
}

/// Adds normal numbers to the curve of one body. `widths` has one for each axis; word `t * axes +
/// axis` of the slot's plane belongs to a number, whatever other bodies there are.
pub fn add(
    isa: Isa,
    (key, counter): (Key, Counter),
    part: Part,
    widths: &[f64],
    normals: &mut Vec<f32>,
    values: &mut [f64],
) {
    normals.resize(values[part.begin..].len().div_ceil(part.stride) * part.axes, 0.0);
    normal::fill(isa, key, counter, 0, normals);
    if part.stride == 1 {
        return add_run(isa, widths[0], normals, &mut values[part.begin..]);
    }
    for (values, normals) in values[part.begin..].chunks_mut(part.stride).zip(normals.chunks_exact(part.axes))
    {
        for ((value, normal), width) in values.iter_mut().zip(normals).zip(widths) {
            *value += width * f64::from(*normal);
        }
    }
}

kernel! {
    fn add_run(width: f64, normals: &[f32], values: &mut [f64]) {
        for (value, &normal) in values.iter_mut().zip(normals) {
            *value += width * f64::from(normal);
        }
    }
}

/// The standard deviation about their mean of the finite numbers of one axis of a body.
pub fn spread(part: Part, axis: usize, values: &[f64]) -> f64 {
    let finite = || part.column(axis, values).copied().filter(|value| value.is_finite());
    let count = finite().count().max(1) as f64;
    let mean = finite().sum::<f64>() / count;
    (finite().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_noise_of_its_own_plane() {
        let stream = (Key::new(1, "", "noise"), Counter::default());
        let mut alone = vec![0.0; 20];
        add(
            Isa::BASELINE,
            stream,
            Part { begin: 0, stride: 2, axes: 2 },
            &[1.0, 2.0],
            &mut vec![],
            &mut alone,
        );
        let mut among = vec![0.0; 60];
        let part = Part { begin: 2, stride: 6, axes: 2 };
        add(Isa::BASELINE, stream, part, &[1.0, 2.0], &mut vec![], &mut among);
        for time in 0..10 {
            assert_eq!(alone[2 * time..2 * time + 2], among[6 * time + 2..6 * time + 4]);
            assert_eq!((among[6 * time], among[6 * time + 4]), (0.0, 0.0));
        }
        assert!(alone.iter().all(|value| *value != 0.0));
    }

    #[test]
    fn the_spread_is_about_the_mean() {
        let part = Part { begin: 1, stride: 2, axes: 1 };
        assert_eq!(spread(part, 0, &[9.0, 101.0, 9.0, 103.0, 9.0, f64::NAN]), 1.0);
        assert_eq!(spread(part, 0, &[0.0, f64::NAN]), 0.0);
    }
}
