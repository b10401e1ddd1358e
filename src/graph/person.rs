//! Person: somebody who holds or held a post. Names of holders are public; the rest is personal data.

use super::engine::{Code, Conn, Gid, ListArgs, Ref, Source, Tag, Text};
use super::{ActedOn, Appointment, Identified, NodeFields};
use crate::domain::{CodeRange, Day, Fault, PersonnelIdentity, RecordKind};
use crate::policy::Place;
use crate::record;
use crate::snapshot::{Handle, PersonRow, PersonTrait, Sym};
use tiaokuai_macros::fields;

impl Identified for Person {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::Person, of.view.person_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        Some((Place::Territory(of.view.home(of.key)), &[Some(RecordKind::Person)]))
    }
}

impl<'v> Ref<'v, Person> {
    fn row(self) -> &'v PersonRow {
        self.view.person_row(self.key)
    }
}

#[fields(PersonFields)]
impl<'v> Ref<'v, Person> {
    /// Name (姓名). A person is seen only where an appointment of theirs is.
    #[field(Public, Open, filter, example = "示例甲0001")]
    pub fn name(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().name))
    }

    /// Personnel identity (人员身份), such as 公务员.
    #[field(Personal, Staffing, filter)]
    pub fn identity(self) -> Option<Code<PersonnelIdentity>> {
        self.view.person_trait(self.key).identity.map(Code)
    }

    /// Appointments (任职): those in force, and with `includeEnded` the earlier ones too.
    #[field(Public, Open, cost = 4, relation = anywhere)]
    pub fn appointments(
        self,
        #[arg("Also appointments that ended before the day of the query (含历任); false when absent.")]
        include_ended: Option<bool>,
        #[group] list: ListArgs<Appointment>,
    ) -> Result<Conn<'v, Appointment>, Fault> {
        let all = include_ended.unwrap_or(false);
        let rows = self.view.appointments_of_person(self.view.person_id(self.key));
        let rows: Vec<Handle> = rows.filter(|h| all || self.view.in_force(*h)).collect();
        // Below zero, since a post with the same number has lists of appointments too.
        let owner = -(self.view.person_id(self.key) * 2 + i64::from(all));
        Conn::new(self.view, Source::Rows(owner, CodeRange::ALL, rows.into()), list)
    }

    /// Personal data (个人信息): birth, telephone, identity number.
    #[field(Personal, Staffing, relation)]
    pub fn private(self) -> Option<Ref<'v, PersonPrivate>> {
        Some(self.to(self.key))
    }
}

record! {
    /// A person (人员) who holds or held a leadership post. Source: real-name management (实名制管理).
    /// In the demonstration data all persons are synthetic.
    Person as "Person" by Handle, implements ["Node"], fields [NodeFields::<Person>::FIELDS, PersonFields::FIELDS],
    |view, at, rule| view.may_person(rule, at)
}

impl<'v> Ref<'v, PersonPrivate> {
    fn text(self, pick: impl Fn(&PersonTrait) -> Option<Sym>) -> Option<Text<'v>> {
        pick(self.view.person_trait(self.key)).map(|s| Text(self.view.text(self.key, s)))
    }
}

#[fields(PersonPrivateFields)]
impl<'v> Ref<'v, PersonPrivate> {
    /// Date of birth (出生日期).
    #[field(Personal, Staffing, filter)]
    pub fn birth_date(self) -> Option<Day> {
        self.view.person_row(self.key).birth_date.bound()
    }

    /// Gender (性别).
    #[field(Personal, Staffing, filter, example = "女")]
    pub fn gender(self) -> Option<Text<'v>> {
        self.text(|p| p.gender)
    }

    /// Ethnicity (民族).
    #[field(Personal, Staffing, filter, example = "汉族")]
    pub fn ethnicity(self) -> Option<Text<'v>> {
        self.text(|p| p.ethnicity)
    }

    /// Telephone (联系电话).
    #[field(Personal, Staffing, filter, example = "00000000001")]
    pub fn phone(self) -> Option<String> {
        self.view.unpacked(self.key, self.view.person_row(self.key).phone)
    }

    /// Identity number (身份证件号码).
    #[field(Sensitive, IdentityNumber, filter, example = "99010119891127001X")]
    pub fn id_number(self) -> Option<String> {
        self.view.unpacked(self.key, self.view.person_row(self.key).id_number)
    }
}

record! {
    /// Personal data of a person (个人信息), each field by its own rule. Source: real-name management (实名制管理).
    PersonPrivate as "PersonPrivate" by Handle, implements [], fields [PersonPrivateFields::FIELDS],
    |view, at, rule| view.may_person(rule, at)
}
