//! Lines of a text, found by their number and by a place in them, without an entry for each.

use memchr::memchr;
use memchr::memmem::Finder;

/// Every so many lines the place of one is noted; those between are counted.
const NOTED: usize = 32;

/// Texts one after the other, each ended by a line break.
#[derive(Default, Clone)]
pub struct Lines {
    pub text: String,
    noted: Vec<u32>,
    pub count: usize,
}

impl Lines {
    /// Adds a line.
    pub fn push(&mut self, line: &str) {
        if self.count.is_multiple_of(NOTED) {
            self.noted.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        self.text.push_str(line);
        self.text.push('\n');
        self.count += 1;
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.text.len() + size_of_val(self.noted.as_slice())
    }

    /// Where a line begins and where it ends, without its break.
    fn bounds(&self, line: usize) -> (usize, usize) {
        let mut start = self.noted[line / NOTED] as usize;
        for _ in 0..line % NOTED {
            start = self.end(start) + 1;
        }
        (start, self.end(start))
    }

    /// The end of the line in which a place lies.
    pub fn end(&self, at: usize) -> usize {
        memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |break_| at + break_)
    }

    /// A line, without its break.
    pub fn get(&self, line: usize) -> &str {
        let (start, end) = self.bounds(line);
        &self.text[start..end]
    }

    /// The line in which a place lies, and where it begins.
    fn line_of(&self, at: usize) -> (usize, usize) {
        let noted = self.noted.partition_point(|start| *start as usize <= at) - 1;
        let (mut line, mut start) = (noted * NOTED, self.noted[noted] as usize);
        loop {
            let end = self.end(start);
            if end >= at {
                return (line, start);
            }
            (line, start) = (line + 1, end + 1);
        }
    }

    /// Calls `visit` with each line that holds the needle, where the line begins, and the place in the text, until that says it
    /// is enough of the line.
    pub fn find(&self, finder: &Finder<'_>, mut visit: impl FnMut(usize, usize, usize) -> bool) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(found) = finder.find(&bytes[at..]) {
            let found = at + found;
            let (line, start) = self.line_of(found);
            at = if visit(line, start, found) { self.end(found) + 1 } else { found + 1 };
        }
    }
}
