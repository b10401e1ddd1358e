//! The texts of a shard that search looks through: as they are written, as they are spelt, and by their initials. One index
//! for each class of data, so that a search for somebody who may not see a class does not even touch its index.

use super::strings::{Strings, Sym};
use crate::domain::reading::{fold, fold_letters, spellings};
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

/// Whose text it is: the table that the row stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// A record that has a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// What the text is to it.
    pub what: TextOf,
    /// Its row in the shard.
    pub row: u32,
    /// The text as it is written.
    pub text: Sym,
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

/// Texts one after the other, each ended by a line break.
#[derive(Default)]
struct Lines {
    text: String,
    ends: Vec<u32>,
}

impl Lines {
    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn start(&self, line: usize) -> usize {
        if line == 0 { 0 } else { self.ends[line - 1] as usize }
    }

    fn get(&self, line: usize) -> &str {
        &self.text[self.start(line)..self.ends[line] as usize - 1]
    }

    /// Calls `visit` with each line that holds the needle, and the places in it, until that says it is enough of the line.
    fn find(&self, finder: &Finder<'_>, mut visit: impl FnMut(usize, usize) -> bool) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(found) = finder.find(&bytes[at..]) {
            let found = at + found;
            let line = self.ends.partition_point(|end| *end as usize <= found);
            let enough = visit(line, found - self.start(line));
            at = if enough { self.ends[line] as usize } else { found + 1 };
        }
    }
}

/// The index of one class of data.
#[derive(Default)]
pub struct Index {
    texts: Lines,
    /// The owners of each text.
    owners: Vec<Vec<Owner>>,
    letters: Lines,
    initials: Lines,
    /// Of each spelling: its text, whether it is an unusual one, and where its syllables begin.
    spelt: Vec<(u32, bool, Box<[u16]>)>,
}

impl Index {
    /// Builds the index from the texts of records.
    pub(super) fn build(strings: &Strings, owners: impl IntoIterator<Item = Owner>) -> Self {
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        let mut out = Self::default();
        for owner in owners {
            let folded = fold(strings.get(owner.text));
            if folded.is_empty() {
                continue;
            }
            let at = *known.entry(folded).or_insert_with_key(|text| {
                out.add(text);
                out.owners.len() - 1
            });
            if out.owners[at].last() != Some(&owner) {
                out.owners[at].push(owner);
            }
        }
        out
    }

    fn add(&mut self, text: &str) {
        let line = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        self.texts.push(text);
        self.owners.push(Vec::new());
        for (at, spelling) in spellings(text).into_iter().enumerate() {
            self.letters.push(&spelling.letters);
            self.initials.push(&spelling.initials);
            self.spelt.push((line, at > 0, spelling.starts.into()));
        }
    }

    /// How many bytes a search reads at most.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.text.len() + self.letters.text.len() + self.initials.text.len()
    }

    /// Calls `visit` with the owners of each text that holds the needle, perhaps more than once for a text.
    pub fn find(&self, needle: &Needle, mut visit: impl FnMut(&[Owner], Match)) {
        let mut found = |line: usize, how: How, unusual: bool, at: usize, len: usize| {
            let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
            let of = number(self.texts.get(line).chars().count());
            visit(&self.owners[line], Match { how, unusual, of, at: number(at), len: number(len) });
        };
        self.texts.find(&needle.text_finder, |line, at| {
            let text = self.texts.get(line);
            let how = match at {
                0 if text.len() == needle.text.len() => How::Whole,
                0 => How::Beginning,
                _ => How::Inside,
            };
            found(line, how, false, text[..at].chars().count(), needle.text.chars().count());
            true
        });
        let Some(letters) = &needle.letters else { return };
        self.letters.find(&needle.letters_finder, |spelling, at| {
            let (line, unusual, starts) = &self.spelt[spelling];
            // Only from the beginning of a syllable: nobody looks for 安吉 in the middle of 专家.
            let Ok(first) = starts.binary_search(&u16::try_from(at).unwrap_or(u16::MAX)) else {
                return false;
            };
            let (end, whole) = (at + letters.len(), self.letters.get(spelling).len());
            let last = starts.partition_point(|s| usize::from(*s) < end);
            let complete = end == whole || starts.get(last).is_some_and(|s| usize::from(*s) == end);
            let how = match (at, complete) {
                (0, _) if end == whole => How::WholeSpelling,
                (0, true) => How::BeginningSpelling,
                (0, false) => How::BeginningPartly,
                (_, true) => How::InsideSpelling,
                (_, false) => How::InsidePartly,
            };
            found(*line as usize, how, *unusual, first, last - first);
            true
        });
        self.initials.find(&needle.letters_finder, |spelling, at| {
            let (line, unusual, _) = &self.spelt[spelling];
            let how = if at == 0 { How::BeginningInitials } else { How::InsideInitials };
            let first = self.initials.get(spelling)[..at].chars().count();
            found(*line as usize, how, *unusual, first, letters.len());
            true
        });
    }
}

/// The indexes of a shard.
#[derive(Default)]
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
