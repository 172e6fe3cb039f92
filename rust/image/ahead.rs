//! Memory that is asked for before it is needed.

/// Pixels on a cache line.
const LINE: usize = 16;
/// Larger planes would be forgotten before their turn comes: half of a second-level cache of old.
const LARGEST: usize = 1 << 15;

/// Asks for a row's place in the next image of a batch, which is one plane further on.
///
/// A batch is larger than the caches, and what clears the next image would wait for each of its lines: 1 us of 11
/// for 64 x 64 pixels. So they come while this image is drawn.
#[inline(always)]
pub(crate) fn in_next_image(row: &[f32], plane: usize) {
    if plane <= LARGEST {
        for pixel in (0..row.len()).step_by(LINE) {
            fetch(row.as_ptr().wrapping_add(plane + pixel));
        }
    }
}

#[inline(always)]
fn fetch(place: *const f32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: this reads nothing, and does nothing where there is no memory.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
