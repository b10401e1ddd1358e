//! Interned strings of one shard.

use rustc_hash::FxHashMap;

/// An interned string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sym(u32);

/// The strings of a shard: one text and the ends of its pieces.
#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// The string.
    #[inline]
    #[must_use]
    pub fn get(&self, sym: Sym) -> &str {
        let at = sym.0 as usize;
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[from..self.ends[at] as usize]
    }
}

/// Collects strings while a shard is built.
#[derive(Default)]
pub struct Interner {
    known: FxHashMap<Box<str>, Sym>,
    strings: Strings,
}

impl Interner {
    /// Interns a text.
    pub fn add(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.known.get(text) {
            return *sym;
        }
        let sym = Sym(u32::try_from(self.strings.ends.len()).unwrap_or(u32::MAX));
        self.strings.text.push_str(text);
        self.strings.ends.push(u32::try_from(self.strings.text.len()).unwrap_or(u32::MAX));
        self.known.insert(text.into(), sym);
        sym
    }

    /// Interns a text that may be absent.
    pub fn maybe(&mut self, text: Option<&str>) -> Option<Sym> {
        text.map(|t| self.add(t))
    }

    /// The finished strings.
    #[must_use]
    pub fn finish(mut self) -> Strings {
        self.strings.text.shrink_to_fit();
        self.strings.ends.shrink_to_fit();
        self.strings
    }
}
