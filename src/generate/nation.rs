//! A national register for tests of scale: every township, town, ethnic township and sub-district with its bodies, posts,
//! people and five years of changes. Divisions are real, all else is synthetic and lawful; irregular cases only when asked for.
//!
//! It is made county by county, and what a county holds depends on the seed and its code alone: a part of the nation is the
//! same as in the whole.

use super::Named;
use super::builder::{Builder, Term};
use super::departments::{self, LINES, name_of};
use super::leaders::{self, Procedure};
use super::numbers::{Plan, Share};
use super::profile::{NATIONAL, Profile};
use super::{county, staff};
use crate::domain::{DivisionCode, PersonnelIdentity};
use crate::store::{ID_SPACE, Rows};

/// What national register is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The same seed makes the same register.
    pub seed: u64,
    /// Only this division and those in it, with the departments above.
    pub within: Option<DivisionCode>,
    /// Share of townships with an irregular case, from 0 to 1.
    pub findings: f64,
}

/// A national register, one shard after the other.
pub struct Nation {
    wish: Wish,
    /// All real divisions, ordered by code.
    divisions: Vec<Named>,
    /// The shards that are still to come: those above first within each province.
    shards: std::vec::IntoIter<DivisionCode>,
    made: usize,
    count: usize,
}

impl Nation {
    /// A register over these divisions.
    #[must_use]
    pub fn new(wish: Wish, divisions: Vec<Named>) -> Self {
        let divisions: Vec<Named> = divisions.into_iter().filter(|(code, _)| !code.is_fictional()).collect();
        let inside = |code: &DivisionCode| {
            wish.within.is_none_or(|w| w.range().contains(*code) || code.range().contains(w))
        };
        let codes = divisions.iter().map(|(code, _)| *code);
        let shards: Vec<DivisionCode> = codes.filter(|c| c.digits() <= 6 && inside(c)).collect();
        let count = shards.len();
        Self { wish, divisions, shards: shards.into_iter(), made: 0, count }
    }

    /// How many shards were made, and of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.made, self.count)
    }

    fn shard(&self, code: DivisionCode) -> Rows {
        let mut b = Builder::of_shard(self.wish.seed, code.shard());
        let from = self.divisions.partition_point(|(c, _)| *c < code);
        let to = self.divisions.partition_point(|(c, _)| c.number() < code.range().to);
        // A county's divisions; of those above only their own name.
        let own = &self.divisions[from..if code.digits() == 6 { to } else { from + 1 }];
        lines(&mut b, code, own);
        if code.digits() == 6 {
            self.county(&mut b, code, own);
        }
        b.finish()
    }

    fn county(&self, b: &mut Builder, code: DivisionCode, own: &[Named]) {
        let profile: &Profile = &NATIONAL[b.below(u32::try_from(NATIONAL.len()).unwrap_or(1)) as usize];
        let year = b.between(2021, 2025);
        let day = b.day_in(year);
        let townships = own.iter().filter(|(c, name)| c.division_type(name).is_township());
        let mut shares = Vec::new();
        for (code, _) in townships {
            let (before, after) = (b.between(26, 34), b.between(48, 68));
            shares.push((*code, Share { before, after, administrative: before * 2 / 3 }));
        }
        county::build(b, profile, (code, &day), own, &Plan::of(shares));
        staff::complete(b, &day);
        if self.wish.findings > 0.0 {
            staff::plant(b, self.wish.findings);
        }
    }
}

impl Iterator for Nation {
    type Item = Rows;
    fn next(&mut self) -> Option<Rows> {
        let code = self.shards.next()?;
        self.made += 1;
        Some(self.shard(code))
    }
}

/// The departments of a division, one for each line, each below the one of the next division above. They are the first
/// organisations of their shard, so their ids are known before they are made.
fn lines(b: &mut Builder, seat: DivisionCode, own: &[Named]) {
    for (line, (_, below, top, field)) in (1_i64..).zip(LINES) {
        let name = format!("{}{}", name_of(own, seat), if seat.digits() == 2 { top } else { below });
        let superior = seat.parent().map(|above| i64::from(above.shard()) * ID_SPACE + line);
        let id = departments::one(b, seat, name, *field, superior);
        let post = leaders::post(
            b,
            id,
            if seat.digits() == 2 { "厅长" } else { "局长" },
            &county::HEAD,
            false,
            Term::default(),
        );
        let start = b.day_in(2022);
        let shard = seat.shard().cast_signed();
        let head = leaders::person(b, shard, PersonnelIdentity::CivilServant, None);
        let term = Term { from: Some(&start), to: None };
        leaders::appoint(b, post, head, county::HEAD.mode, term, Procedure::default());
    }
}
