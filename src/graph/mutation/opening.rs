//! Reading acts as a client sends them: ids are opened, what they point to has to be seen, and the viewer has to be allowed.

use crate::act::{Act, Notice, Object, Problem};
use crate::domain::{ActKind, CodeList, CodeRange, DivisionCode, ErrorCode, Fault, Role};
use crate::graph::engine::{Gid, Tag};
use crate::policy::{Hand, Place, Stop, View, carriers};
use async_graphql::ID;

/// What an id may point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Organization,
    LeadershipPost,
    Person,
    Appointment,
    Division,
    Document,
    SettingPattern,
    ReformDraft,
}

/// An act that was read, and where it is done.
struct Opened {
    /// Nothing for one that is refused.
    what: Option<What>,
    place: Option<(i32, Place)>,
}

/// Acts while they are read, one after the other.
pub struct Opening<'v> {
    view: &'v View,
    /// What each act before this one made, or was about.
    earlier: Vec<Opened>,
    /// Where the present act is done.
    places: Vec<Place>,
    counties: Vec<i32>,
    hand: Hand,
    /// The role in which the first act is done.
    role: Option<Role>,
    /// The first act that the viewer may not carry out.
    short: Option<ActKind>,
}

fn what_of(act: ActKind) -> What {
    use crate::domain::RecordKind as K;
    match act.about() {
        Some(K::LeadershipPost) => What::LeadershipPost,
        Some(K::Person) => What::Person,
        Some(K::Appointment) => What::Appointment,
        Some(K::Division) => What::Division,
        Some(K::Document) => What::Document,
        _ => What::Organization,
    }
}

/// What came of reading acts.
pub struct Read {
    /// How far the viewer may go with all of them.
    pub hand: Hand,
    /// The first act that the viewer may not carry out.
    pub short: Option<ActKind>,
    /// The role in which the first of them is done.
    pub role: Role,
    /// The counties in which they are done.
    pub counties: Vec<i32>,
}

impl<'v> Opening<'v> {
    /// Reads acts through the view of the day on which they take effect.
    pub fn new(view: &'v View) -> Self {
        let (earlier, places) = (Vec::new(), Vec::new());
        let counties = Vec::new();
        Self { view, earlier, places, counties, hand: Hand::Carry, role: None, short: None }
    }

    /// Ends an act, which may be referred to from now on. The viewer has to be allowed to do it wherever it is done.
    pub fn close(&mut self, act: &Act) {
        let kind = act.kind();
        let places = std::mem::take(&mut self.places);
        let hands: Vec<(Hand, Role)> = places.iter().map(|place| self.view.hand(kind, *place)).collect();
        let (least, role) =
            hands.iter().copied().min_by_key(|(hand, _)| *hand).unwrap_or((Hand::None, Role::Public));
        self.role.get_or_insert(role);
        if least < self.hand {
            (self.hand, self.short) = (least, Some(kind));
        }
        let county = self.counties.last().copied();
        self.earlier.push(Opened { what: Some(what_of(kind)), place: county.zip(places.first().copied()) });
    }

    /// Ends an act that is refused: what refers to it is not judged.
    pub fn skip(&mut self) {
        self.places.clear();
        self.earlier.push(Opened { what: None, place: None });
    }

    /// All that was done in the revision of a change is taken back: the revision. The viewer has to be allowed to do each act of it, in
    /// each of its counties.
    pub fn reversal(&mut self, field: &str, id: &ID) -> Result<i64, Stop> {
        let opened = Gid::open(self.view.id_seal(), id).filter(|(tag, _)| *tag == Tag::Change);
        let Some(entry) = opened.and_then(|(_, id)| self.view.find_entry(id?)) else {
            let notice = Notice::new(
                Problem::NotFound,
                "there is no such change, or none for you: take the `id` of an entry of `changes`",
                "不存在该变更或无权查看，请使用 changes 中条目的 id",
            );
            return self.refuse(field, notice);
        };
        let revision = self.view.entry_row(entry).revision;
        let undone = self.view.undone_by(revision);
        if let Some((hand, act)) = self.view.hand_to_undo(&undone)
            && hand < self.hand
        {
            (self.hand, self.short) = (hand, Some(act));
        }
        for entry in self.view.whole_revision(CodeRange::ALL, revision) {
            self.counties.push(self.view.county_of(entry));
            self.places.push(Place::Territory(self.view.home(entry)));
        }
        Ok(revision)
    }

    /// Something is done with a draft: its id and its county. The viewer has to be allowed to do it.
    pub fn draft(&mut self, id: &ID, act: ActKind, dry_run: bool) -> Result<(i64, i32), Stop> {
        match self.look("reformDraft", id, What::ReformDraft)? {
            (Object::Id(id), Some((county, place))) => {
                allowed(self.view.hand(act, place).0, act, dry_run).map_err(Stop::Fault)?;
                Ok((id, county))
            }
            _ => self.not_found("reformDraft"),
        }
    }

    /// What the viewer may do with all acts, and where.
    pub fn finish(self) -> Read {
        let role = self.role.unwrap_or(Role::Public);
        Read { hand: self.hand, short: self.short, role, counties: self.counties }
    }

    fn refuse<T>(&self, field: &str, notice: Notice) -> Result<T, Stop> {
        Err(Stop::Refused(vec![(Some(self.earlier.len()), notice.of(field))]))
    }

    fn not_found<T>(&self, field: &str) -> Result<T, Stop> {
        let day = self.view.as_of();
        self.refuse(field, Notice::new(
            Problem::NotFound,
            format!("there is no such object on {day}, or none for you; for one that begins later or has ended give a day on which it is there as `effectiveOn`"),
            format!("{day}不存在该对象或无权查看；对之后设立或已撤销的对象，请以 effectiveOn 填写其存续期内的日期"),
        ))
    }

    /// Opens an id, or `#1`, `#2`, … for what an earlier act made. The act is done there.
    pub fn object(&mut self, field: &str, id: &ID, what: What) -> Result<Object, Stop> {
        let (object, place) = self.look(field, id, what)?;
        if let Some((county, place)) = place {
            self.counties.push(county);
            self.places.push(place);
        }
        if let (What::Division, Object::Id(id)) = (what, object) {
            // Its code may have been another's on the day.
            let now = self.view.find_division(id).and_then(|handle| self.view.division_today(handle));
            self.places.extend(now.map(Place::Division));
        }
        Ok(object)
    }

    /// Opens an id of what the act only refers to.
    pub fn mention(&mut self, field: &str, id: &ID, what: What) -> Result<Object, Stop> {
        self.look(field, id, what).map(|(object, _)| object)
    }

    /// Opens ids.
    pub fn objects(&mut self, field: &str, ids: &[ID], what: What) -> Result<Vec<Object>, Stop> {
        ids.iter().map(|id| self.object(field, id, what)).collect()
    }

    /// The act is done in a whole county.
    pub fn in_county(&mut self, field: &str, code: DivisionCode) -> Result<(), Stop> {
        let county = code.shard().cast_signed();
        if self.view.division(code).is_none() || county_range(county) != code.range() {
            return self.not_found(field);
        }
        self.counties.push(county);
        self.places.push(Place::Territory(code.range()));
        Ok(())
    }

    /// What was opened last concerns all of its county.
    pub fn in_whole_county(&mut self) {
        let county = self.counties.last().copied();
        self.places.extend(county.map(|county| Place::Territory(county_range(county))));
    }

    /// The act is done in a division.
    pub fn in_division(&mut self, field: &str, code: DivisionCode) -> Result<(), Stop> {
        if self.view.division(code).is_none() {
            return self.not_found(field);
        }
        self.counties.push(code.shard().cast_signed());
        self.places.push(Place::Division(code));
        Ok(())
    }

    fn look(&self, field: &str, id: &ID, what: What) -> Result<(Object, Option<(i32, Place)>), Stop> {
        if let Some(number) = id.strip_prefix('#') {
            let number = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let earlier = number.and_then(|at| Some((at, self.earlier.get(at)?)));
            return match earlier {
                Some((at, opened)) if opened.what == Some(what) => Ok((Object::Made(at), opened.place)),
                // Why that one is refused is said there.
                Some((_, Opened { what: None, .. })) => Err(Stop::Refused(Vec::new())),
                _ => self.refuse(
                    field,
                    Notice::new(
                        Problem::NotFound,
                        format!("{} names no earlier act that makes one", id.as_str()),
                        format!("{} 未指向此前产生该类对象的操作", id.as_str()),
                    ),
                ),
            };
        }
        let Some((tag, opened)) = Gid::open(self.view.id_seal(), id) else {
            return self.refuse(field, Notice::new(
                Problem::NotFound,
                "this is not an id of this register: use the `id` of an object from an earlier answer, or #1 for what the first act makes",
                "这不是本登记库的对象标识，请使用先前应答中的 id，或用 #1 引用第 1 项操作产生的对象",
            ));
        };
        if !fits(tag, what) {
            return self.refuse(
                field,
                Notice::new(
                    Problem::WrongKind,
                    format!("this is the id of another type: {}", tag.type_name()),
                    format!("对象类型不符：{}", tag.type_name()),
                ),
            );
        }
        let Some((id, county, place)) = opened.and_then(|id| self.find(id, what)) else {
            return self.not_found(field);
        };
        Ok((Object::Id(id), Some((county, place))))
    }

    /// An object that is seen on the day: its county, and where what is done with it is done.
    fn find(&self, id: i64, what: What) -> Option<(i64, i32, Place)> {
        let view = self.view;
        let of_county = |handle| (handle, Place::Territory(view.home(handle)));
        let (handle, place) = match what {
            What::Organization => {
                let handle = view.find_organization(id)?;
                (handle, Place::Organization(handle))
            }
            What::LeadershipPost => {
                let handle = view.find_post(id)?;
                (handle, Place::Organization(view.post_owner(handle)))
            }
            What::Appointment => {
                let handle = view.find_appointment(id)?;
                (handle, Place::Organization(view.owner_of(handle)))
            }
            What::Person => of_county(view.find_person(id)?),
            What::Division => {
                let handle = view.find_division(id)?;
                (handle, Place::Division(view.division_shown(handle).code))
            }
            What::Document => of_county(view.find_document(id)?),
            What::ReformDraft => of_county(view.find_draft(id)?),
            What::SettingPattern => of_county(view.find_pattern(id)?),
        };
        Some((id, view.county_of(handle), place))
    }
}

fn fits(tag: Tag, what: What) -> bool {
    match what {
        What::Organization => matches!(
            tag,
            Tag::Township
                | Tag::InternalOffice
                | Tag::PublicInstitution
                | Tag::SecondedAgency
                | Tag::Department
        ),
        What::LeadershipPost => tag == Tag::LeadershipPost,
        What::Person => tag == Tag::Person,
        What::Appointment => tag == Tag::Appointment,
        What::Division => tag == Tag::Division,
        What::Document => tag == Tag::Document,
        What::SettingPattern => tag == Tag::SettingPattern,
        What::ReformDraft => tag == Tag::ReformDraft,
    }
}

/// Refuses what a viewer may not do. Who may only draft it is told so.
pub fn allowed(hand: Hand, act: ActKind, dry_run: bool) -> Result<(), Fault> {
    let (en, zh, roles) = (act.item().en, act.item().zh, carriers(act).join(", "));
    match hand {
        Hand::Carry => Ok(()),
        Hand::Try if dry_run => Ok(()),
        Hand::Try => Err(Fault::new(
            ErrorCode::Forbidden,
            format!(
                "You may try this with `dryRun: true`, and draft it with `reformDraftWrite`; it is carried out by {roles}."
            ),
            format!("您可以试算（dryRun: true）或起草（reformDraftWrite），须由 {roles} 办理。"),
        )),
        Hand::None => Err(Fault::new(
            ErrorCode::Forbidden,
            format!(
                "None of your grants allows this here: {en}. It takes {roles}, with a scope that covers the place; `viewer {{ grants {{ role scope }} }}` shows what you hold."
            ),
            format!(
                "您的授权不允许在此办理：{zh}。须为 {roles} 且范围覆盖该处，可用 viewer {{ grants {{ role scope }} }} 查看授权。"
            ),
        )),
    }
}

/// The territory of a county.
pub fn county_range(county: i32) -> CodeRange {
    DivisionCode::of_shard(county.cast_unsigned()).range()
}
