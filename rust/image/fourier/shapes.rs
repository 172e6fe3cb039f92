//! Shapes through the PSF.

use super::axis::{self, Axis};
use super::brightness::Brightness;
use super::cells::{blur, multiply, put};
use super::figure::{self, Figure, Side};
use super::light::{Light, Spread};
use super::reach::Reach;
use super::{COPIES, FLUX, Fourier, Through, WIDEST, counts};
use crate::isa::Isa;

impl Fourier {
    /// How much further than the frame a shape is followed on all sides: what is beyond has no light in
    /// the frame, or is more than [`WIDEST`] pixels away.
    pub fn margin(&mut self, isa: Isa) -> usize {
        let reach = self.reach_of_point(isa);
        let spread = 1.0 / reach.peak;
        let is_enough = |margin: &usize| {
            let wide = self.frame.map(|side| (side + 2 * margin) as f64);
            let light = reach.at(isa, [*margin as f64; 2]).map(|light| light * reach.peak);
            light.iter().all(|light| (wide[0] * wide[1] + spread) * light < COPIES * self.accuracy)
        };
        (3..).map(|power| 1 << power).find(|margin| *margin >= WIDEST || is_enough(margin)).unwrap_or(WIDEST)
    }

    fn reach_of_point(&mut self, isa: Isa) -> Reach {
        let point =
            Light { centre: (0.5, 0.5), flux: 1.0, radius: 1.0, shear: (0.0, 0.0), spread: Spread::Point };
        self.tables.set(isa, Spread::Point, 0.0);
        let object = (&point, self.tables.table());
        Reach::new(isa, object, Brightness::Point, self.psf.parts(), &mut self.spectra)
    }

    /// Adds a shape of this intensity by its edges, given for a frame that is wider by `margin` on all
    /// sides.
    pub fn add_figure(&mut self, isa: Isa, sides: &[Side], intensity: f64, margin: usize) {
        let first = self.sides.len();
        let (shift, end) = (margin as f64, (self.frame[0] + 2 * margin) as f64);
        let all = &mut self.sides;
        sides.iter().for_each(|side| side.clipped(end, shift, |side| all.push(side)));
        if self.psf.parts().is_empty() || self.sides.len() == first {
            return;
        }
        let reach = self.reach_of_point(isa);
        let bounds = figure::bounds(&self.sides[first..]);
        let area = bounds.iter().map(|[low, high]| high - low).product::<f64>() + 1.0 / reach.peak;
        let pixels = (self.frame[0] * self.frame[1]) as f64;
        let accuracy = self.accuracy_of(intensity.abs());
        for i in [0, 1] {
            let (side, [low, high]) = (self.frame[i] as f64, bounds[i]);
            let far = if side - low > high { side - low } else { high };
            let is_good = |period: usize| {
                let distance = period as f64 - far;
                let light = || reach.at(isa, [distance; 2])[i] * reach.peak;
                distance >= 1.0 && area * light() < COPIES * accuracy && pixels * light() < FLUX * accuracy
            };
            let first = self.own[i];
            let periods = axis::periods(first);
            let found = periods.iter().position(|(period, _)| is_good(*period)).unwrap_or(periods.len() - 1);
            self.axes[i] = self.axes[i].max(first + found);
        }
        self.figures.push(Figure { sides: first..self.sides.len(), intensity });
    }

    /// A shape, through a part of the PSF.
    pub(super) fn draw_figure(&mut self, isa: Isa, axes: [&Axis; 2], number: usize, part: usize) {
        let [x, y] = self.middle();
        let Through { cells, turns, work, figure } = &mut **self.through.get_or_insert_default();
        let Figure { sides, intensity } = &self.figures[number];
        let part = self.psf.part_mut(part);
        let ends = counts(axes, part.ends());
        cells.fit(ends);
        figure::transform(isa, axes, &self.sides[sides.clone()], (x, y), figure, cells);
        let scale = 2.0 * (intensity * part.light.flux) / (axes[0].period * axes[1].period) as f64;
        let picture = part.picture().map(|n| &self.pictures[n]);
        match picture {
            Some(picture) => multiply(isa, part.cells(isa, axes, ends, picture, work), cells),
            None => blur(isa, axes, &part.light, &part.table, cells),
        }
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            turns[i].set(axes[i], 0.0, factor, ends[i], picture.is_none_or(|picture| !picture.has_pixel));
        }
        put(isa, axes, turns, cells, &mut self.canvas);
    }
}
