//! Node: anything with a global id.

use super::engine::{Code, DateTime, Gid, Record, Ref, Tag, interface};
use super::organization;
use crate::domain::{ActKind, CodeList, Day, Fault, OrganizationKind, RecordKind};
use crate::policy::{Hand, Place, Rule, View};
use crate::record;
use crate::snapshot::{Handle, Snapshot};
use async_graphql::ID;
use tiaokuai_macros::fields;

/// A record with a global id.
pub trait Identified: Record {
    /// The id of an object.
    fn gid(of: Ref<'_, Self>) -> Gid;

    /// Where what is done with an object is done, and what such acts make or are about.
    fn acted_on(_of: Ref<'_, Self>) -> Option<ActedOn> {
        None
    }
}

/// Where acts are done, and what they make or are about.
pub type ActedOn = (Place, &'static [Option<RecordKind>]);

/// The letters of the id of an object in whose history a record stands; an organisation's go by its kind.
pub(super) fn tag_of(of: RecordKind, kind: Option<OrganizationKind>) -> Option<Tag> {
    Some(match of {
        RecordKind::Division => Tag::Division,
        RecordKind::Organization => organization::tag(kind?),
        RecordKind::LeadershipPost => Tag::LeadershipPost,
        RecordKind::Appointment => Tag::Appointment,
        RecordKind::Person => Tag::Person,
        RecordKind::Document => Tag::Document,
        RecordKind::Reform => Tag::Reform,
        RecordKind::ReformDraft => Tag::ReformDraft,
        RecordKind::OrganizationChange => Tag::OrganizationChange,
        RecordKind::SettingPattern => Tag::SettingPattern,
        // Parts of these.
        _ => return None,
    })
}

#[fields(NodeFields)]
impl<'v, T: Identified> Ref<'v, T> {
    /// Global id (全局标识): opaque, stable for ever; `node` takes it.
    #[field(Public, Open, filter)]
    pub fn id(self) -> Gid {
        T::gid(self)
    }

    /// The day as of which it is seen here (数据时点): with the `id` a key for caches that hold several days.
    #[field(Public, Open)]
    pub fn as_of(self) -> Day {
        self.view.as_of()
    }

    /// What the viewer may do with the object (访问者权限), for a front end to offer: of a division, with all that lies in it.
    #[field(Public, Open)]
    pub fn viewer_can(self) -> Ref<'v, ViewerCan> {
        let rules = (0..).map_while(Rule::at);
        let rules =
            rules.filter(|r| T::permits(self.view, self.key, *r)).fold(0, |all, r| all | 1 << r.index());
        self.to((rules, T::acted_on(self)))
    }
}

impl Ref<'_, ViewerCan> {
    fn fulfils(self, rule: Rule) -> bool {
        self.key.0 & 1 << rule.index() != 0
    }

    fn acts(self, far: Hand) -> Vec<Code<ActKind>> {
        let Some((place, about)) = self.key.1.filter(|_| self.view.viewer().is_signed_in()) else {
            return Vec::new();
        };
        let acts = self.view.hands(place, about).into_iter();
        acts.filter(|(_, hand)| *hand == far).map(|(act, _)| Code(act)).collect()
    }
}

#[fields(ViewerCanFields)]
impl Ref<'_, ViewerCan> {
    /// Read establishment, quotas, vacancies and deviations (可查看编制数据).
    #[field(Public, Open)]
    pub fn read_numbers(self) -> bool {
        self.fulfils(Rule::Numbers)
    }

    /// Read how somebody came to a post (可查看任免过程).
    #[field(Public, Open)]
    pub fn read_appointing(self) -> bool {
        self.fulfils(Rule::Appointing)
    }

    /// Read identity, birth and telephone of persons (可查看人员信息).
    #[field(Public, Open)]
    pub fn read_staffing(self) -> bool {
        self.fulfils(Rule::Staffing)
    }

    /// Read identity numbers (可查看身份证件号码).
    #[field(Public, Open)]
    pub fn read_identity_numbers(self) -> bool {
        self.fulfils(Rule::IdentityNumber)
    }

    /// See bodies and documents that are not published (可查看未公开机构和文件).
    #[field(Public, Open)]
    pub fn see_undisclosed(self) -> bool {
        self.fulfils(Rule::Undisclosed)
    }

    /// See drafts of reforms (可查看改革方案草案).
    #[field(Public, Open)]
    pub fn see_drafts(self) -> bool {
        self.fulfils(Rule::Drafts)
    }

    /// Read who changed it, in which role and request (可查看变更经办信息).
    #[field(Public, Open)]
    pub fn read_log(self) -> bool {
        self.fulfils(Rule::Logged)
    }

    /// See appointments that are not published yet (可查看未公布任免).
    #[field(Public, Open)]
    pub fn see_pending(self) -> bool {
        self.fulfils(Rule::Pending)
    }

    /// What the viewer may carry out with it, or in it (可办理的操作), by roles and scope. The state of the object is not looked at; what a `CHANGE_REVERSE`
    /// undoes takes its own rights. At most some dozens.
    #[field(Public, Open, cost = 8)]
    pub fn carry_out(self) -> Vec<Code<ActKind>> {
        self.acts(Hand::Carry)
    }

    /// What the viewer may only try, and draft for another to release (可试算、起草的操作). At most some dozens.
    #[field(Public, Open, cost = 8)]
    pub fn draft(self) -> Vec<Code<ActKind>> {
        self.acts(Hand::Try)
    }
}

record! {
    /// What a viewer may do with an object (访问者权限).
    ViewerCan as "ViewerCan" by (u32, Option<ActedOn>), implements [], fields [ViewerCanFields::FIELDS], |_view, _at, _rule| true
}

record! {
    /// Anything with a global id (可按全局标识查询的对象).
    Node as "Node" by Handle, implements [], fields [NodeFields::<Node>::FIELDS], |_view, _at, _rule| false
}

impl Identified for Node {
    fn gid(of: Ref<'_, Self>) -> Gid {
        // The interface itself is never an object; its variants answer.
        Gid::seal(of.view.id_seal(), Tag::Division, i64::from(of.key.row))
    }
}

/// What is said of a text that is no id of ours.
pub(super) fn not_an_id() -> Fault {
    Fault::input(
        "This is not an id of this register. Use the `id` of an object from an earlier answer.",
        "这不是本登记库的对象标识，请使用先前应答中的 id。",
    )
}

/// The longest list of ids in `nodes`.
const MOST_NODES: usize = 100;
/// The same with `knownAt`: each may take another county back.
const MOST_KNOWN: usize = 10;

/// The county in which an object is now, and that in which it was registered first.
fn counties(view: &View, tag: Tag, id: i64) -> Vec<u32> {
    let now = NodeRef::record_of(tag).and_then(|of| view.county_now(of, id));
    let birth = Snapshot::county_of_birth(id);
    now.into_iter().chain((now != Some(birth)).then_some(birth)).collect()
}

interface! {
    /// Any object with a global id.
    NodeRef is Node;
    Division, Township, InternalOffice, PublicInstitution, SecondedAgency, Department, LeadershipPost, Appointment,
    Person, Document, Reform, OrganizationChange, SettingPattern, Change, ReformDraft,
}

impl<'v> NodeRef<'v> {
    /// Finds an object as of a day, perhaps as it was known at a moment by the county in which it is now, or by that in which it was
    /// registered first. Absent and hidden are the same.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for what is no id of ours, else those of `knownAt`.
    pub fn known(
        view: &'v View,
        id: &str,
        as_of: Option<Day>,
        moment: Option<&DateTime>,
    ) -> Result<Option<Self>, Fault> {
        let (tag, id) = Gid::open(view.id_seal(), id).ok_or_else(not_an_id)?;
        // An id that was never given out is like one that points to nothing, or to what is hidden.
        let Some(id) = id else { return Ok(None) };
        let Some(moment) = moment else { return Ok(Self::open(view.maybe_at(as_of), tag, id)) };
        for county in counties(view, tag, id) {
            let then = view.known_in(&moment.0, county)?.maybe_at(as_of);
            if let Some(found) = Self::open(then, tag, id) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Finds several objects, in the order of their ids.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` also for too many.
    pub fn several(
        view: &'v View,
        ids: &[ID],
        as_of: Option<Day>,
        moment: Option<&DateTime>,
    ) -> Result<Vec<Option<Self>>, Fault> {
        let most = if moment.is_some() { MOST_KNOWN } else { MOST_NODES };
        if ids.len() > most {
            return Err(Fault::input(
                format!(
                    "`ids` takes at most {MOST_NODES} ids, and {MOST_KNOWN} with `knownAt`; not {}.",
                    ids.len()
                ),
                format!(
                    "ids 最多 {MOST_NODES} 个，使用 knownAt 时最多 {MOST_KNOWN} 个（现为 {} 个）。",
                    ids.len()
                ),
            ));
        }
        ids.iter().map(|id| Self::known(view, id, as_of, moment)).collect()
    }

    /// The object in whose history a record of the change log stands.
    pub(super) fn of_record(view: &'v View, of: RecordKind, id: i64) -> Option<Self> {
        Self::open(view, tag_of(of, view.kind_of(of, id))?, id)
    }

    /// In whose history the changes of an object stand.
    pub(super) fn record_of(tag: Tag) -> Option<RecordKind> {
        Some(match tag {
            Tag::Division => RecordKind::Division,
            Tag::Township
            | Tag::InternalOffice
            | Tag::PublicInstitution
            | Tag::SecondedAgency
            | Tag::Department => RecordKind::Organization,
            Tag::LeadershipPost => RecordKind::LeadershipPost,
            Tag::Appointment => RecordKind::Appointment,
            Tag::Person => RecordKind::Person,
            Tag::Document => RecordKind::Document,
            Tag::Reform => RecordKind::Reform,
            Tag::OrganizationChange => RecordKind::OrganizationChange,
            Tag::SettingPattern => RecordKind::SettingPattern,
            Tag::ReformDraft => RecordKind::ReformDraft,
            Tag::Change => return None,
        })
    }

    fn open(view: &'v View, tag: Tag, id: i64) -> Option<Self> {
        let organization = || {
            let handle = view.find_organization(id)?;
            let found = organization::tag(view.organization_row(handle).kind);
            (found == tag).then(|| super::OrganizationRef::new(view, handle))
        };
        Some(match tag {
            Tag::Division => Self::Division(Ref::new(view, view.find_division(id)?)),
            Tag::Township
            | Tag::InternalOffice
            | Tag::PublicInstitution
            | Tag::SecondedAgency
            | Tag::Department => organization()?.into(),
            Tag::LeadershipPost => Self::LeadershipPost(Ref::new(view, view.find_post(id)?)),
            Tag::Appointment => Self::Appointment(Ref::new(view, view.find_appointment(id)?)),
            Tag::Person => Self::Person(Ref::new(view, view.find_person(id)?)),
            Tag::Document => Self::Document(Ref::new(view, view.find_document(id)?)),
            Tag::Reform => Self::Reform(Ref::new(view, view.find_reform(id)?)),
            Tag::OrganizationChange => Self::OrganizationChange(Ref::new(view, view.find_change(id)?)),
            Tag::SettingPattern => Self::SettingPattern(Ref::new(view, view.find_pattern(id)?)),
            Tag::Change => Self::Change(Ref::new(view, view.find_entry(id)?)),
            Tag::ReformDraft => Self::ReformDraft(Ref::new(view, view.find_draft(id)?)),
        })
    }
}
