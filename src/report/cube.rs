//! Groups and what was added up in them.

use super::check::DIMENSIONS;
use rustc_hash::{FxHashMap, FxHashSet};

/// The values of the dimensions of a group; zero at the places that are not used.
pub type Key = [u64; DIMENSIONS];
/// The key of a report without dimensions.
pub const NOTHING: Key = [0; DIMENSIONS];

/// How many groups are found without the index: a township has about as many.
const LATELY: usize = 64;

/// What was added up, by group and quantity.
#[derive(Debug, Clone)]
pub struct Cube {
    width: usize,
    index: FxHashMap<Key, u32>,
    keys: Vec<Key>,
    /// The groups that were asked for lately, by what their keys have in common.
    lately: [u32; LATELY],
    sums: Vec<i64>,
    /// Which quantities were added to, one bit each.
    seen: Vec<u128>,
    /// What is counted once.
    once: FxHashMap<(u32, u8), FxHashSet<u64>>,
    /// Texts that keys stand for.
    pub texts: FxHashMap<u64, String>,
}

impl Cube {
    /// Nothing, with room for so many quantities.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width,
            index: FxHashMap::default(),
            keys: Vec::new(),
            lately: [0; LATELY],
            sums: Vec::new(),
            seen: Vec::new(),
            once: FxHashMap::default(),
            texts: FxHashMap::default(),
        }
    }

    /// The groups.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The number of a group, which is made where there is none.
    #[inline]
    pub fn group(&mut self, key: &Key) -> u32 {
        // Neighbours are mostly of the same few groups.
        let turned =
            key.iter().zip([0, 11, 23, 37, 45, 53]).fold(0, |bits, (value, by)| bits ^ value.rotate_left(by));
        let slot = (turned.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % LATELY;
        let lately = self.lately[slot];
        // Without a branch for each value, nor a call.
        let other = |known: &Key| known.iter().zip(key).fold(0, |bits, (a, b)| bits | (a ^ b));
        if self.keys.get(lately as usize).is_some_and(|known| other(known) == 0) {
            return lately;
        }
        let group = self.index.get(key).copied().unwrap_or_else(|| self.add_group(key));
        self.lately[slot] = group;
        group
    }

    fn add_group(&mut self, key: &Key) -> u32 {
        let group = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.index.insert(*key, group);
        self.keys.push(*key);
        self.sums.resize(self.sums.len() + self.width, 0);
        self.seen.push(0);
        group
    }

    /// The sums of a group, to add to. To which was added is told by [`Cube::mark`].
    #[inline]
    pub fn sums(&mut self, group: u32) -> &mut [i64] {
        &mut self.sums[group as usize * self.width..][..self.width]
    }

    /// Notes to which quantities was added, one bit each.
    #[inline]
    pub fn mark(&mut self, group: u32, slots: u128) {
        self.seen[group as usize] |= slots;
    }

    /// Counts something once. That it is counted is told by [`Cube::mark`].
    pub fn add_once(&mut self, group: u32, slot: usize, what: u64) {
        self.once.entry((group, u8::try_from(slot).unwrap_or(u8::MAX))).or_default().insert(what);
    }

    /// The same with a number in place of all that was counted once, as it is `told` for a slot. Nothing can be counted in it any more.
    #[must_use]
    pub fn counted(mut self, told: impl Fn(usize, &FxHashSet<u64>) -> i64) -> Self {
        for ((group, slot), all) in std::mem::take(&mut self.once) {
            let slot = usize::from(slot);
            self.sums[group as usize * self.width + slot] = told(slot, &all);
        }
        self
    }

    /// How much is kept to be counted once.
    #[must_use]
    pub fn to_count(&self) -> usize {
        self.once.values().map(FxHashSet::len).sum()
    }

    /// What was added up for a quantity in a group of a cube that is counted; nothing where nothing was.
    #[must_use]
    pub fn get(&self, key: &Key, slot: usize) -> Option<i64> {
        let group = *self.index.get(key)?;
        if self.seen[group as usize] & (1 << slot) == 0 {
            return None;
        }
        Some(self.sums[group as usize * self.width + slot])
    }

    /// Whether anything was added up for a quantity in a group.
    #[must_use]
    pub fn has(&self, key: &Key, slot: usize) -> bool {
        self.index.get(key).is_some_and(|group| self.seen[*group as usize] & (1 << slot) != 0)
    }

    /// Adds the groups of another, each under the key that `to` gives; only the quantities that `of` names.
    pub fn take(&mut self, from: &Self, to: impl Fn(&Key) -> Option<Key>, of: u128) {
        for (group, key) in (0_u32..).zip(&from.keys) {
            let bits = from.seen[group as usize] & of;
            let Some(key) = to(key).filter(|_| bits != 0) else { continue };
            let into = self.group(&key);
            self.mark(into, bits);
            for slot in (0..self.width).filter(|slot| bits & (1 << slot) != 0) {
                match from.once.get(&(group, u8::try_from(slot).unwrap_or(u8::MAX))) {
                    Some(all) => all.iter().for_each(|what| self.add_once(into, slot, *what)),
                    None => self.sums(into)[slot] += from.sums[group as usize * self.width + slot],
                }
            }
        }
        for (hash, text) in &from.texts {
            self.texts.entry(*hash).or_insert_with(|| text.clone());
        }
    }
}
