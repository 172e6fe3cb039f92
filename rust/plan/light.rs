//! The zero point: what the light of a whole recipe is measured by.

use super::build::Builder;
use crate::image::profile::light::ZERO_POINT;
use crate::param::Way;
use crate::spec;

impl Builder<'_> {
    pub(super) fn zero_point(&mut self) {
        if let Some(given) = self.spec.zero_point.filter(|given| !ZERO_POINT.range.contains(*given)) {
            let message = format!("{given} is not allowed; zero_point must be {}", ZERO_POINT.range);
            self.fault(ZERO_POINT.name, message);
        }
    }

    /// What a way needs that is no column: the zero point, or nothing; none where it is at fault.
    pub(super) fn constant_of(&mut self, object: &spec::Object, way: &Way) -> Option<Option<f64>> {
        if !way.needs.contains(&ZERO_POINT.name) {
            return Some(None);
        }
        if self.spec.zero_point.is_none() {
            let said = way.written.join(" and ");
            let by_magnitude = way.written.iter().find(|name| name.ends_with("magnitude"));
            self.fault(
                &format!("{}.{}", object.place, by_magnitude.unwrap_or(&way.written[0])),
                format!("{said} needs zero_point, the magnitude of one unit of flux"),
            );
        }
        self.spec.zero_point.filter(|given| ZERO_POINT.range.contains(*given)).map(Some)
    }
}
