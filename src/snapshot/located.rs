//! Where organisations sat: those that last apart from those that have ended, all together and by kind.

use super::BuildError;
use crate::domain::{CodeRange, Day, OrganizationKind};
use std::cmp::Ordering;

/// An organisation in a division at some time: the code of the division and the row, in one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seat(u64);

/// Bits of a seat that say the row; codes have at most twelve digits, which take forty.
const ROW: u32 = 24;

impl Seat {
    fn code(self) -> u64 {
        self.0 >> ROW
    }

    fn row(self) -> u32 {
        u32::try_from(self.0 & ((1 << ROW) - 1)).unwrap_or(0)
    }
}

/// Seats in the order of codes and rows. Those that are still taken stand apart, so that nobody who asks about today walks over what
/// has ended.
#[derive(Clone, Default)]
struct Seats {
    lasting: Box<[Seat]>,
    ended: Box<[Seat]>,
}

impl Seats {
    fn new(of: impl Iterator<Item = (Seat, bool)>) -> Self {
        let (mut lasting, mut ended) = (Vec::new(), Vec::new());
        of.for_each(|(seat, lasts)| if lasts { lasting.push(seat) } else { ended.push(seat) });
        for side in [&mut lasting, &mut ended] {
            side.sort_unstable();
            side.dedup();
        }
        Self { lasting: lasting.into(), ended: ended.into() }
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.lasting) + size_of_val(&*self.ended)
    }

    /// What sat in a territory, ordered; what has ended only when it is asked for.
    fn within(&self, range: CodeRange, with_ended: bool) -> impl Iterator<Item = Seat> + '_ {
        let part = |side: &'_ [Seat]| {
            let from = side.partition_point(|seat| seat.code() < range.from);
            from..from + side[from..].partition_point(|seat| seat.code() < range.to)
        };
        let mut lasting = self.lasting[part(&self.lasting)].iter().copied().peekable();
        let ended = if with_ended { &self.ended[part(&self.ended)] } else { &[] };
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

/// The kinds that are found apart from each other.
const GROUPS: [&[OrganizationKind]; 5] = [
    OrganizationKind::TOWNSHIPS,
    &[OrganizationKind::InternalOffice],
    &[OrganizationKind::PublicInstitution],
    &[OrganizationKind::SecondedAgency],
    &[OrganizationKind::Department],
];

/// Which organisation sat in which division at any time.
#[derive(Clone)]
pub struct Located {
    all: Seats,
    of_group: [Seats; GROUPS.len()],
    /// From this day on nothing that has ended counts.
    since: Day,
}

impl Default for Located {
    fn default() -> Self {
        Self { all: Seats::default(), of_group: Default::default(), since: Day::OPEN_FROM }
    }
}

impl Located {
    /// What sat where: code of the division, row, kind, and the first day on which it did not any more.
    ///
    /// # Errors
    /// When a shard has more organisations than can be told apart.
    pub fn build(
        organizations: usize,
        sat: impl Iterator<Item = (u64, u32, OrganizationKind, Day)>,
    ) -> Result<Self, BuildError> {
        if organizations >> ROW > 0 {
            return Err(BuildError(format!("{organizations} organizations are too many for one county")));
        }
        let sat: Vec<_> =
            sat.map(|(code, row, kind, to)| (Seat(code << ROW | u64::from(row)), kind, to)).collect();
        let seats = |kinds: Option<&[OrganizationKind]>| {
            let of = sat.iter().filter(|(_, kind, _)| kinds.is_none_or(|kinds| kinds.contains(kind)));
            Seats::new(of.map(|(seat, _, to)| (*seat, *to == Day::OPEN_TO)))
        };
        let ends = sat.iter().map(|(_, _, to)| *to).filter(|to| *to != Day::OPEN_TO);
        let since = ends.max().unwrap_or(Day::OPEN_FROM);
        Ok(Self { all: seats(None), of_group: GROUPS.map(|kinds| seats(Some(kinds))), since })
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.all.bytes() + self.of_group.iter().map(Seats::bytes).sum::<usize>()
    }

    /// What of some kinds, and perhaps others, sat in a territory, perhaps not on the day: code and row, ordered.
    pub fn within(
        &self,
        range: CodeRange,
        day: Day,
        kinds: &[OrganizationKind],
    ) -> impl Iterator<Item = (u64, u32)> + '_ {
        let group = GROUPS.iter().position(|group| kinds.iter().all(|kind| group.contains(kind)));
        let seats = group.map_or(&self.all, |at| &self.of_group[at]);
        seats.within(range, day < self.since).map(|seat| (seat.code(), seat.row()))
    }
}
