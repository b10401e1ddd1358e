//! Acts on persons (人员): added.

use super::Acting;
use super::notice::{Notice, Problem};
use crate::domain::{CodeList, Day, PersonnelIdentity};
use crate::store::entity::person::Model;

/// A person that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The county that keeps the record, by its six digits.
    pub shard: i32,
    /// Name.
    pub name: String,
    /// Personnel identity.
    pub identity: Option<PersonnelIdentity>,
    /// Date of birth.
    pub birth_date: Option<Day>,
    /// Identity number.
    pub id_number: Option<String>,
}

impl Acting<'_> {
    pub(super) fn add_person(&mut self, new: &NewPerson) -> Result<i64, Notice> {
        let length = new.name.chars().count();
        if !(1..=40).contains(&length) || new.name.trim() != new.name {
            return Err(Notice::new(
                Problem::OutOfRange,
                "a name has 1 to 40 characters, without spaces around it",
                "姓名应为 1 至 40 个字符，首尾无空格",
            ));
        }
        let same = |row: &&Model| row.id_number.is_some() && row.id_number == new.id_number;
        if self.desk.person.iter().any(|row| same(&row)) {
            return Err(Notice::new(
                Problem::Duplicate,
                "another person has the identity number",
                "身份证件号码已登记",
            ));
        }
        if self.desk.person.iter().any(|row| row.name == new.name) {
            self.warnings.push(Notice::new(
                Problem::SameName,
                format!("another person of the county is called {}", new.name),
                format!("本县已有同名人员：{}", new.name),
            ));
        }
        let id = self.new_id(new.shard)?;
        self.desk.person.put(Model {
            id,
            shard: new.shard,
            name: new.name.clone(),
            identity: new.identity.map(|code| code.value().to_owned()),
            gender: None,
            ethnicity: None,
            birth_date: new.birth_date.map(|day| day.to_string()),
            id_number: new.id_number.clone(),
            phone: None,
        });
        Ok(id)
    }
}
