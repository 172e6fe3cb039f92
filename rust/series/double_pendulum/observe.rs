//! What is seen of a double pendulum.

use super::Double;
use crate::series::scalar::Scalar;
use crate::series::{Observable, Run, Setup, one};

/// Writes a function of the double pendulum and its state for all times.
#[inline(always)]
fn each<T: Scalar>(_: &Setup, run: &Run<T>, out: &mut [T], see: impl Fn(&Double<T>, [T; 4]) -> T) {
    let Some((double, _)) = Double::new(run) else { return };
    for (out, state) in out.iter_mut().zip(run.states.chunks_exact(4)) {
        *out = see(&double, [state[0], state[1], state[2], state[3]]);
    }
}

impl<T: Scalar> Double<T> {
    /// Where a bob is from what it hangs on, to the right and downwards.
    #[inline(always)]
    fn rod(&self, which: usize, state: [T; 4]) -> (T, T) {
        let (sin, cos) = state[which].sine_cosine();
        (self.lengths[which] * sin, self.lengths[which] * cos)
    }
}

/// All of them.
pub(super) const ALL: &[Observable] = &[
    one!("x1", Metre, "l_1 sin q_1, of the upper bob, from the pivot.", |d, s| d.rod(0, s).0),
    one!("y1", Metre, "-l_1 cos q_1, of the upper bob, upwards from the pivot.", |d, s| -d.rod(0, s).1),
    one!("x2", Metre, "x_1 + l_2 sin q_2, of the lower bob, from the pivot.", |d, s| d.rod(0, s).0
        + d.rod(1, s).0),
    one!("y2", Metre, "y_1 - l_2 cos q_2, of the lower bob, upwards from the pivot.", |d, s| -d.rod(0, s).1
        - d.rod(1, s).1),
    one!("angle1", Degree, "Of the upper rod; whole turns count.", |_, s| s[0].degrees()),
    one!("angle2", Degree, "Of the lower rod; whole turns count.", |_, s| s[1].degrees()),
    one!("angular_velocity1", DegreePerSecond, "The rate of change of angle1.", |_, s| s[2].degrees()),
    one!("angular_velocity2", DegreePerSecond, "The rate of change of angle2.", |_, s| s[3].degrees()),
    one!("energy", Joule, "Kinetic and potential.", |d, s| d.kinetic(s) + d.potential(s)),
    one!("kinetic_energy", Joule, "Of both bobs.", Double::kinetic),
    one!("potential_energy", Joule, "Of both bobs, 0 where both hang straight down.", Double::potential),
];
