//! The slow and obvious truth about shapes: signed distances from the edge, below 0 inside, and
//! areas by cutting squares into four. Nothing here is shared with the renderers.

use crate::draw::value;
use lightmill::image::grid::Grid;
use lightmill::param::Model;

/// What a shape is.
pub struct Figure<'a> {
    model: &'a Model,
    parameters: &'a [f64],
}

impl Figure<'_> {
    pub fn new<'a>(model: &'a Model, parameters: &'a [f64]) -> Figure<'a> {
        Figure { model, parameters }
    }

    fn get(&self, name: &str) -> f64 {
        value(self.model, self.parameters, name).unwrap()
    }

    /// How far a place is from the edge, or less: never more than that.
    pub fn distance(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x - self.get("x"), y - self.get("y"));
        if self.get("line_width") == 0.0 && value(self.model, self.parameters, "fill") != Some(1.0) {
            return f64::INFINITY;
        }
        match self.model.name {
            "line" => self.line(x, y),
            "arc" => self.arc(x, y),
            _ => self.closed(x, y),
        }
    }

    fn closed(&self, x: f64, y: f64) -> f64 {
        let half = 0.5 * self.get("line_width");
        let outer = self.grown(x, y, half);
        if self.get("fill") == 1.0 { outer } else { outer.max(-self.grown(x, y, -half)) }
    }

    /// From the shape with its edge moved outward.
    fn grown(&self, x: f64, y: f64, by: f64) -> f64 {
        let turned = |angle: f64| {
            let (sin, cos) = angle.to_radians().sin_cos();
            (x * cos + y * sin, y * cos - x * sin)
        };
        match self.model.name {
            "circle" => x.hypot(y) - self.get("radius") - by,
            "ellipse" => {
                let (u, v) = turned(self.get("angle"));
                ellipse(0.5 * self.get("width"), 0.5 * self.get("height"), u, v) - by
            }
            "rectangle" => {
                let (u, v) = turned(self.get("angle"));
                (u.abs() - 0.5 * self.get("width")).max(v.abs() - 0.5 * self.get("height")) - by
            }
            _ => {
                let sides = self.get("sides") as usize;
                let half_turn = 180.0 / sides as f64;
                let apothem = self.get("radius") * half_turn.to_radians().cos();
                let from =
                    |i: usize| turned(self.get("angle") + half_turn * (2 * i + 1) as f64).0 - apothem - by;
                (0..sides).map(from).fold(f64::NEG_INFINITY, f64::max)
            }
        }
    }

    fn line(&self, x: f64, y: f64) -> f64 {
        let [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map(|name| self.get(name));
        let length = (x2 - x1).hypot(y2 - y1);
        let (cos, sin) = ((x2 - x1) / length, (y2 - y1) / length);
        let along = (x - x1) * cos + (y - y1) * sin;
        let across = (y - y1) * cos - (x - x1) * sin;
        (-along).max(along - length).max(across.abs() - 0.5 * self.get("line_width"))
    }

    fn arc(&self, x: f64, y: f64) -> f64 {
        let band = (x.hypot(y) - self.get("radius")).abs() - 0.5 * self.get("line_width");
        let (start, sweep) = (self.get("start"), self.get("sweep"));
        let (first, last) = if sweep < 0.0 { (start + sweep, start) } else { (start, start + sweep) };
        let behind = |angle: f64, sign: f64| {
            let (sin, cos) = angle.to_radians().sin_cos();
            sign * (x * sin - y * cos)
        };
        let (one, other) = (behind(first, 1.0), behind(last, -1.0));
        band.max(if sweep.abs() <= 180.0 { one.max(other) } else { one.min(other) })
    }

    /// The fraction of each pixel that is inside.
    pub fn coverage(&self, grid: &Grid) -> Vec<f64> {
        let scale = grid.pixel_scale();
        (0..grid.pixels()).map(|i| self.covered(centre(grid, i), scale, 7) / (scale * scale)).collect()
    }

    /// The area inside a square.
    fn covered(&self, (x, y): (f64, f64), side: f64, halvings: u32) -> f64 {
        let distance = self.distance(x, y);
        if distance.abs() > 0.708 * side {
            return if distance < 0.0 { side * side } else { 0.0 };
        }
        if halvings == 0 {
            let step = 1e-4 * side;
            let slope = |dx: f64, dy: f64| {
                (self.distance(x + dx, y + dy) - self.distance(x - dx, y - dy)) / (2.0 * step)
            };
            return side * side * half_plane(slope(step, 0.0), slope(0.0, step), distance / side);
        }
        let quarter = 0.25 * side;
        let parts = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];
        parts
            .map(|(u, v)| self.covered((x + u * quarter, y + v * quarter), 0.5 * side, halvings - 1))
            .iter()
            .sum()
    }
}

/// The part of a unit square at the inner side of a straight edge at a distance from its centre,
/// whose outward normal is (a, b).
fn half_plane(a: f64, b: f64, distance: f64) -> f64 {
    let (a, b) = (a.abs(), b.abs());
    let (a, b) = if a < b { (b, a) } else { (a, b) };
    if b < 1e-6 {
        return (0.5 - distance / a).clamp(0.0, 1.0);
    }
    let ramp = |z: f64| (z - distance).max(0.0).powi(2);
    let (both, one) = (0.5 * (a + b), 0.5 * (a - b));
    (ramp(both) - ramp(one) - ramp(-one) + ramp(-both)) / (2.0 * a * b)
}

/// The place of a pixel's centre.
pub fn centre(grid: &Grid, pixel: usize) -> (f64, f64) {
    let (row, column) = ((pixel / grid.columns()) as f64, (pixel % grid.columns()) as f64);
    (
        (column + 0.5 - 0.5 * grid.columns() as f64) * grid.pixel_scale(),
        (row + 0.5 - 0.5 * grid.rows() as f64) * grid.pixel_scale(),
    )
}

/// From an ellipse: the foot (a^2 u/(t + a^2), b^2 v/(t + b^2)) is on it for one t above -b^2,
/// found by bisection (Eberly 2013, Distance from a point to an ellipse).
fn ellipse(a: f64, b: f64, u: f64, v: f64) -> f64 {
    let (a, b, u, v) = if a < b { (b, a, v.abs(), u.abs()) } else { (a, b, u.abs(), v.abs()) };
    let foot = |t: f64| (a * a * u / (t + a * a), b * b * v / (t + b * b));
    let outside = |(x, y): (f64, f64)| (x / a).powi(2) + (y / b).powi(2) > 1.0;
    let (mut low, mut high) = (-b * b, a * u.hypot(v) + a * a);
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if outside(foot(middle)) { low = middle } else { high = middle }
    }
    let (x, y) = foot(high);
    // On the long axis, near the centre, the foot is off the axis.
    let y = if b * (1.0 - (x / a).powi(2)).max(0.0).sqrt() > y {
        b * (1.0 - (x / a).powi(2)).max(0.0).sqrt()
    } else {
        y
    };
    let away = (u - x).hypot(v - y);
    if outside((u, v)) { away } else { -away }
}
