//! Links of a shard: which rows point to a record, found by its id. Most point to records that were born in the same shard;
//! those take eight bytes.

use super::directory::merged;
use super::ids::near;
use crate::store::ID_SPACE;

/// Rows by the id that they point to.
#[derive(Debug, Default, Clone)]
pub struct Links {
    base: i64,
    local: Box<[(u32, u32)]>,
    foreign: Box<[(i64, u32)]>,
}

impl Links {
    /// The links of a shard: ids and rows, in any order.
    pub fn build(shard: u32, links: impl Iterator<Item = (i64, u32)>) -> Self {
        let base = i64::from(shard) * ID_SPACE;
        let (mut local, mut foreign) = (Vec::new(), Vec::new());
        for (id, row) in links {
            match near(base, id) {
                Some(near) => local.push((near, row)),
                None => foreign.push((id, row)),
            }
        }
        local.sort_unstable();
        local.dedup();
        foreign.sort_unstable();
        foreign.dedup();
        Self { base, local: local.into(), foreign: foreign.into() }
    }

    /// The same with more links.
    pub fn with(&self, links: impl Iterator<Item = (i64, u32)>) -> Self {
        let shard = u32::try_from(self.base / ID_SPACE).unwrap_or_default();
        let more = Self::build(shard, links);
        let local = merged(self.local.iter().copied(), more.local.into()).into();
        Self {
            base: self.base,
            local,
            foreign: merged(self.foreign.iter().copied(), more.foreign.into()).into(),
        }
    }

    /// The rows that point to the id, in their order.
    pub fn get(&self, id: i64) -> impl Iterator<Item = u32> + '_ {
        let near = near(self.base, id);
        let local = near.map_or(&[][..], |near| equal(&self.local, &near));
        let foreign = if near.is_some() { &[][..] } else { equal(&self.foreign, &id) };
        local.iter().map(|(_, row)| *row).chain(foreign.iter().map(|(_, row)| *row))
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.local) + size_of_val(&*self.foreign)
    }

    /// The ids from other shards that rows point to.
    pub fn foreign(&self) -> impl Iterator<Item = i64> + '_ {
        self.foreign.iter().map(|(id, _)| *id)
    }
}

/// The stretch of sorted pairs with a key.
fn equal<'p, K: Ord>(pairs: &'p [(K, u32)], key: &K) -> &'p [(K, u32)] {
    let from = pairs.partition_point(|(k, _)| k < key);
    let len = pairs[from..].partition_point(|(k, _)| k == key);
    &pairs[from..from + len]
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn rows_are_found_by_ids_of_this_shard_and_of_others() {
        let (here, there) = (210_681 * 100_000_000, 210_682 * 100_000_000);
        let links = [(here + 5, 7), (there + 5, 1), (here + 5, 2), (here + 6, 0), (there + 5, 1), (3, 9)];
        let links = Links::build(210_681, links.into_iter());
        let rows = |id| links.get(id).collect::<Vec<_>>();
        let more = links.with([(here + 5, 3), (there + 4, 8), (here + 4, 9)].into_iter());
        let then = |id| more.get(id).collect::<Vec<_>>();
        assert_eq!((then(here + 5), then(here + 4), then(there + 4)), (vec![2, 3, 7], vec![9], vec![8]));
        assert_eq!((then(here + 6), then(there + 5), then(3)), (vec![0], vec![1], vec![9]));
        assert_eq!(rows(here + 5), [2, 7]);
        assert_eq!(rows(here + 6), [0]);
        assert_eq!(rows(there + 5), [1]);
        assert_eq!(rows(3), [9]);
        assert!(rows(here + 7).is_empty() && rows(i64::MIN).is_empty() && rows(i64::MAX).is_empty());
        assert_eq!(links.foreign().collect::<Vec<_>>(), [3, there + 5]);
    }
}
