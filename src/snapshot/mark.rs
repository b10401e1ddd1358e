//! Marks: what a walk over many organisations wants to know of each that sits where it sits for good, without looking at it. They
//! stand close together: of the nation they are a few megabytes, which come from memory many times as fast as all rows and versions.

use super::builder::Builder;
use super::ids::Reference;
use super::organization::{EstablishmentRow, Organizations};
use super::table::Span;
use crate::domain::{CodeRange, Day, OrganizationKind, Validity};
use rustc_hash::FxHashMap;

/// What is known of an organisation at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The place of its version.
    pub version: u32,
    /// Its establishment, as far as it may hold on the days for which marks are read.
    pub establishment: Span,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Whether the public may see it.
    pub disclosed: bool,
    /// Whether it belongs to the authority of the township where it sits; nothing where there are several.
    pub owned: Option<bool>,
}

impl Mark {
    /// The same for days from one on: without the establishment that has ended by then, as far as it stands before or after the other.
    pub fn since(self, day: Day, establishment: &[EstablishmentRow]) -> Self {
        let ended = |row: &&EstablishmentRow| row.validity.to <= day;
        let all = self.establishment.of(establishment);
        let before = all.iter().take_while(ended).count();
        let after = all[before..].iter().rev().take_while(ended).count();
        let (before, after) = (u32::try_from(before).unwrap_or(0), u32::try_from(after).unwrap_or(0));
        let establishment =
            Span { at: self.establishment.at + before, len: self.establishment.len - before - after };
        Self { establishment, ..self }
    }
}

/// An organisation in a division in a time.
pub struct Stay {
    /// Code of the division.
    pub code: u64,
    /// The organisation.
    pub row: u32,
    /// When it sat there.
    pub validity: Validity,
    /// What is known of it at a glance.
    pub mark: Mark,
}

impl Organizations {
    /// The organisations that sit in a territory on a day from which on nothing changes: code of the division, row, and what is known of
    /// each, ordered by division. Nothing for earlier days.
    pub fn standing(&self, range: CodeRange, day: Day) -> Option<impl Iterator<Item = (u64, u32, &Mark)>> {
        self.located.standing(range, day)
    }

    /// Reads once, from one end to the other, what a walk over the organisations will look at here and there: memory that is read in
    /// order comes many times as fast. Rows and versions only where the walk is for more than marks and establishment.
    pub fn read_ahead(&self, whole: bool) {
        let (rows, versions) = if whole { (self.rows.len(), &self.versions[..]) } else { (0, &[][..]) };
        let most = rows.max(versions.len()).max(self.establishment.len()).max(self.located.lasting());
        // Side by side, since each begins with some waiting, and by steps that leave out no line of memory.
        let step = if whole { 2 } else { 3 };
        let one = |at: usize| {
            let row = if at < rows { self.rows.get(u32::try_from(at).unwrap_or(0)).versions } else { 0 };
            let version = versions.get(at).map_or(0, |version| version.validity.to.0);
            let establishment = self.establishment.get(at).map_or(0, |row| row.occupied);
            self.located.touch(at) ^ row ^ (version ^ establishment).cast_unsigned()
        };
        std::hint::black_box((0..most).step_by(step).fold(0, |sum, at| sum ^ one(at)));
    }
}

/// Where all organisations sat at any time.
pub fn stays(b: &mut Builder, of: &Organizations) -> Vec<Stay> {
    let mut all: Vec<(Stay, Reference)> = of.rows.iter().flat_map(|(row, _)| stays_of(of, row)).collect();
    // The authority of each township for good, as other records refer to it.
    let mut authorities: FxHashMap<u64, Option<Reference>> = FxHashMap::default();
    for (stay, _) in all.iter().filter(|(stay, _)| OrganizationKind::TOWNSHIPS.contains(&stay.mark.kind)) {
        if stay.validity.to == Day::OPEN_TO {
            let own = b.references.to(of.rows.id(stay.row));
            authorities.entry(stay.code).and_modify(|other| *other = None).or_insert(Some(own));
        }
    }
    for (stay, parent) in &mut all {
        let authority = authorities.get(&stay.code);
        stay.mark.owned = authority.map_or(Some(false), |only| only.map(|only| only == *parent));
    }
    all.into_iter().map(|(stay, _)| stay).collect()
}

fn stays_of(of: &Organizations, row: u32) -> impl Iterator<Item = (Stay, Reference)> + '_ {
    let organization = of.rows.get(row);
    let establishment = of.establishment_span(row);
    of.rows.part(row, of.versions.len(), |o| o.versions).map(move |place| {
        let version = &of.versions[place as usize];
        let (one, other) = (organization.validity, version.validity);
        let mark = Mark {
            version: place,
            establishment,
            kind: organization.kind,
            disclosed: organization.disclosed,
            owned: None,
        };
        let validity = Validity { from: one.from.max(other.from), to: one.to.min(other.to) };
        (Stay { code: version.division.number(), row, validity, mark }, version.parent)
    })
}
