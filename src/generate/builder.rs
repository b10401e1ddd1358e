//! Collects rows and hands out ids. One number series a shard and table, so that the files stay stable.

use crate::domain::{
    CodeList, Day, DivisionCode, EstablishmentType, OrganizationCategory, OrganizationField, OrganizationKind,
};
use crate::store::{ID_SPACE, Rows, entity};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rustc_hash::FxHashMap;

/// The seed of the demonstration.
const SEED: u64 = 20_261_121;

/// From when to when something holds, as texts of the files; `None` is open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Term<'a> {
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
}

/// What an organisation is made with. The rest is set on the returned version.
pub struct Body<'a> {
    pub kind: OrganizationKind,
    pub name: String,
    pub division: DivisionCode,
    pub parent: Option<i64>,
    pub category: Option<OrganizationCategory>,
    pub field: Option<OrganizationField>,
    pub term: Term<'a>,
    pub document: Option<i64>,
}

pub struct Builder {
    pub rows: Rows,
    rng: ChaCha8Rng,
    last: FxHashMap<(i32, &'static str), i64>,
    credit: u32,
    /// The county in whose series credit codes are numbered, and persons named; none in the demonstration.
    county: Option<u32>,
}

/// The signs of credit codes.
const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Builder {
    pub fn new() -> Self {
        let rng = ChaCha8Rng::seed_from_u64(SEED);
        Self { rows: Rows::default(), rng, last: FxHashMap::default(), credit: 0, county: None }
    }

    /// A builder for one shard of a national register: what it makes depends on the seed and the shard alone.
    pub fn of_shard(seed: u64, shard: u32) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..12].copy_from_slice(&shard.to_le_bytes());
        Self { rng: ChaCha8Rng::from_seed(key), county: Some(shard), ..Self::new() }
    }

    /// Whether the rows belong to a national register.
    pub fn is_national(&self) -> bool {
        self.county.is_some()
    }

    pub fn finish(self) -> Rows {
        self.rows
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u32) -> u32 {
        self.rng.next_u32() % limit.max(1)
    }

    /// A number between two others, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).unsigned_abs()).cast_signed()
    }

    /// Whether something happens, in percent.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A day in a year.
    pub fn day_in(&mut self, year: i32) -> String {
        let (month, day) = (self.between(1, 12), self.between(1, 28));
        format!("{year}-{month:02}-{day:02}")
    }

    /// The next id of a table in a shard.
    pub fn id(&mut self, shard: i32, table: &'static str) -> i64 {
        let last = self.last.entry((shard, table)).or_insert(0);
        *last += 1;
        i64::from(shard) * ID_SPACE + *last
    }

    /// A document of a county; its number says that it is made up.
    pub fn document(
        &mut self,
        shard: i32,
        issuer: &str,
        title: &str,
        issued_on: &str,
        disclosed: bool,
    ) -> i64 {
        let id = self.id(shard, "document");
        let year = &issued_on[..4];
        self.rows.document.push(entity::document::Model {
            id,
            shard,
            number: format!("演示编〔{year}〕{}号", id % ID_SPACE),
            title: title.to_owned(),
            issuer: issuer.to_owned(),
            issued_on: Some(issued_on.to_owned()),
            disclosed,
        });
        id
    }

    /// An organisation with its first version.
    pub fn organization(&mut self, body: Body<'_>) -> i64 {
        let shard = body.division.shard().cast_signed();
        let id = self.id(shard, "organization");
        self.rows.organization.push(entity::organization::Model {
            id,
            shard,
            kind: body.kind.value().to_owned(),
            disclosed: true,
            valid_from: body.term.from.map(str::to_owned),
            valid_to: body.term.to.map(str::to_owned),
            document_id: body.document,
        });
        self.rows.organization_version.push(entity::organization_version::Model {
            organization_id: id,
            version: 1,
            shard,
            valid_from: body.term.from.map(str::to_owned),
            valid_to: body.term.to.map(str::to_owned),
            name: body.name,
            short_name: None,
            rank: None,
            division_code: body.division.to_string(),
            parent_id: body.parent,
            category: body.category.map(|c| c.value().to_owned()),
            field: body.field.map(|f| f.value().to_owned()),
            featured: false,
            class: None,
            uscc: None,
            agency_kind: None,
            management_mode: None,
            unified_command: false,
            head_rule: None,
            appraisal_weight: None,
            superior_id: None,
            functions: None,
            document_id: body.document,
        });
        id
    }

    /// The version that was made last, for its further attributes.
    pub fn last_version(&mut self) -> &mut entity::organization_version::Model {
        let at = self.rows.organization_version.len() - 1;
        &mut self.rows.organization_version[at]
    }

    /// A unified social credit code with a region (990101) that no registrar has: unissued, but its checks hold.
    pub fn credit_code(&mut self, class: char) -> String {
        self.credit += 1;
        let organization = match self.county {
            None => format!("MB{:06}", self.credit),
            Some(county) => format!("{}{}", signs(county, 4), signs(self.credit, 4)),
        };
        let check = crate::domain::credit_code::organization_check(&organization);
        let first = format!("1{class}990101{organization}{check}");
        crate::domain::credit_code::check_character(&first).map_or(first.clone(), |c| format!("{first}{c}"))
    }

    /// Approved posts of a body; occupied ones follow, never above the approved number.
    pub fn establishment(
        &mut self,
        of: i64,
        kind: EstablishmentType,
        version: i32,
        term: Term<'_>,
        approved: i32,
    ) {
        let share = self.between(84, 100);
        self.rows.establishment.push(entity::establishment::Model {
            organization_id: of,
            kind: kind.value().to_owned(),
            version,
            shard: i32::try_from(of / ID_SPACE).unwrap_or(0),
            valid_from: term.from.map(str::to_owned),
            valid_to: term.to.map(str::to_owned),
            approved,
            occupied: (approved * share + 50) / 100,
            document_id: None,
        });
    }

    /// A change: what became of what.
    pub fn change(
        &mut self,
        kind: crate::domain::ChangeKind,
        on: &str,
        reform: i64,
        document: i64,
        originals: &[i64],
        results: &[i64],
    ) {
        let shard = i32::try_from(reform / ID_SPACE).unwrap_or(0);
        let id = self.id(shard, "change");
        self.rows.organization_change.push(entity::organization_change::Model {
            id,
            shard,
            reform_id: Some(reform),
            kind: kind.value().to_owned(),
            effective_on: on.to_owned(),
            document_id: Some(document),
        });
        let parties = originals.iter().map(|o| (*o, false)).chain(results.iter().map(|r| (*r, true)));
        for (organization_id, resulting) in parties {
            let party =
                entity::organization_change_party::Model { change_id: id, organization_id, resulting, shard };
            self.rows.organization_change_party.push(party);
        }
    }

    /// The day before, as text.
    pub fn day_after(day: &str, days: i32) -> String {
        Day::parse(day).map_or_else(|| day.to_owned(), |d| Day(d.0 + days).to_string())
    }
}

/// A number in the signs of credit codes.
fn signs(mut number: u32, length: usize) -> String {
    let mut text = vec![b'0'; length];
    for sign in text.iter_mut().rev() {
        *sign = SIGNS[number as usize % SIGNS.len()];
        number /= 31;
    }
    String::from_utf8(text).unwrap_or_default()
}
