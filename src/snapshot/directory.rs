//! Indexes across shards: where a shard stands, which division has a code, and where to look for what points out of its shard.
//!
//! What stays within a shard is indexed there. So this is small, and a shard that changed is exchanged in it at the speed of
//! copying memory.

use super::{Handle, Shard};
use crate::domain::CodeRange;
use crate::store::ID_SPACE;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

/// In which shards something stands, by a key.
#[derive(Debug, Default, Clone)]
struct Places<K>(Vec<(K, u32)>);

impl<K: Ord + Copy> Places<K> {
    fn get(&self, key: K) -> impl Iterator<Item = u32> + '_ {
        let from = self.0.partition_point(|(k, _)| *k < key);
        self.0[from..].iter().take_while(move |(k, _)| *k == key).map(|(_, shard)| *shard)
    }

    /// Takes the entries of other shards from an earlier one, then those of the new shards.
    fn replace<'s>(
        old: &Self,
        is_new: &dyn Fn(u32) -> bool,
        new: &[(u32, &'s Shard)],
        keys: impl Fn(&'s Shard) -> Box<dyn Iterator<Item = K> + 's>,
    ) -> Self {
        let kept = old.0.iter().filter(|(_, at)| !is_new(*at)).copied();
        let added = new.iter().flat_map(|(at, shard)| keys(shard).map(|key| (key, *at)));
        Self(merged(kept, added.collect()))
    }
}

/// What a row may point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Link {
    /// The person of an appointment.
    Person,
    /// An organisation before or after a change.
    Party,
    /// The reform of a change.
    Reform,
    /// The document on which an organisation was founded.
    Founding,
    /// A competent department of an agency.
    Competent,
    /// The department above a department.
    Superior,
    /// An object that an entry of the change log is about; objects of all kinds.
    Entry,
}

/// All of them.
pub const LINKS: [Link; 7] =
    [Link::Person, Link::Party, Link::Reform, Link::Founding, Link::Competent, Link::Superior, Link::Entry];

/// What is ordered already, and what is to be put in between.
pub fn merged<T: Ord + Copy>(ordered: impl Iterator<Item = T>, mut added: Vec<T>) -> Vec<T> {
    added.sort_unstable();
    added.dedup();
    let mut out = Vec::with_capacity(ordered.size_hint().1.unwrap_or(0) + added.len());
    let mut added = added.into_iter().peekable();
    for item in ordered {
        out.extend(std::iter::from_fn(|| added.next_if(|other| *other < item)));
        out.push(item);
    }
    out.extend(added);
    out.shrink_to_fit();
    out
}

#[derive(Default)]
pub struct Directory {
    shards: FxHashMap<u32, u32>,
    divisions: Vec<(u64, Handle)>,
    /// Shards that have an organisation with a credit code, by the hash of the code.
    credit_codes: Places<u64>,
    /// Shards where a record lives whose id names another: its county or its code changed.
    moved: Places<i64>,
    /// Shards that point to a record of another shard.
    linked: [Places<i64>; LINKS.len()],
}

impl Directory {
    pub fn build(shards: &[Arc<Shard>]) -> Self {
        let new: Vec<(u32, &Shard)> = (0..).zip(shards.iter().map(AsRef::as_ref)).collect();
        Self::default().replace(&new)
    }

    /// The directory after some shards were exchanged for others of the same codes.
    pub fn replace(&self, new: &[(u32, &Shard)]) -> Self {
        let mut shards = self.shards.clone();
        shards.extend(new.iter().map(|(at, shard)| (shard.code(), *at)));
        let changed: FxHashSet<u32> = new.iter().map(|(at, _)| *at).collect();
        let is_new = |at: u32| changed.contains(&at);
        let kept = self.divisions.iter().filter(|(_, handle)| !is_new(handle.shard)).copied();
        let mut divisions: Vec<(u64, Handle)> = Vec::new();
        for (at, shard) in new {
            for (row, _) in shard.divisions().ids() {
                let versions = shard.division_versions(row).iter();
                divisions.extend(versions.map(|v| (v.code.number(), Handle { shard: *at, row })));
            }
        }
        Self {
            shards,
            divisions: merged(kept, divisions),
            credit_codes: Places::replace(&self.credit_codes, &is_new, new, |s| {
                Box::new(s.credit_codes().map(hash))
            }),
            moved: Places::replace(&self.moved, &is_new, new, |s| Box::new(s.strangers())),
            linked: LINKS.map(|link| {
                Places::replace(&self.linked[link as usize], &is_new, new, |s| {
                    Box::new(s.links(link).foreign())
                })
            }),
        }
    }

    /// Bytes in memory.
    pub fn in_memory(&self) -> usize {
        let linked: usize = self.linked.iter().map(|places| size_of_val(places.0.as_slice())).sum();
        size_of_val(self.divisions.as_slice())
            + size_of_val(self.credit_codes.0.as_slice())
            + size_of_val(self.moved.0.as_slice())
            + linked
    }

    fn birth(&self, id: i64) -> Option<u32> {
        u32::try_from(id / ID_SPACE).ok().and_then(|code| self.shards.get(&code).copied())
    }

    /// The position of the shard with a code.
    pub fn position(&self, code: u32) -> Option<u32> {
        self.shards.get(&code).copied()
    }

    /// The shards that may hold a record with the id: that of its birth, then those it may have moved to.
    pub fn shards_of(&self, id: i64) -> impl Iterator<Item = u32> + '_ {
        self.birth(id).into_iter().chain(self.moved.get(id))
    }

    /// The shards in which something may point to the id, in their order.
    pub fn linking(&self, link: Link, id: i64) -> impl Iterator<Item = u32> + '_ {
        let (birth, others) = (self.birth(id), &self.linked[link as usize]);
        let before = others.get(id).take_while(move |at| birth.is_none_or(|b| *at < b));
        let after = others.get(id).filter(move |at| birth.is_some_and(|b| *at > b));
        before.chain(birth).chain(after)
    }

    /// All divisions that ever had the code.
    pub fn divisions(&self, code: u64) -> impl Iterator<Item = Handle> + '_ {
        self.range(CodeRange { from: code, to: code + 1 }).map(|(_, handle)| handle)
    }

    /// All divisions that ever had a code in the territory, ordered by code.
    pub fn range(&self, range: CodeRange) -> impl Iterator<Item = (u64, Handle)> + '_ {
        let from = self.divisions.partition_point(|(code, _)| *code < range.from);
        self.divisions[from..].iter().copied().take_while(move |(code, _)| *code < range.to)
    }

    /// The shards that may hold an organisation which ever had the code.
    pub fn with_credit_code(&self, code: &str) -> impl Iterator<Item = u32> + '_ {
        self.credit_codes.get(hash(code))
    }
}

/// Hash of a credit code.
fn hash(code: &str) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(code)
}
