//! Where organisations sat: those that last apart from those that have ended.

use crate::domain::{CodeRange, Day};
use std::cmp::Ordering;

/// Which organisation sat in which division at any time: code and row, ordered. Those that still sit there stand apart, so that
/// nobody who asks about today walks over what has ended.
#[derive(Clone)]
pub struct Located {
    lasting: Box<[(u64, u32)]>,
    ended: Box<[(u64, u32)]>,
    /// From this day on nothing that has ended counts.
    since: Day,
}

impl Located {
    /// What sat where: code of the division, row, and the first day on which it did not any more.
    pub fn build(sat: impl Iterator<Item = (u64, u32, Day)>) -> Self {
        let (mut lasting, mut ended, mut since) = (Vec::new(), Vec::new(), Day::OPEN_FROM);
        for (code, row, to) in sat {
            if to == Day::OPEN_TO {
                lasting.push((code, row));
            } else {
                ended.push((code, row));
                since = since.max(to);
            }
        }
        for side in [&mut lasting, &mut ended] {
            side.sort_unstable();
            side.dedup();
        }
        Self { lasting: lasting.into(), ended: ended.into(), since }
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.lasting) + size_of_val(&*self.ended)
    }

    /// What sat in a territory, perhaps not on the day, ordered.
    pub fn within(&self, range: CodeRange, day: Day) -> impl Iterator<Item = (u64, u32)> + '_ {
        let part = |side: &'_ [(u64, u32)]| {
            let from = side.partition_point(|(code, _)| *code < range.from);
            from..from + side[from..].partition_point(|(code, _)| *code < range.to)
        };
        let mut lasting = self.lasting[part(&self.lasting)].iter().copied().peekable();
        let ended = if day < self.since { &self.ended[part(&self.ended)] } else { &[] };
        let mut ended = ended.iter().copied().peekable();
        std::iter::from_fn(move || match (lasting.peek(), ended.peek()) {
            (Some(a), Some(b)) => match a.cmp(b) {
                Ordering::Less => lasting.next(),
                Ordering::Greater => ended.next(),
                Ordering::Equal => {
                    ended.next();
                    lasting.next()
                }
            },
            (Some(_), None) => lasting.next(),
            (None, _) => ended.next(),
        })
    }
}
