//! Facts: what reports count. Each is a row of the register with all that it hangs on.

use crate::code_list;
use crate::domain::{DivisionCode, OrganizationKind};
use crate::policy::{Sight, View};
use crate::snapshot::{DivisionRow, EstablishmentRow, Handle, OrganizationForm};
use std::cell::OnceCell;

code_list! {
    /// What a measure counts, one row each (统计对象).
    ReportFact {
        Township = "TOWNSHIP", "乡镇（街道）", "a township";
        Body = "BODY", "机构", "a body";
        Establishment = "ESTABLISHMENT", "编制记录", "the establishment of a body of one type";
        Post = "POST", "领导职务", "a leadership post";
        Appointment = "APPOINTMENT", "在任任职", "an appointment in force";
        Change = "CHANGE", "机构变动", "a change of organisations";
    }
}

impl ReportFact {
    /// Whether it happens at a time, and does not last.
    #[must_use]
    pub fn is_event(self) -> bool {
        self == Self::Change
    }
}

/// Where a fact is: a division with the bodies that sit in it.
pub struct Place<'v> {
    /// The view.
    pub view: &'v View,
    /// The code of the division.
    pub code: DivisionCode,
    /// The authority of the township; nothing above the township.
    pub township: Option<Sight>,
    /// All bodies in it.
    pub bodies: Vec<Sight>,
    /// The division, once it was looked for: many reports never ask.
    division: OnceCell<Option<Handle>>,
}

impl<'v> Place<'v> {
    /// A place with the bodies that sit there.
    #[must_use]
    pub fn new(view: &'v View, code: DivisionCode, township: Option<Sight>, bodies: Vec<Sight>) -> Self {
        Self { view, code, township, bodies, division: OnceCell::new() }
    }

    /// The division; nothing when none has the code on the day.
    #[must_use]
    pub fn division(&self) -> Option<Handle> {
        *self.division.get_or_init(|| self.view.division(self.code))
    }

    /// What stays the same of the division.
    #[must_use]
    pub fn division_row(&self) -> Option<&'v DivisionRow> {
        self.division().map(|division| self.view.division_row(division))
    }

    /// Whether a body that sits there is the township's authority, or one of its own offices and institutions.
    #[inline]
    #[must_use]
    pub fn owns(&self, body: &Sight) -> bool {
        const OWN: u8 = OrganizationKind::bits(OrganizationKind::OWN);
        let Some(township) = self.township.filter(|_| body.kind.is_of(OWN)) else { return false };
        body.is_township() || self.view.is_owned(township.at, body)
    }

    /// The offices and institutions of the township, which patterns count.
    pub fn patterned(&self) -> impl Iterator<Item = Handle> + '_ {
        self.bodies.iter().filter(|body| !body.is_township() && self.owns(body)).map(|body| body.at)
    }
}

/// A row that is counted, and all that it hangs on. What it does not have is absent.
#[derive(Clone, Copy)]
pub struct Fact<'p, 'v> {
    /// Where it is.
    pub place: &'p Place<'v>,
    /// The body.
    pub body: Option<&'p Sight>,
    /// Whether the body is the township's authority, or one of its own offices and institutions.
    pub own: bool,
    /// The establishment of one type.
    pub establishment: Option<&'v EstablishmentRow>,
    /// The leadership post.
    pub post: Option<Handle>,
    /// The appointment.
    pub appointment: Option<Handle>,
    /// The change.
    pub change: Option<Handle>,
}

impl<'p, 'v> Fact<'p, 'v> {
    /// The fact of a place.
    #[must_use]
    pub fn of(place: &'p Place<'v>) -> Self {
        Self {
            place,
            body: None,
            own: false,
            establishment: None,
            post: None,
            appointment: None,
            change: None,
        }
    }

    /// What the body has in common with others.
    #[inline]
    #[must_use]
    pub fn form(&self) -> Option<&'v OrganizationForm> {
        self.body.map(|body| self.place.view.form_of(body))
    }

    /// The person of the appointment, as far as personal attributes of it may be counted.
    #[must_use]
    pub fn person(&self) -> Option<Handle> {
        let view = self.place.view;
        let person = view.person_of(self.appointment?)?;
        view.may_person(crate::policy::Rule::Structured, person).then_some(person)
    }
}
