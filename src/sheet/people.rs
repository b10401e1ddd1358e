//! What the rows about people stand for: persons and appointments.

use super::plan::{Meant, Wanted};
use super::row::{Cells, Fault};
use super::rows::{holder, open_post, place};
use crate::act::{Act, NewAppointment, NewPerson, Object, Past, PersonCorrection, Step};
use crate::domain::{AppointmentState, CodeList, Day};
use crate::store::Desk;
use crate::store::entity::person;

/// Somebody of the county: by identity number, or by a name that only one has.
fn somebody<'d>(desk: &'d Desk, name: &str, number: Option<&str>) -> Result<Option<&'d person::Model>, ()> {
    if let Some(number) = number
        && let Some(found) = desk.person.iter().find(|person| person.id_number.as_deref() == Some(number))
    {
        return Ok(Some(found));
    }
    // Who has another number is somebody else.
    let mut same = desk
        .person
        .iter()
        .filter(|person| person.name == name && (number.is_none() || person.id_number.is_none()));
    match (same.next(), same.next()) {
        (Some(_), Some(_)) => Err(()),
        (found, _) => Ok(found),
    }
}

fn several(cells: &mut Cells<'_>) {
    cells.faults.push(Fault::new(
        Some("姓名"),
        "several persons have this name: give the identity number",
        "有多名同名人员，请填写身份证件号码",
    ));
}

/// A row of 人员.
pub fn person(desk: &Desk, cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Option<Meant> {
    let (name, number) = (cells.text("姓名"), cells.text("身份证件号码"));
    let (identity, birth) =
        (cells.code::<crate::domain::PersonnelIdentity>("人员身份"), cells.day("出生日期"));
    let name = name?;
    let Ok(known) = somebody(desk, name, number) else {
        several(cells);
        return None;
    };
    let act = match known {
        None => Some(Act::PersonAdd(NewPerson {
            shard: wanted.county.shard().cast_signed(),
            name: name.to_owned(),
            identity,
            birth_date: birth,
            id_number: number.map(str::to_owned),
        })),
        Some(row) => {
            let day = birth.map(|day: Day| day.to_string());
            let differs = row.name != name
                || identity.is_some_and(|code| row.identity.as_deref() != Some(code.value()))
                || (day.is_some() && day != row.birth_date)
                || (number.is_some() && number != row.id_number.as_deref());
            let correction = PersonCorrection {
                name: Some(name.to_owned()),
                identity,
                birth_date: birth,
                id_number: number.map(str::to_owned),
            };
            differs.then_some(Act::PersonCorrect { person: Object::Id(row.id), correction })
        }
    };
    let acts = act.into_iter().map(|act| (wanted.on, act)).collect();
    Some(Meant { acts, place: wanted.county, creates: known.is_none() })
}

/// A row of 任职.
pub fn appointment(desk: &Desk, cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Option<Meant> {
    let code = place(cells, wanted);
    let holder = holder(desk, cells, code);
    let (title, name, number) = (cells.text("职务名称"), cells.text("姓名"), cells.text("身份证件号码"));
    let (kind, mode) = (cells.code("任职类型"), cells.code("任职方式"));
    let concurrent = cells.yes("是否兼任", false);
    let (from, to) = (cells.day("任职日期"), cells.day("免职日期"));
    let (code, holder, title, name, kind, mode, from) = (code?, holder?, title?, name?, kind?, mode?, from?);
    let post = open_post(desk, holder, title).map(|post| post.id);
    if post.is_none() {
        cells.faults.push(Fault::new(
            Some("职务名称"),
            format!("the body has no post {title}"),
            format!("该机构没有职务“{title}”"),
        ));
    }
    let Ok(found) = somebody(desk, name, number) else {
        several(cells);
        return None;
    };
    if found.is_none() {
        cells.faults.push(Fault::new(
            Some("姓名"),
            format!("nobody here is called {name}"),
            format!("本县没有登记人员“{name}”"),
        ));
    }
    let (post, person) = (post?, found?.id);
    let day = from.to_string();
    let mut known = desk.appointment.iter().filter(|at| at.post_id == post && at.person_id == person);
    let known = known.find(|at| at.valid_from.as_deref() == Some(&day));
    if let Some(known) = known {
        let in_office = AppointmentState::parse(&known.state).is_some_and(AppointmentState::in_office);
        let same = known.valid_to == to.map(|day: Day| day.to_string()) && (in_office || to.is_some());
        let acts = match (same, to) {
            (false, Some(day)) if in_office && known.valid_to.is_none() => {
                let step = Step::Remove;
                vec![(day, Act::AppointmentStep { appointment: Object::Id(known.id), step })]
            }
            (true, _) => Vec::new(),
            _ => {
                cells.faults.push(Fault::new(
                    Some("任职日期"),
                    "the appointment is there with other values",
                    "该任职已存在且内容不同",
                ));
                return None;
            }
        };
        return Some(Meant { acts, place: code, creates: false });
    }
    let appointment = NewAppointment {
        post: Object::Id(post),
        person: Object::Id(person),
        kind,
        mode,
        concurrent,
        nominator: None,
    };
    let act = Act::AppointmentRecord(Past { appointment, to });
    Some(Meant { acts: vec![(from, act)], place: code, creates: true })
}
