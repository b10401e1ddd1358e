//! Interned strings of one shard.

use rustc_hash::FxHashMap;
use std::num::NonZeroU32;

/// An interned string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sym(NonZeroU32);

impl Sym {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.get()
    }

    /// The symbol with a number that came from [`Sym::number`].
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }
}

/// The strings of a shard in one text, each after its length; a symbol is the place of that, so that one look into memory finds
/// both.
#[derive(Debug, Default, Clone)]
pub struct Strings {
    text: Box<str>,
    long: Box<[Box<str>]>,
}

/// Lengths from here on are no characters; such texts stand apart, after this mark and their number.
const LONG: u32 = 0xd800;
const MARK: char = char::MAX;

impl Strings {
    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len() + self.long.iter().map(|text| text.len() + size_of::<Box<str>>()).sum::<usize>()
    }

    /// The string.
    #[inline]
    #[must_use]
    pub fn get(&self, sym: Sym) -> &str {
        let mut rest = self.text[sym.0.get() as usize..].chars();
        match rest.next() {
            Some(MARK) => rest.next().and_then(|n| self.long.get(n as usize)).map_or("", |text| text),
            Some(length) => &rest.as_str()[..length as usize],
            None => "",
        }
    }
}

/// Collects strings while a shard is built.
pub struct Interner {
    known: FxHashMap<Box<str>, Sym>,
    text: String,
    long: Vec<Box<str>>,
}

impl Default for Interner {
    fn default() -> Self {
        // No symbol is zero.
        Self { known: FxHashMap::default(), text: " ".to_owned(), long: Vec::new() }
    }
}

impl Interner {
    /// Collects strings behind those of an earlier state. Of those it finds these again, and adds any other anew.
    pub fn after(earlier: &Strings, known: impl Iterator<Item = Sym>) -> Self {
        let known = known.map(|sym| (earlier.get(sym).into(), sym)).collect();
        Self { known, text: earlier.text.to_string(), long: earlier.long.to_vec() }
    }

    /// Interns a text.
    pub fn add(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.known.get(text) {
            return *sym;
        }
        let sym = self.add_new(text);
        self.known.insert(text.into(), sym);
        sym
    }

    /// Adds a text that hardly any other record has, without looking whether it is there.
    pub fn add_new(&mut self, text: &str) -> Sym {
        // A shard with texts of four gigabytes would not fit into memory.
        let place = NonZeroU32::new(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        match char::from_u32(length).filter(|_| length < LONG) {
            Some(length) => {
                self.text.push(length);
                self.text.push_str(text);
            }
            None => {
                let number = u32::try_from(self.long.len()).ok().and_then(char::from_u32);
                self.text.push(MARK);
                self.text.push(number.unwrap_or(MARK));
                self.long.push(text.into());
            }
        }
        Sym(place.unwrap_or(NonZeroU32::MAX))
    }

    /// Interns a text that may be absent.
    pub fn maybe(&mut self, text: Option<&str>) -> Option<Sym> {
        text.map(|t| self.add(t))
    }

    /// The finished strings.
    #[must_use]
    pub fn finish(self) -> Strings {
        Strings { text: self.text.into(), long: self.long.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Interner, LONG};

    #[test]
    fn texts_of_every_length_come_back() {
        let mut interner = Interner::default();
        let lengths =
            [0, 1, 2, 127, 128, 2_047, 2_048, LONG as usize - 1, LONG as usize, LONG as usize + 1, 70_000];
        let texts: Vec<String> =
            lengths.iter().map(|n| "a".repeat(*n)).chain(["镇".to_owned(), "普基镇".to_owned()]).collect();
        let syms: Vec<_> = texts.iter().map(|text| interner.add(text)).collect();
        let again: Vec<_> = texts.iter().map(|text| interner.add(text)).collect();
        assert_eq!(syms, again);
        let strings = interner.finish();
        let mut later = Interner::after(&strings, [syms[1], syms[10]].into_iter());
        assert_eq!((later.add(&texts[1]), later.add(&texts[10])), (syms[1], syms[10]));
        let more = [later.add("镇"), later.add(&"b".repeat(70_000))];
        let later = later.finish();
        assert!(syms.iter().zip(&texts).all(|(sym, text)| later.get(*sym) == text));
        assert_eq!((later.get(more[0]), later.get(more[1]).len()), ("镇", 70_000));
        for (sym, text) in syms.iter().zip(&texts) {
            assert!(strings.get(*sym) == text, "{} bytes", text.len());
        }
    }
}
