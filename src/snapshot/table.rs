//! A table of a shard: rows in their order of reading, and a way to find one by id.

use super::ids::Ids;
use std::ops::Range;

/// Rows in their order of reading. Their ids stand apart, since mostly they need not be written down.
#[derive(Debug, Clone)]
pub struct Table<R> {
    rows: Box<[R]>,
    ids: Ids,
}

/// A stretch of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First position.
    pub at: u32,
    /// How many.
    pub len: u32,
}

impl Span {
    /// The positions.
    #[must_use]
    pub fn rows(self) -> Range<u32> {
        self.at..self.at + self.len
    }

    /// What of some items stands there.
    #[inline]
    #[must_use]
    pub fn of<T>(self, items: &[T]) -> &[T] {
        &items[self.at as usize..(self.at + self.len) as usize]
    }
}

impl From<Range<u32>> for Span {
    fn from(rows: Range<u32>) -> Self {
        Self { at: rows.start, len: rows.end - rows.start }
    }
}

impl<R> Table<R> {
    /// Takes rows of a shard, with their ids, that stand in their order of reading.
    #[must_use]
    pub fn new(shard: u32, rows: Vec<(i64, R)>) -> Self {
        let (ids, rows): (Vec<i64>, Vec<R>) = rows.into_iter().unzip();
        Self { rows: rows.into(), ids: Ids::new(shard, &ids) }
    }

    /// The position of the row with the id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<u32> {
        self.ids.find(id)
    }

    /// The row at a position.
    #[inline]
    #[must_use]
    pub fn get(&self, row: u32) -> &R {
        &self.rows[row as usize]
    }

    /// How many rows come first for which something holds that holds for no later one.
    #[must_use]
    pub fn partition_point(&self, holds: impl FnMut(&R) -> bool) -> u32 {
        u32::try_from(self.rows.partition_point(holds)).unwrap_or(u32::MAX)
    }

    /// The id of the row at a position.
    #[inline]
    #[must_use]
    pub fn id(&self, row: u32) -> i64 {
        self.ids.get(row)
    }

    /// What belongs to a row of something that is ordered by these rows: each row knows where its part begins, and it ends where
    /// that of the next one begins, or with `end`.
    #[inline]
    #[must_use]
    pub fn part(&self, row: u32, end: usize, begins: impl Fn(&R) -> u32) -> Range<u32> {
        let next = self.rows.get(row as usize + 1);
        begins(self.get(row))..next.map_or_else(|| u32::try_from(end).unwrap_or(u32::MAX), begins)
    }

    /// All rows with their positions.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &R)> {
        (0..).zip(self.rows.iter())
    }

    /// All ids with the positions of their rows.
    pub fn ids(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        (0..).zip(self.rows.iter()).map(|(row, _)| (row, self.id(row)))
    }

    /// Completes the rows while the shard is built.
    pub(super) fn update(&mut self, mut change: impl FnMut(usize, &mut R)) {
        self.rows.iter_mut().enumerate().for_each(|(at, row)| change(at, row));
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.rows) + self.ids.bytes()
    }
}

/// Where the items of each owner begin: they stand ordered by the position of their owner.
pub fn beginnings(owners: usize, items: impl Iterator<Item = u32>) -> Vec<u32> {
    let (mut out, mut count) = (Vec::with_capacity(owners), 0);
    for owner in items {
        // All owners up to this one that had none so far begin here.
        while out.len() <= owner as usize && out.len() < owners {
            out.push(count);
        }
        count += 1;
    }
    out.resize(owners, count);
    out
}

#[cfg(test)]
mod tests {
    use super::{Table, beginnings};

    #[test]
    fn each_owner_gets_its_own() {
        let items = [1, 1, 3, 4, 4, 4];
        let begins = beginnings(6, items.into_iter());
        assert_eq!(begins, [0, 0, 2, 2, 3, 6]);
        let table = Table::new(1, begins.into_iter().map(|at| (i64::from(at), at)).collect());
        let part = |row| table.part(row, items.len(), |at| *at);
        assert_eq!((0..6).map(|row| part(row).len()).collect::<Vec<_>>(), [0, 2, 0, 1, 3, 0]);
        assert!((0..6).all(|row| part(row).all(|item| items[item as usize] == row)));
    }
}
