//! What a national register has beside the demonstration's bodies: deputies, predecessors, and, when asked for, findings.

use super::builder::{Builder, Term};
use super::county::HEAD;
use super::leaders::{self, Procedure, Seat};
use crate::domain::{AppointmentState, CodeList, Day, PersonnelIdentity, PostPosition};
use rustc_hash::FxHashMap;

/// The deputy of a head.
const DEPUTY: Seat = Seat { position: PostPosition::Deputy, ..HEAD };
/// The register reaches back so many years before 2026.
const SINCE: i32 = 2021;

/// Gives the bodies that live deputies, and their posts predecessors: five years of appointments.
pub fn complete(b: &mut Builder, reform: &str) {
    let bodies: Vec<(i64, bool, Option<String>)> = b
        .rows
        .organization
        .iter()
        .filter(|o| o.valid_to.is_none() && o.kind != "DEPARTMENT")
        .map(|o| (o.id, o.kind == "PUBLIC_INSTITUTION", o.valid_from.clone()))
        .collect();
    let teams: Vec<i64> = b
        .rows
        .organization
        .iter()
        .filter(|o| o.kind == "GOVERNMENT" || o.kind == "SUBDISTRICT_OFFICE")
        .map(|o| o.id)
        .collect();
    for (body, institution, from) in bodies {
        if teams.contains(&body) {
            continue;
        }
        let identity =
            if institution { PersonnelIdentity::InstitutionStaff } else { PersonnelIdentity::CivilServant };
        let titles: &[&str] =
            if b.chance(70) { &["副主任", "副主任（分管）"] } else { &["副主任"] };
        for title in titles {
            let term = Term { from: from.as_deref(), to: None };
            let post = leaders::post(b, body, title, &DEPUTY, false, term);
            let start = from.clone().unwrap_or_else(|| b.day_in(SINCE));
            serve(b, post, &start, identity, stays(title));
        }
    }
    predecessors(b, reform);
}

/// The first deputy's post is always held; the second sometimes vacant.
fn stays(title: &str) -> u32 {
    if title == "副主任" { 100 } else { 93 }
}

/// One or two people in a post, one after the other, from a day on; the last one stays with a chance in percent.
fn serve(b: &mut Builder, post: i64, start: &str, identity: PersonnelIdentity, stays: u32) {
    let shard = i32::try_from(post / crate::store::ID_SPACE).unwrap_or(0);
    let mut from = start.to_owned();
    if b.chance(80) {
        let days = b.between(200, 900);
        let to = Builder::day_after(&from, days);
        if is_over(&to) {
            let person = leaders::person(b, shard, identity, None);
            leaders::appoint(
                b,
                post,
                person,
                DEPUTY.mode,
                Term { from: Some(&from), to: Some(&to) },
                removed(),
            );
            from = to;
        }
    }
    if b.chance(stays) {
        let person = leaders::person(b, shard, identity, None);
        leaders::appoint(
            b,
            post,
            person,
            DEPUTY.mode,
            Term { from: Some(&from), to: None },
            Procedure::default(),
        );
    }
}

fn removed() -> Procedure<'static> {
    Procedure { state: Some(AppointmentState::Removed), ..Procedure::default() }
}

/// Whether a day has passed in a generated register, which ends here, whatever day it is.
fn is_over(day: &str) -> bool {
    Day::parse(day) < Day::parse("2026-06-30")
}

/// Who led a body before its present head: for heads whose term began on the day of the reform or later.
fn predecessors(b: &mut Builder, reform: &str) {
    let mut first: FxHashMap<i64, String> = FxHashMap::default();
    for a in &b.rows.appointment {
        if let Some(from) = &a.valid_from {
            let known = first.entry(a.post_id).or_insert_with(|| from.clone());
            if from < known {
                known.clone_from(from);
            }
        }
    }
    let posts: Vec<(i64, Option<String>)> =
        b.rows.leadership_post.iter().map(|p| (p.id, p.valid_from.clone())).collect();
    for (post, from) in posts {
        let Some(began) = first.get(&post) else { continue };
        // A post that is as old as its first holder has no predecessor.
        let earliest = from.unwrap_or_else(|| format!("{}-01-01", SINCE - 1));
        if *began <= earliest || began.as_str() < reform && !b.chance(35) {
            continue;
        }
        let shard = i32::try_from(post / crate::store::ID_SPACE).unwrap_or(0);
        let person = leaders::person(b, shard, PersonnelIdentity::CivilServant, None);
        let term = Term { from: Some(&earliest), to: Some(began) };
        leaders::appoint(b, post, person, HEAD.mode, term, removed());
    }
}

/// Makes a share of the townships irregular: too many people in a body, a post held by one too many, or an agency's head who
/// was appointed without asking the township.
pub fn plant(b: &mut Builder, share: f64) {
    let townships: Vec<(i64, String)> = b
        .rows
        .organization_version
        .iter()
        .filter(|v| v.parent_id.is_none() && v.division_code.len() == 9 && v.version == 1)
        .map(|v| (v.organization_id, v.division_code.clone()))
        .collect();
    for (township, code) in townships {
        // Shares finer than one in ten thousand are not asked for.
        if f64::from(b.below(10_000)) >= share * 10_000.0 {
            continue;
        }
        match b.below(3) {
            0 => {
                let over = b.between(1, 3);
                let mut own = b.rows.establishment.iter_mut().filter(|e| e.organization_id == township);
                if let Some(row) = own.find(|e| e.valid_to.is_none()) {
                    row.occupied = row.approved + over;
                }
            }
            1 => one_too_many(b, township),
            _ => unasked(b, &code),
        }
    }
}

fn one_too_many(b: &mut Builder, township: i64) {
    let post = b.rows.leadership_post.iter().find(|p| p.organization_id == township && p.quota == 1);
    let Some(post) = post.map(|p| p.id) else { return };
    let shard = i32::try_from(post / crate::store::ID_SPACE).unwrap_or(0);
    let person = leaders::person(b, shard, PersonnelIdentity::CivilServant, None);
    let start = b.day_in(2025);
    leaders::appoint(b, post, person, HEAD.mode, Term { from: Some(&start), to: None }, Procedure::default());
}

fn unasked(b: &mut Builder, township: &str) {
    let here = b.rows.organization_version.iter().filter(|v| v.division_code == township);
    let agency =
        here.filter(|v| v.agency_kind.is_some() && v.valid_to.is_none()).map(|v| v.organization_id).next();
    let posts = &b.rows.leadership_post;
    let post = posts
        .iter()
        .find(|p| Some(p.organization_id) == agency && p.position == PostPosition::Principal.value());
    let Some(post) = post.map(|p| p.id) else { return };
    for a in b.rows.appointment.iter_mut().filter(|a| a.post_id == post && a.valid_to.is_none()) {
        (a.consultation, a.consulted_on, a.answered_on, a.answer) = (None, None, None, None);
    }
}
