//! The organisations that a view saw lately. An answer lists the bodies of a township, then reads the fields of one after the other,
//! and its posts between them: which version holds, and whether it may be seen, need not be found out for each.

use crate::snapshot::Handle;
use std::sync::atomic::{AtomicU64, Ordering};

/// Organisations that were seen, and the places of their versions, by the last bits of their rows: the bodies of a township stand
/// together. Each in one number, so that it is never half of another.
pub struct Seen([AtomicU64; SLOTS]);

/// About as many as a township has bodies.
const SLOTS: usize = 16;

/// Bits of the place of a version, and of a row. What does not fit is not kept.
const PLACE: u32 = 26;
const ROW: u32 = 24;

/// A number which stands for no organisation.
const NOTHING: u64 = u64::MAX;

impl Default for Seen {
    fn default() -> Self {
        Self([const { AtomicU64::new(NOTHING) }; SLOTS])
    }
}

/// Different for each organisation whose row fits.
#[inline]
fn key(handle: Handle) -> u64 {
    u64::from(handle.shard) << ROW | u64::from(handle.row)
}

impl Seen {
    #[inline]
    fn slot(&self, handle: Handle) -> &AtomicU64 {
        &self.0[handle.row as usize % SLOTS]
    }

    /// The place of the version of an organisation, if it was seen lately.
    #[inline]
    pub fn place(&self, handle: Handle) -> Option<u32> {
        let seen = self.slot(handle).load(Ordering::Relaxed);
        let place = u32::try_from(seen & ((1 << PLACE) - 1)).ok()?;
        (key(handle) == seen >> PLACE && handle.row >> ROW == 0 && seen != NOTHING).then_some(place)
    }

    /// Notes an organisation that was seen.
    #[inline]
    pub fn note(&self, handle: Handle, place: u32) {
        let fits = handle.row >> ROW == 0 && handle.shard >> (u64::BITS - PLACE - ROW) == 0;
        if fits && place >> PLACE == 0 {
            self.slot(handle).store(key(handle) << PLACE | u64::from(place), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Handle, Seen};

    #[test]
    fn only_what_was_seen_lately_is_known() {
        let seen = Seen::default();
        let handle = |shard, row| Handle { shard, row };
        let (a, b, c) = (handle(3, 7), handle(3, 8), handle(7, 23));
        assert_eq!(seen.place(a), None);
        seen.note(a, 11);
        seen.note(b, 0);
        assert_eq!((seen.place(a), seen.place(b), seen.place(c)), (Some(11), Some(0), None));
        seen.note(c, 5);
        assert_eq!((seen.place(a), seen.place(b), seen.place(c)), (None, Some(0), Some(5)));
        for (of, place) in [(handle(u32::MAX, u32::MAX), 1), (a, u32::MAX), (handle(1 << 14, 7), 1)] {
            seen.note(of, place);
            assert_eq!((seen.place(of), seen.place(c)), (None, Some(5)), "{of:?}");
        }
        seen.note(handle((1 << 14) - 1, (1 << 24) - 1), (1 << 26) - 1);
        assert_eq!(
            seen.place(handle((1 << 14) - 1, (1 << 24) - 1)),
            None,
            "the number that stands for nothing"
        );
        assert_eq!(seen.place(handle(0, 15)), None);
    }
}
