//! A table of a shard: rows in their order of reading, and a way to find one by id.

/// A row with a surrogate id.
pub trait Row {
    /// The surrogate id.
    fn id(&self) -> i64;
}

/// Rows in their order of reading.
#[derive(Debug)]
pub struct Table<R> {
    rows: Vec<R>,
    by_id: Vec<(i64, u32)>,
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
    pub fn rows(self) -> std::ops::Range<u32> {
        self.at..self.at + self.len
    }
}

impl<R: Row> Table<R> {
    /// Takes rows that stand in their order of reading.
    #[must_use]
    pub fn new(mut rows: Vec<R>) -> Self {
        rows.shrink_to_fit();
        let mut by_id: Vec<(i64, u32)> = rows.iter().map(Row::id).zip(0..).collect();
        by_id.sort_unstable();
        Self { rows, by_id }
    }

    /// The position of the row with the id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<u32> {
        let at = self.by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.by_id[at].1)
    }

    /// The row at a position.
    #[inline]
    #[must_use]
    pub fn get(&self, row: u32) -> &R {
        &self.rows[row as usize]
    }

    /// The rows at a stretch, with their positions.
    pub fn span(&self, span: Span) -> impl Iterator<Item = (u32, &R)> {
        let range = span.at as usize..(span.at + span.len) as usize;
        span.rows().zip(&self.rows[range])
    }

    /// All rows with their positions.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &R)> {
        (0..).zip(&self.rows)
    }

    /// Completes the rows while the shard is built. Ids stay.
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
}

/// Groups items by an owner's position: the items stand sorted by owner, and each owner gets its stretch.
pub fn spans<T>(owners: usize, items: &[T], owner: impl Fn(&T) -> u32) -> Vec<Span> {
    let mut out = vec![Span::default(); owners];
    let mut at = 0;
    while at < items.len() {
        let of = owner(&items[at]);
        let len = items[at..].iter().take_while(|i| owner(i) == of).count();
        if let Some(span) = out.get_mut(of as usize) {
            *span = Span { at: u32::try_from(at).unwrap_or(0), len: u32::try_from(len).unwrap_or(0) };
        }
        at += len;
    }
    out
}
