//! The texts of a shard that search looks through: as they are written, as they are spelt, and by their initials. One index
//! for each class of data, so that a search for somebody who may not see a class does not even touch its index.

use super::lines::Lines;
use super::strings::{Strings, Sym};
use crate::domain::reading::{fold, fold_letters, spellings};
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

/// Whose text it is: the table that the row stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum TextOf {
    /// Name of a division, now or before.
    Division,
    /// Name or short name of an organisation, now or before.
    Organization,
    /// Name of a person.
    Person,
    /// Number of a document.
    DocumentNumber,
    /// Title of a document.
    DocumentTitle,
    /// Name of a reform.
    Reform,
}

const TEXTS: [TextOf; 6] = [
    TextOf::Division,
    TextOf::Organization,
    TextOf::Person,
    TextOf::DocumentNumber,
    TextOf::DocumentTitle,
    TextOf::Reform,
];

/// A record that has a text: table and row in one number, since there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    place: u32,
    /// The text as it is written.
    pub text: Sym,
}

/// Bits of an owner that say its row.
const ROW: u32 = 29;

impl Owner {
    /// A record: what the text is to it, its row in the shard, and the text as it is written.
    #[must_use]
    pub fn new(what: TextOf, row: u32, text: Sym) -> Self {
        Self { place: (what as u32) << ROW | row & ((1 << ROW) - 1), text }
    }

    /// What the text is to it.
    #[must_use]
    pub fn what(self) -> TextOf {
        TEXTS[(self.place >> ROW) as usize % TEXTS.len()]
    }

    /// Its row in the shard.
    #[must_use]
    pub fn row(self) -> u32 {
        self.place & ((1 << ROW) - 1)
    }
}

/// The classes of data that are searched apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// What everybody may see.
    Public,
    /// Bodies and documents that are not published.
    Undisclosed,
    /// Names of persons.
    Personal,
}

/// What somebody looks for.
#[derive(Debug)]
pub struct Needle {
    /// The text, folded.
    pub text: String,
    letters: Option<String>,
    text_finder: Finder<'static>,
    letters_finder: Finder<'static>,
}

impl Needle {
    /// Makes ready what somebody typed.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        // A single letter would be found everywhere.
        let (text, letters) = (fold(typed), fold_letters(typed).filter(|l| l.len() > 1));
        let finder = |of: &str| Finder::new(of).into_owned();
        let (text_finder, letters_finder) = (finder(&text), finder(letters.as_deref().unwrap_or_default()));
        Self { text, letters, text_finder, letters_finder }
    }
}

/// How a text was found, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is the whole text.
    Whole,
    /// It is how the whole text is spelt.
    WholeSpelling,
    /// The text begins with it.
    Beginning,
    /// The spelling begins with it, and it ends with a syllable.
    BeginningSpelling,
    /// The spelling begins with it, but its last syllable is not complete.
    BeginningPartly,
    /// The initials begin with it.
    BeginningInitials,
    /// It stands somewhere in the text.
    Inside,
    /// It stands in the spelling, from the beginning of a syllable to the end of one.
    InsideSpelling,
    /// It stands in the spelling, from the beginning of a syllable into another.
    InsidePartly,
    /// It stands in the initials.
    InsideInitials,
}

/// Where a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// How.
    pub how: How,
    /// Whether by another reading than the usual one.
    pub unusual: bool,
    /// How many characters the folded text has.
    pub of: u16,
    /// The first character that was found.
    pub at: u16,
    /// How many characters were found.
    pub len: u16,
}

/// The index of one class of data.
#[derive(Default, Clone)]
pub struct Index {
    texts: Lines,
    /// The owners of all texts, and of each text the number of the first.
    owners: Vec<Owner>,
    owned: Vec<u32>,
    letters: Lines,
    initials: Lines,
    /// A bit for each letter: whether a syllable begins there.
    syllables: Vec<u64>,
    /// Of each spelling its text; the highest bit marks an unusual one.
    spelt: Vec<u32>,
}

/// Marks a spelling by another reading than the usual one.
const UNUSUAL: u32 = 1 << 31;

impl Index {
    /// Builds the index from the texts of records.
    pub(super) fn build(strings: &Strings, owners: impl IntoIterator<Item = Owner>) -> Self {
        let mut known: FxHashMap<String, u32> = FxHashMap::default();
        let mut folds: FxHashMap<Sym, Option<u32>> = FxHashMap::default();
        let mut out = Self::default();
        let mut owned: Vec<(u32, Owner)> = Vec::new();
        for owner in owners {
            let line = *folds.entry(owner.text).or_insert_with(|| {
                let folded = fold(strings.get(owner.text));
                (!folded.is_empty()).then(|| *known.entry(folded).or_insert_with_key(|text| out.add(text)))
            });
            if let Some(line) = line {
                owned.push((line, owner));
            }
        }
        owned.sort_by_key(|(line, _)| *line);
        owned.dedup();
        for line in 0..=u32::try_from(out.texts.count).unwrap_or(u32::MAX) {
            let first = owned.partition_point(|(l, _)| *l < line);
            out.owned.push(u32::try_from(first).unwrap_or(u32::MAX));
        }
        out.owners = owned.into_iter().map(|(_, owner)| owner).collect();
        out
    }

    /// Adds a text that is new.
    fn add(&mut self, text: &str) -> u32 {
        let line = u32::try_from(self.texts.count).unwrap_or(u32::MAX);
        self.texts.push(text);
        for (at, spelling) in spellings(text).into_iter().enumerate() {
            let start = self.letters.text.len();
            self.letters.push(&spelling.letters);
            self.initials.push(&spelling.initials);
            self.syllables.resize(self.letters.text.len().div_ceil(64), 0);
            for syllable in spelling.starts {
                let place = start + usize::from(syllable);
                self.syllables[place / 64] |= 1 << (place % 64);
            }
            self.spelt.push(line | if at > 0 { UNUSUAL } else { 0 });
        }
        line
    }

    /// Whether a syllable begins at a letter.
    fn begins(&self, at: usize) -> bool {
        self.syllables.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// How many bytes a search reads at most.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.text.len() + self.letters.text.len() + self.initials.text.len()
    }

    fn in_memory(&self) -> usize {
        let lines = [&self.texts, &self.letters, &self.initials].into_iter().map(Lines::bytes);
        lines.sum::<usize>()
            + size_of_val(self.owners.as_slice())
            + size_of_val(self.owned.as_slice())
            + size_of_val(self.syllables.as_slice())
            + size_of_val(self.spelt.as_slice())
    }

    fn owners_of(&self, line: usize) -> &[Owner] {
        &self.owners[self.owned[line] as usize..self.owned[line + 1] as usize]
    }

    /// Calls `visit` with the owners of each text that holds the needle, perhaps more than once for a text.
    pub fn find(&self, needle: &Needle, mut visit: impl FnMut(&[Owner], Match)) {
        let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.texts.find(&needle.text_finder, |line, start, at| {
            let text = self.texts.get(line);
            let how = match at - start {
                0 if text.len() == needle.text.len() => How::Whole,
                0 => How::Beginning,
                _ => How::Inside,
            };
            let (before, len) = (text[..at - start].chars().count(), needle.text.chars().count());
            let of = number(text.chars().count());
            visit(
                self.owners_of(line),
                Match { how, unusual: false, of, at: number(before), len: number(len) },
            );
            true
        });
        let Some(letters) = &needle.letters else { return };
        let mut found = |spelling: usize, how: How, at: usize, len: usize| {
            let spelt = self.spelt[spelling];
            let line = (spelt & !UNUSUAL) as usize;
            let of = number(self.texts.get(line).chars().count());
            let unusual = spelt & UNUSUAL != 0;
            visit(self.owners_of(line), Match { how, unusual, of, at: number(at), len: number(len) });
        };
        self.letters.find(&needle.letters_finder, |spelling, start, at| {
            // Only from the beginning of a syllable: nobody looks for 安吉 in the middle of 专家.
            if !self.begins(at) {
                return false;
            }
            let (end, whole) = (at + letters.len(), self.letters.end(at));
            let syllables = |from: usize, to: usize| (from..to).filter(|p| self.begins(*p)).count();
            let complete = end == whole || self.begins(end);
            let how = match (at == start, complete) {
                (true, _) if end == whole => How::WholeSpelling,
                (true, true) => How::BeginningSpelling,
                (true, false) => How::BeginningPartly,
                (false, true) => How::InsideSpelling,
                (false, false) => How::InsidePartly,
            };
            found(spelling, how, syllables(start, at), syllables(at, end));
            true
        });
        self.initials.find(&needle.letters_finder, |spelling, start, at| {
            let how = if at == start { How::BeginningInitials } else { How::InsideInitials };
            let first = self.initials.text[start..at].chars().count();
            found(spelling, how, first, letters.len());
            true
        });
    }
}

/// The indexes of a shard.
#[derive(Default, Clone)]
pub struct Search {
    public: Index,
    undisclosed: Index,
    personal: Index,
}

impl Search {
    /// Builds the indexes from the texts of records and their classes.
    pub(super) fn build(strings: &Strings, owners: &[(Layer, Owner)]) -> Self {
        let of = |layer| owners.iter().filter(move |(l, _)| *l == layer).map(|(_, owner)| *owner);
        Self {
            public: Index::build(strings, of(Layer::Public)),
            undisclosed: Index::build(strings, of(Layer::Undisclosed)),
            personal: Index::build(strings, of(Layer::Personal)),
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn in_memory(&self) -> usize {
        [&self.public, &self.undisclosed, &self.personal].into_iter().map(Index::in_memory).sum()
    }

    /// The index of a class.
    #[must_use]
    pub fn layer(&self, layer: Layer) -> &Index {
        match layer {
            Layer::Public => &self.public,
            Layer::Undisclosed => &self.undisclosed,
            Layer::Personal => &self.personal,
        }
    }
}
