//! A table of a shard: rows in their order of reading, and a way to find one by id.

/// A row with a surrogate id.
pub trait Row {
    /// The surrogate id.
    fn id(&self) -> i64;
}

/// Rows in their order of reading.
#[derive(Debug, Clone)]
pub struct Table<R> {
    rows: Box<[R]>,
    /// The positions in the order of ids; empty when the rows stand in it.
    by_id: Box<[u32]>,
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

impl<R> Table<R> {
    pub(super) fn len_of_rows(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn len_of_index(&self) -> usize {
        self.by_id.len()
    }
}

impl<R: Row> Table<R> {
    /// Takes rows that stand in their order of reading.
    #[must_use]
    pub fn new(rows: Vec<R>) -> Self {
        let mut by_id = Vec::new();
        if !rows.is_sorted_by_key(Row::id) {
            by_id = (0..).take(rows.len()).collect();
            by_id.sort_unstable_by_key(|row: &u32| rows[*row as usize].id());
        }
        Self { rows: rows.into(), by_id: by_id.into() }
    }

    /// The position of the row with the id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<u32> {
        if self.by_id.is_empty() {
            // Ids of a shard are given one after the other: mostly the row stands where its number says.
            let guess = usize::try_from(id.checked_sub(self.rows.first()?.id())?).ok()?;
            if self.rows.get(guess).is_some_and(|row| row.id() == id) {
                return u32::try_from(guess).ok();
            }
            return u32::try_from(self.rows.binary_search_by_key(&id, Row::id).ok()?).ok();
        }
        let at = self.by_id.binary_search_by_key(&id, |row| self.rows[*row as usize].id()).ok()?;
        Some(self.by_id[at])
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
        (0..).zip(self.rows.iter())
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

/// The id of a record, or none. No record has the id 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MaybeId(i64);

impl MaybeId {
    /// The id.
    #[inline]
    #[must_use]
    pub fn get(self) -> Option<i64> {
        (self.0 != 0).then_some(self.0)
    }
}

impl From<Option<i64>> for MaybeId {
    fn from(id: Option<i64>) -> Self {
        Self(id.unwrap_or(0))
    }
}

/// Groups items by an owner's position: the owners of items stand sorted, and each owner gets its stretch.
pub fn spans(owners: usize, items: impl Iterator<Item = u32>) -> Vec<Span> {
    let mut out = vec![Span::default(); owners];
    for (at, owner) in (0..).zip(items) {
        if let Some(span) = out.get_mut(owner as usize) {
            if span.len == 0 {
                span.at = at;
            }
            span.len += 1;
        }
    }
    out
}
