//! Ids in four bytes. Nearly every id was given out by the shard in which it stands, or is referred to: of those the number within
//! the shard is enough. Those of other shards stand apart.

use crate::store::ID_SPACE;
use rustc_hash::FxHashMap;

/// The ids of the rows of a table. Where they follow one another they take no memory at all.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    /// What numbers are counted from.
    base: i64,
    count: u32,
    /// Numbers by row; empty when they follow one another.
    numbers: Box<[u32]>,
    /// Rows in the order of their numbers; empty when they stand in it.
    by_number: Box<[u32]>,
    /// The ids of other shards, ordered, with their rows. The number of the first is `ID_SPACE`.
    far: Box<[(i64, u32)]>,
}

/// The first number that stands for an id of another shard.
const FAR: u32 = ID_SPACE as u32;

/// The number of an id that was given out by a shard.
pub fn near(base: i64, id: i64) -> Option<u32> {
    id.checked_sub(base).filter(|near| (0..ID_SPACE).contains(near)).and_then(|near| u32::try_from(near).ok())
}

/// The place of something in a table that fits into memory, as a number of four bytes.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Ids {
    /// The ids of the rows of a table of a shard.
    #[must_use]
    pub fn new(shard: u32, ids: &[i64]) -> Self {
        let first = ids.first().copied().unwrap_or_default();
        if ids.iter().zip(first..).all(|(id, expected)| *id == expected) {
            return Self { base: first, count: place(ids.len()), ..Self::default() };
        }
        let base = i64::from(shard) * ID_SPACE;
        let strangers = (0..).zip(ids).filter(|(_, id)| near(base, **id).is_none());
        let mut far: Vec<(i64, u32)> = strangers.map(|(row, id)| (*id, row)).collect();
        far.sort_unstable();
        let far_number = |id: i64| FAR + place(far.partition_point(|(other, _)| *other < id));
        let numbers: Vec<u32> =
            ids.iter().map(|id| near(base, *id).unwrap_or_else(|| far_number(*id))).collect();
        let mut by_number = Vec::new();
        if !numbers.is_sorted() {
            by_number = (0..place(ids.len())).collect();
            by_number.sort_unstable_by_key(|row: &u32| numbers[*row as usize]);
        }
        Self {
            base,
            count: place(ids.len()),
            numbers: numbers.into(),
            by_number: by_number.into(),
            far: far.into(),
        }
    }

    /// The id of a row.
    #[inline]
    #[must_use]
    pub fn get(&self, row: u32) -> i64 {
        match self.numbers.get(row as usize) {
            None => self.base + i64::from(row),
            Some(number) if *number < FAR => self.base + i64::from(*number),
            Some(number) => self.far[(number - FAR) as usize].0,
        }
    }

    /// The row with an id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<u32> {
        if self.numbers.is_empty() {
            let row = u32::try_from(id.checked_sub(self.base)?).ok()?;
            return (row < self.count).then_some(row);
        }
        let Some(number) = near(self.base, id) else {
            let at = self.far.binary_search_by_key(&id, |(id, _)| *id).ok()?;
            return Some(self.far[at].1);
        };
        if self.by_number.is_empty() {
            return self.numbers.binary_search(&number).ok().map(place);
        }
        // Numbers are given one after the other: mostly it stands as far from the first as it is larger.
        let least = self.numbers[*self.by_number.first()? as usize];
        let guess = number.checked_sub(least).and_then(|at| self.by_number.get(at as usize).copied());
        if guess.is_some_and(|row| self.numbers[row as usize] == number) {
            return guess;
        }
        let at = self.by_number.binary_search_by_key(&number, |row| self.numbers[*row as usize]).ok()?;
        Some(self.by_number[at])
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.numbers) + size_of_val(&*self.by_number) + size_of_val(&*self.far)
    }
}

/// A reference to a record by its id, in the words of the shard in which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference(u32);

impl Reference {
    /// A reference to nothing.
    pub const NONE: Self = Self(u32::MAX);
}

/// What the references of a shard refer to.
#[derive(Debug, Clone, Default)]
pub struct References {
    base: i64,
    far: Box<[i64]>,
}

impl References {
    /// The id that is referred to.
    #[inline]
    #[must_use]
    pub fn get(&self, reference: Reference) -> Option<i64> {
        match reference.0 {
            u32::MAX => None,
            number if number < FAR => Some(self.base + i64::from(number)),
            number => self.far.get((number - FAR) as usize).copied(),
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.far)
    }
}

/// Collects the references of a shard while it is built.
#[derive(Debug, Default)]
pub struct Referrer {
    base: i64,
    far: Vec<i64>,
    known: FxHashMap<i64, u32>,
}

impl Referrer {
    /// The references of a shard.
    #[must_use]
    pub fn new(shard: u32) -> Self {
        Self { base: i64::from(shard) * ID_SPACE, ..Self::default() }
    }

    /// A reference to a record.
    pub fn to(&mut self, id: i64) -> Reference {
        Reference(near(self.base, id).unwrap_or_else(|| {
            FAR + *self.known.entry(id).or_insert_with(|| {
                self.far.push(id);
                place(self.far.len() - 1)
            })
        }))
    }

    /// A reference to a record, or to nothing.
    pub fn maybe(&mut self, id: Option<i64>) -> Reference {
        id.map_or(Reference::NONE, |id| self.to(id))
    }

    /// What they refer to.
    #[must_use]
    pub fn finish(self) -> References {
        References { base: self.base, far: self.far.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::{ID_SPACE, Ids, Reference, Referrer};

    const SHARD: u32 = 210_681;
    const BASE: i64 = SHARD as i64 * ID_SPACE;

    #[test]
    fn every_id_finds_its_row() {
        let following = vec![BASE + 7, BASE + 8, BASE + 9];
        let sorted = vec![BASE, BASE + 3, BASE + ID_SPACE - 1, BASE + ID_SPACE];
        let mixed =
            vec![BASE + 5, 3, BASE + 1, BASE - ID_SPACE + 4, 990_101 * ID_SPACE + 1, BASE + ID_SPACE + 2];
        let others = vec![17 * ID_SPACE, 17 * ID_SPACE + 2];
        for ids in [following, sorted, mixed, others, vec![BASE + 4], Vec::new()] {
            let made = Ids::new(SHARD, &ids);
            for (row, id) in (0..).zip(&ids) {
                assert_eq!((made.get(row), made.find(*id)), (*id, Some(row)), "{ids:?}");
                for other in [id - 1, id + 1, i64::MIN, i64::MAX] {
                    assert_eq!(made.find(other).is_some(), ids.contains(&other), "{other} in {ids:?}");
                }
            }
            assert_eq!(made.find(0), None);
        }
        assert_eq!(Ids::new(SHARD, &[BASE + 7, BASE + 8]).bytes(), 0);
    }

    #[test]
    fn every_reference_leads_to_its_id() {
        let ids = [BASE, BASE + 1, BASE + ID_SPACE - 1, BASE + ID_SPACE, 5, BASE - 1, 5];
        let mut referrer = Referrer::new(SHARD);
        let made: Vec<Reference> = ids.iter().map(|id| referrer.to(*id)).collect();
        let nothing = referrer.maybe(None);
        let references = referrer.finish();
        for (reference, id) in made.iter().zip(ids) {
            assert_eq!(references.get(*reference), Some(id));
        }
        assert_eq!((references.get(nothing), references.bytes()), (None, 24));
    }
}
