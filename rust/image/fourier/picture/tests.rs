//! Pictures against sums over their pixels.

use super::*;
use crate::image::fourier::axis::{axis, shortest};

const ROWS: [[f64; 4]; 3] = [[0.0, 1.0, 2.0, 0.0], [1.0, 5.0, 3.0, -1.0], [0.0, 2.0, 0.5, 0.5]];

fn picture(rows: &[Vec<f64>], interpolation: Interpolation) -> Result<Picture, String> {
    Picture::new(&Sight { rows, step: 0.7, centre: (1.4, 1.0), interpolation, has_pixel: false })
}

/// The sum over the pixels, one by one.
#[test]
fn the_lattice_has_the_transform_of_the_pixels() {
    let made = picture(&ROWS.map(Vec::from), Interpolation::Cubic).unwrap();
    let axes = [axis(shortest(40.0)), axis(shortest(32.0))];
    let (mut work, mut cells) = (Work::default(), Cells::default());
    made.tabulate(Isa::best(), axes, [48, 32], &mut work, &mut cells);
    let flux: f64 = ROWS.iter().flatten().sum();
    for (m, l, side) in [(0, 0, 0), (3, 7, 1), (40, 2, 0), (47, 31, 1)] {
        let sign = if side == 0 { 1.0 } else { -1.0 };
        let (kx, ky) = (f64::from(axes[0].frequency(m)), sign * f64::from(axes[1].frequency(l)));
        let (mut re, mut im) = (0.0, 0.0);
        for (j, row) in ROWS.iter().enumerate() {
            for (i, value) in row.iter().enumerate() {
                let angle = 0.7 * (kx * (i as f64 - 1.4) + ky * (j as f64 - 1.0));
                (re, im) = (re + value * angle.cos(), im - value * angle.sin());
            }
        }
        let response = |k: f64| Interpolation::Cubic.transform(0.7 * k / (2.0 * PI)) / flux.sqrt();
        let [found_re, found_im] = cells.row(side, m);
        assert!((f64::from(found_re[l]) - re * response(kx) * response(ky)).abs() < 1e-6, "{m} {l}");
        assert!((f64::from(found_im[l]) - im * response(kx) * response(ky)).abs() < 1e-6, "{m} {l}");
    }
}

#[test]
fn interpolants_keep_the_light_and_nothing_at_other_pixels_frequencies() {
    for interpolation in
        [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic, Interpolation::Quintic]
    {
        assert!((interpolation.transform(1e-3) - 1.0).abs() < 1e-5);
        assert!([1.0, 2.0, 5.0].into_iter().all(|u| interpolation.transform(u).abs() < 1e-12));
    }
}

#[test]
fn what_is_no_psf_is_refused() {
    let refused = |rows: &[Vec<f64>]| picture(rows, Interpolation::Quintic).err().unwrap();
    assert!(refused(&[]).contains("0 x 0 pixels are not allowed"));
    assert!(refused(&[vec![1.0], vec![]]).contains("not of one length"));
    assert!(refused(&[vec![1.0, f64::NAN]]).contains("the pixel of row 0 and column 1 is NaN"));
    assert!(refused(&[vec![1.0, -1.0]]).contains("above 0 in all"));
    assert!(refused(&[vec![1.0; MOST_SIDE + 1]]).contains("1 to 512 a side are"));
}
