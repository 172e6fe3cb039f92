//! The grid of pixels of an image, and where things are on it.

use crate::error::Error;

/// The longest side, in pixels.
pub const LONGEST: usize = 32_768;

/// Rows, columns and the size of a pixel.
///
/// The origin of positions is the image's centre, +x towards higher columns and +y towards
/// higher rows; the centre of an even side is the border that the two middle pixels share.
///
/// # Guarantees
/// Both sides are from 1 to [`LONGEST`], but for [`Grid::NONE`]; the pixel scale is finite and above 0, and so is its
/// inverse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    rows: usize,
    columns: usize,
    pixel_scale: f64,
    per_length: f64,
}

impl Grid {
    /// That of a recipe without images.
    pub const NONE: Grid = Grid { rows: 0, columns: 0, pixel_scale: 1.0, per_length: 1.0 };

    /// A grid of pixels, each `pixel_scale` units of length wide.
    ///
    /// # Errors
    /// A side or a scale outside what is allowed.
    pub fn new(rows: usize, columns: usize, pixel_scale: f64) -> Result<Grid, Error> {
        for (name, side) in [("rows", rows), ("columns", columns)] {
            if !(1..=LONGEST).contains(&side) {
                return Err(Error::Argument(format!("image: {side} {name}; allowed are 1 to {LONGEST}")));
            }
        }
        let per_length = 1.0 / pixel_scale;
        if !(pixel_scale > 0.0 && pixel_scale.is_finite() && per_length.is_finite()) {
            return Err(Error::Argument(format!(
                "image: a pixel_scale of {pixel_scale}; it must be a finite number above 0, in units of \
                 length per pixel"
            )));
        }
        Ok(Grid { rows, columns, pixel_scale, per_length })
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows times columns.
    pub fn pixels(&self) -> usize {
        self.rows * self.columns
    }

    /// The same around a frame that is wider by so many pixels on all sides.
    pub fn widened(&self, margin: usize) -> Grid {
        Grid { rows: self.rows + 2 * margin, columns: self.columns + 2 * margin, ..*self }
    }

    /// Units of length per pixel.
    pub fn pixel_scale(&self) -> f64 {
        self.pixel_scale
    }

    /// A length in pixels.
    pub fn in_pixels(&self, length: f64) -> f64 {
        length * self.per_length
    }

    /// Where the position (x, y) is, in pixels from the outer corner of the pixel of row 0 and
    /// column 0: (column, row).
    pub fn from_corner(&self, x: f64, y: f64) -> (f64, f64) {
        (self.in_pixels(x) + 0.5 * self.columns as f64, self.in_pixels(y) + 0.5 * self.rows as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_the_centre() {
        let grid = Grid::new(4, 7, 0.5).unwrap();
        assert_eq!(grid.from_corner(0.0, 0.0), (3.5, 2.0));
        assert_eq!(grid.from_corner(1.0, -0.5), (5.5, 1.0));
        assert_eq!((grid.pixels(), grid.in_pixels(3.0)), (28, 6.0));
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        for (rows, columns, scale) in [(0, 4, 1.0), (4, LONGEST + 1, 1.0), (4, 4, 0.0), (4, 4, f64::NAN)] {
            assert!(Grid::new(rows, columns, scale).is_err());
        }
        assert!(Grid::new(4, 4, 1e-310).unwrap_err().to_string().contains("pixel_scale"));
    }
}
