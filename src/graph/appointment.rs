//! Appointment: a person and a post, with the procedure that led to it.

use super::engine::{Code, Gid, Listed, Rank, Ref, Tag, Text};
use super::{ActedOn, Identified, LeadershipPost, NodeFields, Person, TemporalFields, TemporalRecord};
use crate::domain::{
    AppointmentKind, AppointmentMode, AppointmentState, CodeRange, ConsultationKind, Day, RecordKind,
    Validity,
};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{AppointmentRow, Consultation, Handle, Sym};
use tiaokuai_macros::fields;

impl Identified for Appointment {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::Appointment, of.view.appointment_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        Some((Place::Organization(of.view.owner_of(of.key)), &[Some(RecordKind::Appointment)]))
    }
}

impl TemporalRecord for Appointment {
    fn validity(of: Ref<'_, Self>) -> Validity {
        of.row().validity
    }
    fn document(of: Ref<'_, Self>) -> Option<i64> {
        of.view.procedure(of.key).document
    }
}

impl<'v> Ref<'v, Appointment> {
    fn row(self) -> &'v AppointmentRow {
        self.view.appointment_row(self.key)
    }

    fn text(self, sym: Option<Sym>) -> Option<Text<'v>> {
        sym.map(|s| Text(self.view.text(self.key, s)))
    }

    fn post_handle(self) -> Handle {
        Handle { shard: self.key.shard, row: self.row().post }
    }
}

#[fields(AppointmentFields)]
impl<'v> Ref<'v, Appointment> {
    /// The post (职务); of an ended appointment as it was on the last day of it. Null when it is
    /// not for the viewer.
    #[field(Public, Open, relation)]
    pub fn post(self) -> Option<Ref<'v, LeadershipPost>> {
        let then = self.view.moment(self.row());
        let post = self.post_handle();
        then.post(post).map(|_| Ref::new(then, post))
    }

    /// The person (任职人员); null when not for the viewer.
    #[field(Public, Open, relation)]
    pub fn person(self) -> Option<Ref<'v, Person>> {
        Some(self.to(self.view.person_of(self.key)?))
    }

    /// Kind (任免类型): 提拔, 平级调整, 进一步使用.
    #[field(Public, Open, filter, order)]
    pub fn kind(self) -> Code<AppointmentKind> {
        Code(self.view.procedure(self.key).kind)
    }

    /// How the person came to the post (任职方式): 选任, 委任 or 聘任.
    #[field(Public, Open, filter, order)]
    pub fn mode(self) -> Code<AppointmentMode> {
        Code(self.view.procedure(self.key).mode)
    }

    /// State of the procedure (任免状态). Before the publicity period only those see it who take part.
    #[field(Public, Open, filter, order)]
    pub fn state(self) -> Code<AppointmentState> {
        Code(self.row().state)
    }

    /// Whether it is held beside another post (是否兼任).
    #[field(Public, Open, filter)]
    pub fn concurrent(self) -> bool {
        self.view.procedure(self.key).concurrent
    }

    /// Who nominated (提名单位).
    #[field(Internal, Appointing, filter, order, example = "县委组织部")]
    pub fn nominator(self) -> Option<Text<'v>> {
        self.text(self.view.procedure(self.key).nominator)
    }

    /// Who decided (任命机关).
    #[field(Internal, Appointing, filter, order, example = "县人民代表大会常务委员会")]
    pub fn appointer(self) -> Option<Text<'v>> {
        self.text(self.view.procedure(self.key).appointer)
    }

    /// Since when it is, or was, on public notice (公示日期); null when it never was, or it is not recorded.
    #[field(Internal, Appointing, filter)]
    pub fn publicised_on(self) -> Option<Day> {
        self.view.publicised_on(self.key)
    }

    /// How the township was heard (征求乡镇意见情况); null when it was not.
    #[field(Internal, Appointing, relation)]
    pub fn consultation(self) -> Option<Ref<'v, ConsultationOf>> {
        self.view
            .consultation(self.key)
            .map(|consultation| self.to(ConsultationKey { at: self.key, consultation }))
    }
}

record! {
    /// An appointment (任免): a person in a leadership post, from a day to a day. Source: the documents of appointment and removal (任免文件).
    Appointment as "Appointment" by Handle, implements ["Node", "Temporal"],
    fields [NodeFields::<Appointment>::FIELDS, TemporalFields::<Appointment>::FIELDS, AppointmentFields::FIELDS],
    |view, at, rule| view.may_appointment(rule, at)
}

impl Listed for Appointment {
    type Item<'v> = Ref<'v, Appointment>;
    fn item(view: &View, handle: Handle) -> Ref<'_, Appointment> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        let appointment = view.appointment_row(handle);
        let then = view.moment(appointment);
        let post = Handle { shard: handle.shard, row: appointment.post };
        let [code, last, kind, owner] = then.organization_rank(view.post_owner(post));
        let (position, post) =
            then.post(post).map_or((0, 0), |_| (then.post_form(post).position as i64, then.post_id(post)));
        [
            code,
            last,
            kind,
            owner,
            position,
            post,
            appointment.validity.from.0.into(),
            view.appointment_id(handle),
        ]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        let posts = LeadershipPost::scan(view, range);
        let all = posts.flat_map(|p| view.appointments_of_post(p));
        Box::new(all.filter(|h| view.in_force(*h)))
    }
}

/// A consultation and the appointment it belongs to.
#[derive(Clone, Copy)]
pub struct ConsultationKey {
    at: Handle,
    consultation: Consultation,
}

#[fields(ConsultationFields)]
impl<'v> Ref<'v, ConsultationOf> {
    /// Opinion (听取意见, advises) or consent (征得同意, blocks).
    #[field(Internal, Appointing, filter)]
    pub fn kind(self) -> Code<ConsultationKind> {
        Code(self.key.consultation.kind)
    }

    /// When the township was asked (征求日期).
    #[field(Internal, Appointing, filter)]
    pub fn asked_on(self) -> Option<Day> {
        self.key.consultation.asked_on
    }

    /// When it answered (答复日期); null while it has not.
    #[field(Internal, Appointing, filter)]
    pub fn answered_on(self) -> Option<Day> {
        self.key.consultation.answered_on
    }

    /// What it answered (答复意见).
    #[field(Internal, Appointing, filter, example = "同意")]
    pub fn answer(self) -> Option<Text<'v>> {
        self.key.consultation.answer.map(|a| Text(self.view.text(self.key.at, a)))
    }
}

record! {
    /// How the township was heard before an appointment (征求意见). Handed out only to those who may read it.
    /// Source: the file of the appointment (任免材料).
    ConsultationOf as "Consultation" by ConsultationKey, implements [], fields [ConsultationFields::FIELDS],
    |_view, _at, _rule| true
}
