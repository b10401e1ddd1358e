//! Where organisations sat: those that last apart from those that have ended, all together and by kind.

use super::BuildError;
use super::mark::{Mark, Stay};
use super::organization::Organizations;
use crate::domain::{CodeRange, Day, OrganizationKind};
use std::cmp::Ordering;
use std::ops::Range;

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
        let mut lasting = self.lasting[part(&self.lasting, range)].iter().copied().peekable();
        let ended = if with_ended { &self.ended[part(&self.ended, range)] } else { &[] };
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

/// The part of seats that lies in a territory.
fn part(seats: &[Seat], range: CodeRange) -> Range<usize> {
    let inside =
        |seat: Option<&Seat>| seat.is_none_or(|seat| range.from <= seat.code() && seat.code() < range.to);
    if inside(seats.first()) && inside(seats.last()) {
        return 0..seats.len();
    }
    let from = seats.partition_point(|seat| seat.code() < range.from);
    from..from + seats[from..].partition_point(|seat| seat.code() < range.to)
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
    /// What is known of those that still sit where they sat, in the order of their seats.
    marks: Box<[Mark]>,
    /// From this day on all of them do.
    standing: Day,
    /// From this day on nothing that has ended counts.
    since: Day,
}

impl Default for Located {
    fn default() -> Self {
        Self {
            all: Seats::default(),
            of_group: Default::default(),
            marks: Box::default(),
            standing: Day::OPEN_FROM,
            since: Day::OPEN_FROM,
        }
    }
}

impl Located {
    /// What sat where.
    ///
    /// # Errors
    /// When a shard has more organisations than can be told apart.
    pub fn build(of: &Organizations, stays: &[Stay]) -> Result<Self, BuildError> {
        let organizations = of.rows.len();
        if organizations >> ROW > 0 {
            return Err(BuildError(format!("{organizations} organizations are too many for one county")));
        }
        let seat = |stay: &Stay| Seat(stay.code << ROW | u64::from(stay.row));
        let lasts = |stay: &Stay| stay.validity.to == Day::OPEN_TO;
        let seats = |kinds: Option<&[OrganizationKind]>| {
            let of = stays.iter().filter(|stay| kinds.is_none_or(|kinds| kinds.contains(&stay.mark.kind)));
            Seats::new(of.map(|stay| (seat(stay), lasts(stay))))
        };
        let ends = stays.iter().filter(|stay| !lasts(stay)).map(|stay| stay.validity.to);
        let since = ends.max().unwrap_or(Day::OPEN_FROM);
        let mut lasting: Vec<&Stay> = stays.iter().filter(|stay| lasts(stay)).collect();
        lasting.sort_unstable_by_key(|stay| seat(stay));
        lasting.dedup_by_key(|stay| seat(stay));
        let begun = lasting.iter().map(|stay| stay.validity.from).max().unwrap_or(Day::OPEN_FROM);
        let standing = since.max(begun);
        Ok(Self {
            all: seats(None),
            of_group: GROUPS.map(|kinds| seats(Some(kinds))),
            marks: lasting.iter().map(|stay| stay.mark.since(standing, &of.establishment)).collect(),
            standing,
            since,
        })
    }

    /// What sits in a territory on a day from which on everything does for good: code, row and what is known of it, ordered. Nothing for
    /// earlier days.
    pub fn standing(&self, range: CodeRange, day: Day) -> Option<impl Iterator<Item = (u64, u32, &Mark)>> {
        if day < self.standing {
            return None;
        }
        let part = part(&self.all.lasting, range);
        let seats = self.all.lasting[part.clone()].iter();
        Some(seats.zip(&self.marks[part]).map(|(seat, mark)| (seat.code(), seat.row(), mark)))
    }

    /// How many still sit somewhere.
    pub fn lasting(&self) -> usize {
        self.marks.len()
    }

    /// Looks at one of them, so that it is near when it is asked for.
    #[inline]
    pub fn touch(&self, at: usize) -> u32 {
        let seat = self.all.lasting.get(at).map_or(0, |seat| seat.row());
        self.marks.get(at).map_or(seat, |mark| seat ^ mark.version)
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.marks) + self.all.bytes() + self.of_group.iter().map(Seats::bytes).sum::<usize>()
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
