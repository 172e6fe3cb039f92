//! Memory that is asked for before it is needed.

/// Pixels on a cache line.
const LINE: usize = 16;
/// Larger planes would be forgotten before their turn comes: half of a second-level cache of old.
const LARGEST: usize = 1 << 15;
/// Pixels that are asked for at a time.
const PART: usize = 6 * LINE;

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

/// A plane in the parts that are asked for at a time, so few that a processor has room for them and its other loads;
/// none of a plane that would not be there any more when it is needed, being larger than half of a first-level cache.
pub(crate) fn parts(plane: &[f32]) -> impl Iterator<Item = &[f32]> {
    plane.chunks(PART).take(if plane.len() <= LARGEST / 4 { usize::MAX } else { 0 })
}

/// A larger plane in so many parts, for what works longer than the lookups do: the second-level cache keeps it. To write
/// 167 x 167 pixels took twice the time without.
pub(crate) fn large_parts(plane: &[f32], count: usize) -> impl Iterator<Item = &[f32]> {
    let is_large = plane.len() > LARGEST / 4 && plane.len() <= LARGEST;
    plane.chunks(plane.len().div_ceil(count.max(1)).max(1)).take(if is_large { count } else { 0 })
}

/// Asks for a part of a plane.
#[inline(always)]
pub(crate) fn ask_for(part: &[f32]) {
    part.iter().step_by(LINE).for_each(|pixel| fetch(pixel));
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
