//! Corrections on a desk: what was registered wrongly is set right where it stands, and every rule that refuses.

use crate::acts::{COUNTY as SHARD, basis as on, desk};
use crate::appointing::{attempt, done as did, proposed, refused as refuses, step};
use crate::reform::TOWN;
use tiaokuai::act::{
    Act, AppointmentCorrection, DocumentCorrection, NewAppointment, Object, OrganizationCorrection, Past,
    PostCorrection, Problem, Step, carry_out,
};
use tiaokuai::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, Day, EstablishmentType, InstitutionRank,
    PublicInstitutionClass,
};

/// An office and an institution of 甲示镇.
const OFFICE: i64 = 99_010_100_000_082;
const CULTURE: i64 = 99_010_100_000_093;

fn body(organization: i64, correction: OrganizationCorrection) -> Act {
    Act::OrganizationCorrect { organization: Object::Id(organization), correction: Box::new(correction) }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_correction_of_a_body_is_of_the_day_and_keeps_the_rules() {
    use OrganizationCorrection as C;
    let mut desk = desk();
    let rename = Act::OrganizationRename {
        organization: Object::Id(OFFICE),
        name: "经济综合办公室".into(),
        short_name: text("经综办"),
    };
    did(&mut desk, "2026-12-01", rename);
    let names = |desk: &tiaokuai::store::Desk| -> Vec<(String, Option<String>)> {
        let own = desk.organization_version.range((OFFICE, 0)..(OFFICE, i32::MAX));
        own.map(|v| (v.name.clone(), v.short_name.clone())).collect()
    };
    let before = names(&desk);
    let versions = before.len();
    // What held before the renaming is set right, and nothing else.
    let correct = body(OFFICE, C { name: text("经济发展和统计办公室"), ..C::default() });
    did(&mut desk, "2026-11-30", correct);
    let after = names(&desk);
    assert_eq!((after.len(), after[versions - 1].clone()), (versions, before[versions - 1].clone()));
    assert_eq!(after[versions - 2].0, "经济发展和统计办公室");
    // An empty text leaves nothing.
    did(&mut desk, "2026-12-01", body(OFFICE, C { short_name: text(""), ..C::default() }));
    assert_eq!(names(&desk)[versions - 1], ("经济综合办公室".to_owned(), None));
    let day = "2026-12-01";
    let cases = [
        (OFFICE, C::default(), Problem::NoChange),
        (OFFICE, C { name: text("经济综合办公室"), ..C::default() }, Problem::NoChange),
        (OFFICE, C { name: text(" 名"), ..C::default() }, Problem::OutOfRange),
        (OFFICE, C { name: text(""), ..C::default() }, Problem::OutOfRange),
        (OFFICE, C { short_name: Some("长".repeat(61)), ..C::default() }, Problem::OutOfRange),
        (OFFICE, C { functions: Some("长".repeat(2_001)), ..C::default() }, Problem::OutOfRange),
        (
            OFFICE,
            C { class: Some(PublicInstitutionClass::PublicBenefit1), ..C::default() },
            Problem::WrongKind,
        ),
        (CULTURE, C { agency_kind: Some(AgencyKind::Other), ..C::default() }, Problem::WrongKind),
        (OFFICE, C { uscc: text("11210681MB"), ..C::default() }, Problem::OutOfRange),
        (1, C { name: text("名"), ..C::default() }, Problem::NotFound),
    ];
    for (organization, correction, problem) in cases {
        let what = format!("{correction:?}");
        assert_eq!(refuses(&mut desk, day, body(organization, correction)), problem, "{what}");
    }
    let wrong = body(OFFICE, C { name: text(""), ..C::default() });
    let all = carry_out(&mut desk.clone(), &on(day), &[wrong]).expect_err("refused");
    assert_eq!(all[0].1.at, ["name"]);
    assert_eq!(
        refuses(&mut desk, "1900-01-01", body(CULTURE, C { name: text("名"), ..C::default() })),
        Problem::NotFound
    );
    // A code belongs to one body; one whose check character fails is only warned of.
    let code = |code: &str| C { uscc: text(code), rank: Some(InstitutionRank::Unranked), ..C::default() };
    let (_, warned) = did(&mut desk, day, body(OFFICE, code("11210681MB0000000X")));
    assert_eq!(warned, [Problem::OutOfRange]);
    assert_eq!(refuses(&mut desk, day, body(CULTURE, code("11210681MB0000000X"))), Problem::Duplicate);
}

#[test]
fn numbers_posts_documents_and_divisions_are_corrected_within_their_rules() {
    use EstablishmentType as E;
    let mut desk = desk();
    let day = "2026-12-01";
    let numbers = |kind, approved, occupied| Act::EstablishmentCorrect {
        organization: Object::Id(OFFICE),
        kind,
        approved,
        occupied,
    };
    let now = desk.establishment.iter().filter(|row| row.organization_id == OFFICE).count();
    let (_, warned) = did(&mut desk, day, numbers(E::Administrative, Some(2), Some(3)));
    assert_eq!(warned, [Problem::OverEstablishment]);
    let rows = desk.establishment.iter().filter(|row| row.organization_id == OFFICE);
    assert_eq!(rows.count(), now, "no new period begins");
    for (act, problem) in [
        (numbers(E::Administrative, Some(2), None), Problem::NoChange),
        (numbers(E::Administrative, None, None), Problem::NoChange),
        (numbers(E::Administrative, Some(-1), None), Problem::OutOfRange),
        (numbers(E::Administrative, None, Some(100_001)), Problem::OutOfRange),
        (numbers(E::PublicInstitution, Some(1), None), Problem::NotFound),
    ] {
        assert_eq!(refuses(&mut desk, day, act.clone()), problem, "{act:?}");
    }

    let held =
        desk.appointment.iter().find(|a| a.valid_to.is_none() && a.state == "CONFIRMED").unwrap().post_id;
    let post = |correction| Act::LeadershipPostCorrect { post: Object::Id(held), correction };
    let quota = |quota| PostCorrection { quota: Some(quota), ..PostCorrection::default() };
    assert_eq!(refuses(&mut desk, day, post(quota(0))), Problem::OutOfRange);
    assert_eq!(refuses(&mut desk, day, post(PostCorrection::default())), Problem::NoChange);
    let title = PostCorrection { title: text(""), ..PostCorrection::default() };
    assert_eq!(refuses(&mut desk, day, post(title)), Problem::OutOfRange);
    let title = PostCorrection { title: text("更正职务"), quota: Some(9), ..PostCorrection::default() };
    assert_eq!(did(&mut desk, day, post(title)).1, []);
    let holders = desk.appointment.iter().filter(|a| a.post_id == held && a.valid_to.is_none()).count();
    assert_eq!(desk.leadership_post.get(&held).unwrap().title, "更正职务");
    if holders > 1 {
        assert_eq!(did(&mut desk, day, post(quota(1))).1, [Problem::OverQuota]);
    }

    let documents: Vec<_> = desk.document.iter().filter(|row| row.shard == SHARD).cloned().collect();
    let [one, other] = [&documents[0], &documents[1]];
    let document = |correction| Act::DocumentCorrect { document: Object::Id(one.id), correction };
    let number = |number: &str| DocumentCorrection { number: text(number), ..DocumentCorrection::default() };
    assert_eq!(refuses(&mut desk, day, document(number(&other.number))), Problem::Duplicate);
    assert_eq!(refuses(&mut desk, day, document(number(&one.number))), Problem::NoChange);
    assert_eq!(refuses(&mut desk, day, document(number(""))), Problem::OutOfRange);
    did(&mut desk, day, document(number("虚编发〔2026〕99号")));
    assert_eq!(desk.document.get(&one.id).unwrap().number, "虚编发〔2026〕99号");

    let town = desk.division_version.iter().find(|v| v.code == TOWN).unwrap().clone();
    let division =
        |name: &str| Act::DivisionCorrect { division: Object::Id(town.division_id), name: name.to_owned() };
    assert_eq!(refuses(&mut desk, day, division(&town.name)), Problem::NoChange);
    assert_eq!(refuses(&mut desk, day, division("")), Problem::OutOfRange);
    did(&mut desk, day, division("甲示正镇"));
    let names: Vec<_> = desk.division_version.iter().filter(|v| v.code == TOWN).map(|v| &v.name).collect();
    assert_eq!(names, ["甲示正镇"]);
}

#[test]
fn a_term_of_office_is_corrected_within_what_is_possible() {
    let mut desk = desk();
    let [_, _, appointment] = proposed(&mut desk, "示例更正一", AppointmentMode::Elected);
    let correct = |correction| Act::AppointmentCorrect { appointment: Object::Id(appointment), correction };
    let term = |from: Option<&str>, to: Option<&str>| AppointmentCorrection {
        taken_up_on: from.map(|day| Day::parse(day).unwrap()),
        left_on: to.map(|day| Day::parse(day).unwrap()),
        ..AppointmentCorrection::default()
    };
    let day = "2026-12-01";
    let early = correct(term(Some("2026-01-06"), None));
    assert_eq!(refuses(&mut desk, day, early.clone()), Problem::WrongState, "it was only proposed");
    for next in [Step::Discuss, Step::Publicise, Step::Appoint(None)] {
        if attempt(&mut desk, "2026-03-01", step(appointment, next.clone())).is_err() {
            did(&mut desk, "2026-03-01", step(appointment, Step::Appoint(None)));
            break;
        }
    }
    did(&mut desk, day, early);
    let row = |desk: &tiaokuai::store::Desk| desk.appointment.get(&appointment).unwrap().clone();
    assert_eq!(row(&desk).valid_from.as_deref(), Some("2026-01-06"));
    assert_eq!(refuses(&mut desk, day, correct(term(Some("2026-01-01"), None))), Problem::OutOfRange);
    assert_eq!(refuses(&mut desk, day, correct(term(None, Some("2026-06-01")))), Problem::WrongState);
    for (from, problem) in [("0001-01-01", Problem::OutOfRange), ("2926-06-01", Problem::OutOfRange)] {
        assert_eq!(refuses(&mut desk, day, correct(term(Some(from), None))), problem, "{from}");
    }
    did(&mut desk, "2026-07-01", step(appointment, Step::Remove));
    assert_eq!(refuses(&mut desk, day, correct(term(None, Some("2926-06-01")))), Problem::OutOfRange);
    assert_eq!(refuses(&mut desk, day, correct(term(None, Some("2026-01-06")))), Problem::OutOfRange);
    assert_eq!(refuses(&mut desk, day, correct(AppointmentCorrection::default())), Problem::NoChange);
    let decided = AppointmentCorrection { appointer: text("虚构县委"), ..term(None, Some("2026-06-01")) };
    did(&mut desk, day, correct(decided));
    let now = row(&desk);
    assert_eq!((now.valid_to.as_deref(), now.appointer.as_deref()), (Some("2026-06-01"), Some("虚构县委")));
    // A second holder begins within the longer term, and who is proposed again is not to have held the post by then.
    let (post_id, person_id) = (now.post_id, now.person_id);
    let (other, _) = did(&mut desk, "2026-06-01", crate::appointing::person("示例更正二", None));
    let past = |person, to: Option<&str>| {
        Act::AppointmentRecord(Past {
            appointment: NewAppointment {
                post: Object::Id(post_id),
                person: Object::Id(person),
                kind: AppointmentKind::Promote,
                mode: AppointmentMode::Elected,
                concurrent: false,
                nominator: None,
            },
            to: to.map(|day| Day::parse(day).unwrap()),
        })
    };
    did(&mut desk, "2026-06-01", past(other, Some("2026-08-01")));
    let (_, warned) = did(&mut desk, day, correct(term(None, Some("2026-07-01"))));
    assert_eq!(warned, [Problem::OverQuota]);
    did(&mut desk, "2026-09-01", crate::appointing::propose(post_id, person_id, AppointmentMode::Elected));
    assert_eq!(refuses(&mut desk, day, correct(term(None, Some("2026-10-01")))), Problem::Duplicate);
    let missing = Act::AppointmentCorrect { appointment: Object::Id(1), correction: Default::default() };
    assert_eq!(refuses(&mut desk, day, missing), Problem::NotFound);
}

#[test]
fn an_appointment_is_corrected_as_it_came_about() {
    let mut desk = desk();
    let [_, _, appointment] = proposed(&mut desk, "示例更正三", AppointmentMode::Appointed);
    let correct = |correction| Act::AppointmentCorrect { appointment: Object::Id(appointment), correction };
    let mode = || AppointmentCorrection { mode: Some(AppointmentMode::Elected), ..Default::default() };
    let decided = AppointmentCorrection { appointer: text("虚构县委"), ..Default::default() };
    assert_eq!(refuses(&mut desk, "2026-01-06", correct(decided)), Problem::WrongState);
    did(&mut desk, "2026-03-01", step(appointment, Step::Discuss));
    did(&mut desk, "2026-03-10", step(appointment, Step::Publicise));
    assert_eq!(refuses(&mut desk, "2026-03-10", correct(mode())), Problem::WrongState, "it was on notice");
    did(&mut desk, "2026-04-01", step(appointment, Step::Appoint(None)));
    let taken_up =
        |day: &str| correct(AppointmentCorrection { taken_up_on: Day::parse(day), ..Default::default() });
    assert_eq!(refuses(&mut desk, "2026-04-01", taken_up("2026-03-05")), Problem::OutOfRange);
    let (_, warned) = did(&mut desk, "2026-04-01", taken_up("2026-03-12"));
    assert_eq!(warned, [Problem::TooEarly], "within the public notice");
}
