//! Payloads: what came of an act. The object may be null, errors and warnings are lists, the revision says where to find it.

use super::opening::county_range;
use crate::act::Problem;
use crate::graph::engine::{Code, Int64, Record, Ref, Text};
use crate::graph::{
    Appointment, Change, Division, Document, LeadershipPost, NodeRef, OrganizationRef, Person, Reform,
    ReformDraft,
};
use crate::policy::{Reply, Said};
use crate::record;
use tiaokuai_macros::fields;

/// What came of an act: seen through the view that was made for it.
pub trait Payload: Record<Key = ()> {}

impl<'v, T: Payload> Ref<'v, T> {
    fn reply(self) -> Option<&'v Reply> {
        self.view.reply()
    }

    /// The id of what the last act made or was about.
    fn last(self) -> Option<i64> {
        self.reply()?.objects.last().copied()
    }
}

#[fields(PayloadFields)]
impl<'v, T: Payload> Ref<'v, T> {
    /// Why nothing was done (未办理原因); empty when it was. At most one for each act.
    #[field(Public, Open)]
    pub fn errors(self) -> Vec<Ref<'v, UserError>> {
        let said = self.reply().map_or(0, |reply| reply.errors.len());
        (0..said).map(|at| self.to((true, at))).collect()
    }

    /// What is to be looked at, although it was done (提示); at most a few for each act.
    #[field(Public, Open)]
    pub fn warnings(self) -> Vec<Ref<'v, UserError>> {
        let said = self.reply().map_or(0, |reply| reply.warnings.len());
        (0..said).map(|at| self.to((false, at))).collect()
    }

    /// The revision of the register that it made (修订号); null when nothing was changed, as on a trial run.
    #[field(Public, Open, unit = "revisions (次)", example = "3")]
    pub fn revision(self) -> Option<Int64> {
        self.reply()?.revision.map(Int64)
    }
}

impl<'v> Ref<'v, UserError> {
    fn said(self) -> Option<&'v Said> {
        let (error, at) = self.key;
        let reply = self.view.reply()?;
        if error { reply.errors.get(at) } else { reply.warnings.get(at) }
    }
}

#[fields(UserErrorFields)]
impl<'v> Ref<'v, UserError> {
    /// Code from a closed list (校验代码).
    #[field(Public, Open)]
    pub fn code(self) -> Code<Problem> {
        Code(self.said().map_or(Problem::NotFound, |said| said.notice.code))
    }

    /// Where in the arguments (位置), such as `input`, `acts`, `2`, `name`: places in a list count from 0.
    #[field(Public, Open)]
    pub fn path(self) -> Vec<String> {
        let acts_at = self.view.reply().map_or(&[][..], |reply| reply.acts_at);
        let act = self.said().and_then(|said| said.act).filter(|_| !acts_at.is_empty());
        let mut path = vec!["input".to_owned()];
        if let Some(act) = act {
            path.extend(acts_at.iter().map(|part| (*part).to_owned()));
            path.push(act.to_string());
        }
        let of = self.said().into_iter().flat_map(|said| &said.notice.at);
        path.extend(of.cloned());
        path
    }

    /// What is wrong and what to do (说明), in the language of the request. Example: 该机构已撤销 2024-01-01.
    #[field(Public, Open)]
    pub fn message(self) -> Text<'v> {
        Text(self.said().map_or("", |said| said.notice.message(self.view.locale())))
    }

    /// The changes that came in between (期间变更), of a `CONFLICT`, or that have to be taken back first, of a `LATER_CHANGE`: newest first, as
    /// far as the viewer may know of them. At most a few.
    #[field(Public, Open)]
    pub fn changes(self) -> Vec<Ref<'v, Change>> {
        let (Some(said), Some(reply)) = (self.said(), self.view.reply()) else { return Vec::new() };
        let county = county_range(reply.home);
        let at = |revision: &i64| self.view.entries_at(county, *revision);
        // One of which nothing is seen would only tell that it is about the same.
        let known =
            said.revisions.iter().flat_map(at).filter(|at| self.view.records_of(*at).next().is_some());
        known.map(|entry| self.to(entry)).collect()
    }
}

record! {
    /// What is said of an act that is refused, or that is to be looked at (业务校验结果). Source: the rules of each act.
    UserError as "UserError" by (bool, usize), implements [], fields [UserErrorFields::FIELDS], |_view, _at, _rule| true
}

/// Defines a payload with the object that an act made or was about.
macro_rules! payload {
    ($(#[doc = $doc:literal])+ $name:ident as $graph:literal, $fields:ident) => {
        record! {
            $(#[doc = $doc])+
            $name as $graph by (), implements [], fields [$fields::FIELDS, PayloadFields::<$name>::FIELDS], |_view, _at, _rule| true
        }
        impl Payload for $name {}
    };
}

#[fields(OrganizationPayloadFields)]
impl<'v> Ref<'v, OrganizationPayload> {
    /// The body (机构) on the day of the act, or today when that is later; null when it ended, or nothing was done.
    #[field(Public, Open)]
    pub fn organization(self) -> Option<OrganizationRef<'v>> {
        Some(OrganizationRef::new(self.view, self.view.find_organization(self.last()?)?))
    }
}

payload! {
    /// What came of an act on a body (机构操作结果). Source: the act.
    OrganizationPayload as "OrganizationPayload", OrganizationPayloadFields
}

#[fields(LeadershipPostPayloadFields)]
impl<'v> Ref<'v, LeadershipPostPayload> {
    /// The post (领导职务); null when it was closed, or nothing was done.
    #[field(Public, Open)]
    pub fn leadership_post(self) -> Option<Ref<'v, LeadershipPost>> {
        Some(self.to(self.view.find_post(self.last()?)?))
    }
}

payload! {
    /// What came of an act on a leadership post (领导职务操作结果). Source: the act.
    LeadershipPostPayload as "LeadershipPostPayload", LeadershipPostPayloadFields
}

#[fields(PersonPayloadFields)]
impl<'v> Ref<'v, PersonPayload> {
    /// The person (人员); null when nothing was done.
    #[field(Public, Open)]
    pub fn person(self) -> Option<Ref<'v, Person>> {
        Some(self.to(self.view.find_person(self.last()?)?))
    }
}

payload! {
    /// What came of an act on a person (人员操作结果). Source: the act.
    PersonPayload as "PersonPayload", PersonPayloadFields
}

#[fields(AppointmentPayloadFields)]
impl<'v> Ref<'v, AppointmentPayload> {
    /// The appointment (任职); null when nothing was done.
    #[field(Public, Open)]
    pub fn appointment(self) -> Option<Ref<'v, Appointment>> {
        Some(self.to(self.view.find_appointment(self.last()?)?))
    }
}

payload! {
    /// What came of an act on an appointment (任免操作结果). Source: the act.
    AppointmentPayload as "AppointmentPayload", AppointmentPayloadFields
}

#[fields(ChangePayloadFields)]
impl<'v> Ref<'v, ChangePayload> {
    /// The entry of the log that it made (变更), whose `reverses` is what was taken back; null when nothing was done, as on a trial run.
    #[field(Public, Open)]
    pub fn change(self) -> Option<Ref<'v, Change>> {
        let reply = self.reply()?;
        let made = self.view.entries_at(county_range(reply.home), reply.revision?);
        made.first().map(|entry| self.to(*entry))
    }
}

payload! {
    /// What came of a reversal (撤销登记结果). Source: the change log.
    ChangePayload as "ChangePayload", ChangePayloadFields
}

#[fields(DocumentPayloadFields)]
impl<'v> Ref<'v, DocumentPayload> {
    /// The document (依据文件); null when nothing was done.
    #[field(Public, Open)]
    pub fn document(self) -> Option<Ref<'v, Document>> {
        Some(self.to(self.view.find_document(self.last()?)?))
    }
}

payload! {
    /// What came of an act on a document (依据文件操作结果). Source: the act.
    DocumentPayload as "DocumentPayload", DocumentPayloadFields
}

#[fields(DivisionPayloadFields)]
impl<'v> Ref<'v, DivisionPayload> {
    /// The division (行政区划); null when nothing was done.
    #[field(Public, Open)]
    pub fn division(self) -> Option<Ref<'v, Division>> {
        Some(self.to(self.view.find_division(self.last()?)?))
    }
}

payload! {
    /// What came of an act on a division (行政区划操作结果). Source: the act.
    DivisionPayload as "DivisionPayload", DivisionPayloadFields
}

#[fields(ReformDraftPayloadFields)]
impl<'v> Ref<'v, ReformDraftPayload> {
    /// The draft (改革方案草案); null when nothing was done.
    #[field(Public, Open)]
    pub fn reform_draft(self) -> Option<Ref<'v, ReformDraft>> {
        Some(self.to(self.view.find_draft(self.reply()?.draft?)?))
    }

    /// The reform that it became (机构改革); null until it is released.
    #[field(Public, Open)]
    pub fn reform(self) -> Option<Ref<'v, Reform>> {
        Some(self.to(self.view.find_reform(self.reply()?.reform?)?))
    }
}

payload! {
    /// What came of work on a draft (改革方案草案操作结果). What its acts would be refused for stands in the warnings. Source: the draft.
    ReformDraftPayload as "ReformDraftPayload", ReformDraftPayloadFields
}

#[fields(ReformPayloadFields)]
impl<'v> Ref<'v, ReformPayload> {
    /// The reform (机构改革); null when nothing was done.
    #[field(Public, Open)]
    pub fn reform(self) -> Option<Ref<'v, Reform>> {
        Some(self.to(self.view.find_reform(self.reply()?.reform?)?))
    }

    /// For each act what it made or was about (各项操作的对象), in the order of the acts; null for what ended. At most 200.
    #[field(Public, Open)]
    pub fn objects(self) -> Vec<Option<NodeRef<'v>>> {
        let reply = self.reply();
        let objects = reply.into_iter().flat_map(|reply| reply.kinds.iter().zip(&reply.objects));
        objects.map(|(kind, id)| NodeRef::of_record(self.view, *kind, *id)).collect()
    }
}

payload! {
    /// What came of a reform (机构改革操作结果). Source: the acts.
    ReformPayload as "ReformPayload", ReformPayloadFields
}
