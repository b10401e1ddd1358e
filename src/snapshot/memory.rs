//! What a snapshot takes in memory, by what it holds: counted from its tables, not asked of the system.

use super::{Shard, Snapshot};

/// Bytes of something, with its name.
pub type Part = (&'static str, usize);

impl Shard {
    fn parts(&self) -> [Part; 10] {
        let organizations = self.organizations_in_memory();
        [
            ("strings", self.strings.bytes()),
            ("divisions", self.divisions_in_memory()),
            ("organizations", organizations),
            ("posts", self.posts.bytes()),
            ("appointments", self.appointments().bytes() + self.consultations_in_memory()),
            ("persons", self.persons.bytes()),
            (
                "papers",
                self.documents.bytes()
                    + self.reforms.bytes()
                    + self.drafts.bytes()
                    + self.changes.bytes()
                    + self.papers_in_memory(),
            ),
            ("links", self.links_in_memory()),
            ("search", self.search_in_memory()),
            ("log", self.log.bytes()),
        ]
    }
}

impl Snapshot {
    /// What the snapshot takes in memory.
    #[must_use]
    pub fn memory(&self) -> Vec<Part> {
        let mut sums: Vec<Part> = Vec::new();
        for (_, shard) in self.shards() {
            for (at, (name, bytes)) in shard.parts().into_iter().enumerate() {
                match sums.get_mut(at) {
                    Some(sum) => sum.1 += bytes,
                    None => sums.push((name, bytes)),
                }
            }
        }
        sums.push(("directory", self.directory_in_memory()));
        sums
    }
}

#[cfg(test)]
mod tests {
    use crate::snapshot::{AppointmentRow, OrganizationRow, OrganizationVersion, PersonRow, PostRow};

    /// A row more or less is nothing, a field more in millions of rows is much.
    #[test]
    fn rows_are_small() {
        assert_eq!(size_of::<PersonRow>(), 28);
        assert_eq!(size_of::<AppointmentRow>(), 24);
        assert_eq!(size_of::<PostRow>(), 20);
        assert_eq!((size_of::<OrganizationRow>(), size_of::<OrganizationVersion>()), (32, 32));
    }
}
