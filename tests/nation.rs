//! The national register: the same for the same seed, lawful unless findings are asked for, and read as it was written.

use crate::harness::{BACKENDS, block_on, empty_store};
use std::collections::BTreeMap;
use std::sync::Arc;
use tiaokuai::domain::{Day, DivisionCode, Locale, OrganizationKind, Role};
use tiaokuai::generate::{Nation, Wish};
use tiaokuai::policy::{Grant, Meter, Scope, View, Viewer};
use tiaokuai::snapshot::{EstablishmentRow, Shard, Snapshot};
use tiaokuai::store::{Import, Loaded, Rows};

fn nation(within: &str, seed: u64, findings: f64) -> Rows {
    let wish = Wish { seed, within: DivisionCode::parse(within), findings };
    let mut all = Rows::default();
    Nation::new(wish, tiaokuai::data::names()).for_each(|rows| all.append(rows));
    all
}

/// The tables as text, to compare.
fn text(rows: &Rows) -> BTreeMap<&'static str, String> {
    let table = |name: &&'static str| {
        let mut out = Vec::new();
        rows.write_csv(name, &mut out).unwrap();
        let mut lines: Vec<&str> = std::str::from_utf8(&out).unwrap().lines().collect();
        lines.sort_unstable();
        (*name, lines.join("\n"))
    };
    Rows::TABLES.iter().map(table).collect()
}

#[test]
fn a_part_is_the_same_as_in_the_whole_and_another_seed_is_another_register() {
    let (prefecture, county) = (nation("2106", 1, 0.0), nation("210681", 1, 0.0));
    let of_county = prefecture.clone().split().remove(&210_681).unwrap();
    assert_eq!(text(&of_county), text(&county.split().remove(&210_681).unwrap()));
    assert_eq!(text(&prefecture), text(&nation("2106", 1, 0.0)));
    assert_ne!(text(&prefecture), text(&nation("2106", 2, 0.0)));
}

/// Per township about 17 bodies, 37 posts, 68 people, as in the whole: 0.66 million bodies, 1.5 million posts, 2.6 million people.
#[test]
fn a_prefecture_has_its_share_of_bodies_posts_and_people() {
    let rows = nation("2106", 1, 0.0);
    let townships =
        rows.organization.iter().filter(|o| o.kind == "GOVERNMENT" || o.kind == "SUBDISTRICT_OFFICE");
    let townships = townships.count();
    assert_eq!(townships, 84, "Dandong has 84 townships and sub-districts");
    for (what, count, low, high) in [
        ("bodies", rows.organization.len(), 15, 20),
        ("posts", rows.leadership_post.len(), 33, 42),
        ("people", rows.person.len(), 60, 78),
        ("appointments", rows.appointment.len(), 60, 78),
    ] {
        assert!((townships * low..=townships * high).contains(&count), "{count} {what}");
    }
    // Five years of changes: days of every year.
    for year in 2021..=2025 {
        let in_year = |day: &Option<String>| day.as_ref().is_some_and(|d| d.starts_with(&year.to_string()));
        assert!(rows.appointment.iter().any(|a| in_year(&a.valid_from)), "{year}");
    }
}

/// What is wrong in a register: over-establishment, posts held by too many, agency heads appointed unasked, deviations.
fn wrongs(rows: &Rows) -> [usize; 3] {
    let today = "2026-11-22".to_owned();
    let holds = |from: &Option<String>, to: &Option<String>| {
        from.as_ref().is_none_or(|f| *f <= today) && to.as_ref().is_none_or(|t| today < *t)
    };
    let over = rows.establishment.iter().filter(|e| e.occupied > e.approved).count();
    let mut held: BTreeMap<i64, i32> = BTreeMap::new();
    for a in rows.appointment.iter().filter(|a| a.state == "CONFIRMED" && holds(&a.valid_from, &a.valid_to)) {
        *held.entry(a.post_id).or_default() += 1;
    }
    let many = rows.leadership_post.iter().filter(|p| held.get(&p.id).is_some_and(|n| *n > p.quota)).count();
    let agencies: Vec<i64> = rows
        .organization
        .iter()
        .filter(|o| o.kind == "SECONDED_AGENCY" && o.valid_to.is_none())
        .map(|o| o.id)
        .collect();
    let heads =
        rows.leadership_post.iter().filter(|p| agencies.contains(&p.organization_id) && p.title == "所长");
    let heads: Vec<i64> = heads.map(|p| p.id).collect();
    let unasked = rows
        .appointment
        .iter()
        .filter(|a| heads.contains(&a.post_id) && a.state == "CONFIRMED" && a.consultation.is_none());
    [over, many, unasked.count()]
}

#[test]
fn it_is_lawful_and_findings_are_planted_when_asked_for() {
    assert_eq!(wrongs(&nation("2106", 1, 0.0)), [0, 0, 0]);
    let [over, many, unasked] = wrongs(&nation("2106", 1, 0.5));
    assert!(over > 5 && many > 5 && unasked > 5, "{over} {many} {unasked}");
    let found = over + many + unasked;
    assert!((25..=60).contains(&found), "half of 84 townships, not {found}");
}

#[test]
fn what_was_imported_is_read_and_an_import_is_whole() {
    for backend in BACKENDS {
        block_on(async {
            let store = empty_store(backend, "nation").await;
            store.load(&tiaokuai::data::divisions()).await.unwrap();
            let rows = nation("210681", 1, 0.0);
            let import = Import { name: "nation", synthetic: true, key: "a" };
            let broken = || {
                let mut rows = rows.clone();
                rows.leadership_post.push(rows.leadership_post[0].clone());
                rows
            };
            let (_, before) = store.read().await.unwrap();
            let refused = store.import(&import, std::iter::once(broken())).await;
            assert!(refused.is_err(), "{backend:?}: a post that is there twice");
            assert_eq!(text(&store.read().await.unwrap().1), text(&before), "{backend:?}");
            let done = store.import(&import, std::iter::once(rows.clone())).await.unwrap();
            assert_eq!(done, Loaded::Changed { revision: 2, rows: rows.len() }, "{backend:?}");
            let again = store.import(&import, std::iter::once(rows.clone())).await.unwrap();
            assert_eq!(again, Loaded::Unchanged, "{backend:?}");
            let other = Import { key: "b", ..import };
            assert!(store.import(&other, std::iter::once(rows.clone())).await.is_err(), "{backend:?}");
            assert!(
                store.load(&tiaokuai::data::demo()).await.is_err(),
                "{backend:?}: the demonstration beside a nation"
            );
            let (state, read) = store.read().await.unwrap();
            assert_eq!(state.revision, 2);
            let mut expected = before.clone();
            expected.append(rows);
            assert_eq!(text(&read), text(&expected), "{backend:?}");
            // Only what changed after a revision is read again.
            let (_, changed) = store.read_shards(1, |code, _| code, |code| code).await.unwrap();
            let mut changed = changed;
            changed.sort_unstable();
            assert_eq!(changed, [210_000, 210_600, 210_681], "{backend:?}");
        });
    }
}

/// A snapshot with some shards exchanged is the same as one that was built anew.
#[test]
fn exchanged_shards_are_found_like_new_ones() {
    let build = |rows: Rows| -> Vec<Shard> {
        let shards = rows.split().into_iter();
        shards.map(|(code, rows)| Shard::build(code.cast_unsigned(), rows).unwrap()).collect()
    };
    let (one, two) = (nation("2106", 1, 0.0), nation("2106", 2, 0.0));
    let mut names = Rows::default();
    let inside = DivisionCode::parse("2106").unwrap().range();
    let divisions = tiaokuai::data::names();
    divisions.iter().filter(|(c, _)| inside.contains(*c)).for_each(|(c, n)| names.add_division(*c, n));
    let with = |rows: &Rows| {
        let mut all = rows.clone();
        all.append(names.clone());
        all
    };
    // One county of the second seed in the register of the first.
    let mixed = |code: i32| {
        let (mut a, mut b) = (with(&one).split(), with(&two).split());
        let mut all = Rows::default();
        all.append(b.remove(&code).unwrap());
        a.remove(&code);
        a.into_values().for_each(|rows| all.append(rows));
        all
    };
    let state = tiaokuai::store::State { revision: 1, ..Default::default() };
    let first = Snapshot::of(state, build(with(&one)));
    let changed = with(&two).split().remove(&210_681).unwrap();
    let exchanged = first.with(state, vec![Shard::build(210_681, changed).unwrap()]);
    let anew = Snapshot::of(state, build(mixed(210_681)));
    let summary = |snapshot: Snapshot| {
        let meter = Arc::new(Meter::new(u64::MAX));
        let view = View::new(Arc::new(snapshot), Arc::new(Viewer::default()), meter, Locale::En);
        let mut out = Vec::new();
        for handle in view.organizations_within(inside, OrganizationKind::ALL) {
            let id = view.organization_id(handle);
            out.push((id, view.find_organization(id), view.changes_of(handle, true).count()));
            for post in view.posts_of(handle) {
                for appointment in view.appointments_of_post(post) {
                    let person = view.person_of(appointment).map_or(0, |person| view.person_id(person));
                    out.push((person, view.find_person(person), view.appointments_of_person(person).count()));
                }
            }
        }
        (out, view.divisions_within(inside).count(), Day::today())
    };
    let (exchanged, anew) = (summary(exchanged), summary(anew));
    assert!(exchanged.0.len() > 5_000);
    assert_eq!(exchanged, anew);
}

/// What a walk over many bodies knows of each at a glance is what their rows say, on every day and for everybody.
#[test]
fn what_is_known_at_a_glance_is_what_the_rows_say() {
    let mut rows = nation("2106", 1, 0.5);
    let inside = DivisionCode::parse("2106").unwrap().range();
    let names = tiaokuai::data::names();
    names.iter().filter(|(code, _)| inside.contains(*code)).for_each(|(c, n)| rows.add_division(*c, n));
    // Bodies that are not published, a second authority where one sits, and an office that is still to come.
    rows.organization.iter_mut().step_by(7).for_each(|body| body.disclosed = false);
    let towns: Vec<i64> = rows.organization.iter().filter(|o| o.kind == "GOVERNMENT").map(|o| o.id).collect();
    let seat = rows.organization_version.iter().find(|v| v.organization_id == towns[0]).unwrap().clone();
    let moved = rows.organization_version.iter_mut().filter(|v| v.organization_id == towns[1]);
    moved.for_each(|version| version.division_code.clone_from(&seat.division_code));
    let later = rows.organization.iter_mut().rfind(|o| o.kind == "INTERNAL_OFFICE" && o.valid_to.is_none());
    later.unwrap().valid_from = Some("2031-01-01".to_owned());

    let state = tiaokuai::store::State { revision: 1, ..Default::default() };
    let snapshot = Arc::new(Snapshot::build(state, rows).unwrap());
    let director = Grant { role: Role::EstablishmentDirector, scope: Scope::default() };
    let viewers = [Viewer::default(), Viewer { subject: Some("d".to_owned()), grants: vec![director] }];
    let (mut own, mut others) = (0, 0);
    for (viewer, day) in viewers.iter().flat_map(|v| {
        ["2019-06-30", "2021-03-01", "2024-01-01", "2026-11-22", "2035-01-01"].map(|day| (v, day))
    }) {
        let meter = Arc::new(Meter::new(u64::MAX));
        let view = View::new(snapshot.clone(), Arc::new(viewer.clone()), meter, Locale::En);
        let view = view.dated(Day::parse(day));
        let shards = view.shards_in(inside);
        let walked = shards.iter().flat_map(|shard| view.bodies_in(*shard, inside, OrganizationKind::ALL));
        let walked: Vec<_> = walked.collect();
        let listed: Vec<_> = view.organizations_within(inside, OrganizationKind::ALL).collect();
        assert_eq!(walked.iter().map(|body| body.at).collect::<Vec<_>>(), listed, "{day}");
        for body in walked {
            assert_eq!((body.code, body.kind), (view.seat(body.at), view.organization_row(body.at).kind));
            assert_eq!(view.version_of(&body).name, view.organization(body.at).unwrap().name);
            let numbers = |rows: &mut dyn Iterator<Item = &EstablishmentRow>| -> Vec<(i32, i32)> {
                rows.map(|row| (row.approved, row.occupied)).collect()
            };
            let expected = numbers(&mut view.establishment(body.at));
            assert_eq!(numbers(&mut view.establishment_of(&body)), expected, "{day}");
            let Some(township) = view.township_at(body.code) else { continue };
            let owned = view.owns(township.at, body.at);
            assert_eq!(view.is_owned(township.at, &body), owned, "{day}");
            if owned { own += 1 } else { others += 1 }
        }
    }
    assert!(own > 4_000 && others > 4_000, "{own} {others}");
}
