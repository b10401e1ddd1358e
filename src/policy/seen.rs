//! The organisation that a view saw last. An answer reads the fields of one after the other, and its posts between them: which
//! version holds, and whether it may be seen, need not be found out for each.

use crate::snapshot::Handle;
use std::sync::atomic::{AtomicU64, Ordering};

/// An organisation that was seen, and the place of its version. In one number, so that it is never half of another.
pub struct Seen(AtomicU64);

/// Bits of the place of a version, and of a row. What does not fit is not kept.
const PLACE: u32 = 26;
const ROW: u32 = 24;

/// A number which stands for no organisation.
const NOTHING: u64 = u64::MAX;

impl Default for Seen {
    fn default() -> Self {
        Self(AtomicU64::new(NOTHING))
    }
}

/// Different for each organisation whose row fits.
#[inline]
fn key(handle: Handle) -> u64 {
    u64::from(handle.shard) << ROW | u64::from(handle.row)
}

impl Seen {
    /// The place of the version of an organisation, if it was the last that was seen.
    #[inline]
    pub fn place(&self, handle: Handle) -> Option<u32> {
        let seen = self.0.load(Ordering::Relaxed);
        let place = u32::try_from(seen & ((1 << PLACE) - 1)).ok()?;
        (key(handle) == seen >> PLACE && handle.row >> ROW == 0 && seen != NOTHING).then_some(place)
    }

    /// Notes an organisation that was seen.
    #[inline]
    pub fn note(&self, handle: Handle, place: u32) {
        let fits = handle.row >> ROW == 0 && handle.shard >> (u64::BITS - PLACE - ROW) == 0;
        if fits && place >> PLACE == 0 {
            self.0.store(key(handle) << PLACE | u64::from(place), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Handle, Seen};

    #[test]
    fn only_the_last_one_is_known() {
        let seen = Seen::default();
        let (a, b) = (Handle { shard: 3, row: 7 }, Handle { shard: 7, row: 3 });
        assert_eq!(seen.place(a), None);
        seen.note(a, 11);
        assert_eq!((seen.place(a), seen.place(b)), (Some(11), None));
        seen.note(b, 0);
        assert_eq!((seen.place(a), seen.place(b)), (None, Some(0)));
        let last = Handle { shard: u32::MAX, row: u32::MAX };
        for (handle, place) in [(last, 1), (a, u32::MAX), (Handle { shard: 1 << 14, row: 0 }, 1)] {
            seen.note(handle, place);
            assert_eq!((seen.place(handle), seen.place(b)), (None, Some(0)), "{handle:?}");
        }
        let most = Handle { shard: (1 << 14) - 1, row: (1 << 24) - 1 };
        seen.note(most, (1 << 26) - 1);
        assert_eq!(seen.place(Handle { shard: 0, row: 0 }), None);
    }
}
