//! Appointments as they are carried out: a township that is heard, or has to consent, quotas, and what ends.

use crate::acts::{COUNTY, basis, desk, post};
use tiaokuai::act::{Act, NewAppointment, NewPerson, Notice, Object, Problem, Step, carry_out};
use tiaokuai::domain::{AppointmentKind, AppointmentMode, CodeList, ConsultationKind};
use tiaokuai::store::Desk;

const OFFICE: i64 = 99_010_100_000_082;

pub fn attempt(desk: &mut Desk, day: &str, act: Act) -> Result<(i64, Vec<Problem>), Notice> {
    let mut copy = desk.clone();
    let carried = carry_out(&mut copy, &basis(day), &[act]).map_err(|mut all| all.remove(0).1)?;
    *desk = copy;
    Ok((carried.objects[0], carried.warnings.iter().map(|(_, notice)| notice.code).collect()))
}

pub fn done(desk: &mut Desk, day: &str, act: Act) -> (i64, Vec<Problem>) {
    attempt(desk, day, act).unwrap_or_else(|notice| panic!("{}", notice.en))
}

pub fn refused(desk: &mut Desk, day: &str, act: Act) -> Problem {
    attempt(desk, day, act).expect_err("refused").code
}

pub fn person(name: &str, id_number: Option<&str>) -> Act {
    Act::PersonAdd(NewPerson {
        shard: COUNTY,
        name: name.to_owned(),
        identity: None,
        birth_date: None,
        id_number: id_number.map(str::to_owned),
    })
}

pub fn propose(post: i64, person: i64, mode: AppointmentMode) -> Act {
    Act::AppointmentPropose(NewAppointment {
        post: Object::Id(post),
        person: Object::Id(person),
        kind: AppointmentKind::Promote,
        mode,
        concurrent: false,
        nominator: Some("县委组织部".into()),
    })
}

pub fn step(appointment: i64, step: Step) -> Act {
    Act::AppointmentStep { appointment: Object::Id(appointment), step }
}

fn answer(appointment: i64, text: &str) -> Act {
    Act::AppointmentAnswer { appointment: Object::Id(appointment), answer: text.to_owned() }
}

/// A new post, somebody who is proposed for it, and the appointment.
pub fn proposed(desk: &mut Desk, name: &str, mode: AppointmentMode) -> [i64; 3] {
    let (post, _) = done(desk, "2026-01-05", post(Object::Id(OFFICE), "副主任"));
    let (person, _) = done(desk, "2026-01-05", person(name, None));
    let (appointment, _) = done(desk, "2026-01-05", propose(post, person, mode));
    [post, person, appointment]
}

#[test]
fn without_the_consent_that_was_asked_for_nothing_is_decided() {
    let desk = &mut desk();
    let [post, person, id] = proposed(desk, "虚拟甲", AppointmentMode::Appointed);
    assert_eq!(refused(desk, "2026-01-06", answer(id, "同意")), Problem::WrongState, "nobody was asked");
    assert_eq!(refused(desk, "2026-01-06", step(id, Step::Publicise)), Problem::WrongState);
    assert_eq!(
        refused(desk, "2026-01-04", step(id, Step::Discuss)),
        Problem::NotFound,
        "it was not there yet"
    );
    done(desk, "2026-01-06", step(id, Step::Consult(ConsultationKind::Consent)));
    assert_eq!(refused(desk, "2026-01-07", step(id, Step::Discuss)), Problem::NoConsent);
    let mut denied = desk.clone();
    done(&mut denied, "2026-01-08", answer(id, "不同意：另有安排"));
    assert_eq!(refused(&mut denied, "2026-01-09", step(id, Step::Discuss)), Problem::NoConsent);
    assert_eq!(
        refused(&mut denied, "2026-01-09", answer(id, "同意")),
        Problem::WrongState,
        "it has answered"
    );
    done(&mut denied, "2026-01-09", step(id, Step::Withdraw));
    assert_eq!(refused(&mut denied, "2026-01-10", step(id, Step::Discuss)), Problem::WrongState);
    done(desk, "2026-01-08", answer(id, "同意"));
    assert_eq!(done(desk, "2026-01-09", step(id, Step::Discuss)).1, []);
    done(desk, "2026-01-12", step(id, Step::Publicise));
    assert_eq!(
        refused(desk, "2026-01-12", propose(post, person, AppointmentMode::Appointed)),
        Problem::NoChange
    );
    done(desk, "2026-01-20", step(id, Step::Appoint(Some("县委".into()))));
    let row = desk.appointment.get(&id).unwrap();
    assert_eq!((row.valid_from.as_deref(), row.state.as_str()), (Some("2026-01-20"), "APPOINTED"));
    assert_eq!(row.answer.as_deref(), Some("同意"));
    done(desk, "2026-01-20", step(id, Step::Probation));
    let mut early = desk.clone();
    assert_eq!(done(&mut early, "2026-12-01", step(id, Step::Confirm)).1, [Problem::TooEarly]);
    assert_eq!(done(desk, "2027-01-20", step(id, Step::Confirm)).1, []);
    let close = || Act::LeadershipPostClose { post: Object::Id(post) };
    assert_eq!(refused(desk, "2027-02-01", close()), Problem::StillHolds);
    assert_eq!(refused(desk, "2026-01-20", step(id, Step::Remove)), Problem::OutOfRange);
    done(desk, "2027-02-01", step(id, Step::Remove));
    done(desk, "2027-02-01", close());
    assert_eq!(refused(desk, "2027-02-02", close()), Problem::Ended);
    assert_eq!(
        refused(desk, "2027-02-02", propose(post, person, AppointmentMode::Appointed)),
        Problem::Ended
    );
}

#[test]
fn an_opinion_advises_and_who_is_elected_is_not_on_probation() {
    let desk = &mut desk();
    let [_, _, id] = proposed(desk, "虚拟乙", AppointmentMode::Elected);
    done(desk, "2026-01-06", step(id, Step::Consult(ConsultationKind::Opinion)));
    assert_eq!(done(desk, "2026-01-07", step(id, Step::Discuss)).1, [Problem::NoAnswer]);
    assert_eq!(refused(desk, "2026-01-08", step(id, Step::Publicise)), Problem::WrongState);
    done(desk, "2026-01-08", step(id, Step::Appoint(None)));
    assert_eq!(refused(desk, "2026-01-09", step(id, Step::Probation)), Problem::WrongState);
    done(desk, "2026-01-09", step(id, Step::Confirm));
}

#[test]
fn no_more_hold_a_post_than_are_approved() {
    let desk = &mut desk();
    let [post, _, first] = proposed(desk, "虚拟丙", AppointmentMode::Elected);
    let (other, _) = done(desk, "2026-01-05", person("虚拟丁", None));
    let (second, _) = done(desk, "2026-01-05", propose(post, other, AppointmentMode::Elected));
    for id in [first, second] {
        done(desk, "2026-01-06", step(id, Step::Discuss));
    }
    done(desk, "2026-01-07", step(first, Step::Appoint(None)));
    assert_eq!(refused(desk, "2026-01-08", step(second, Step::Appoint(None))), Problem::OverQuota);
    done(desk, "2026-01-09", step(first, Step::Remove));
    done(desk, "2026-01-09", step(second, Step::Appoint(None)));
}

#[test]
fn a_person_is_registered_once() {
    let desk = &mut desk();
    assert_eq!(refused(desk, "2026-01-05", person("", None)), Problem::OutOfRange);
    done(desk, "2026-01-05", person("虚拟戊", Some("99010119900101001X")));
    assert_eq!(refused(desk, "2026-01-05", person("虚拟己", Some("99010119900101001X"))), Problem::Duplicate);
    assert_eq!(done(desk, "2026-01-05", person("虚拟戊", None)).1, [Problem::SameName]);
    let nobody = propose(99_010_100_000_083, 1, AppointmentMode::Appointed);
    assert_eq!(refused(desk, "2026-01-05", nobody), Problem::NotFound);
    let labels: Vec<&str> = Problem::ITEMS.iter().map(|item| item.zh).collect();
    assert!(labels.iter().all(|label| !label.is_empty()));
}

#[test]
fn a_public_notice_lasts_five_working_days() {
    let mut desk = desk();
    let [_, _, appointment] = proposed(&mut desk, "示例公示", AppointmentMode::Appointed);
    done(&mut desk, "2026-01-06", step(appointment, Step::Discuss));
    // Over the National Day holidays of 2026, with a Saturday that is worked.
    done(&mut desk, "2026-09-30", step(appointment, Step::Publicise));
    assert_eq!(desk.appointment.get(&appointment).unwrap().publicised_on.as_deref(), Some("2026-09-30"));
    let mut early = desk.clone();
    let (_, warnings) = done(&mut early, "2026-10-13", step(appointment, Step::Appoint(None)));
    assert_eq!(warnings, [Problem::TooEarly]);
    let (_, warnings) = done(&mut desk, "2026-10-14", step(appointment, Step::Appoint(None)));
    assert_eq!(warnings, []);
}
