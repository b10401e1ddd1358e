//! Acts on persons (人员): added.

use super::Acting;
use super::notice::{Notice, Problem, fits};
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

pub(super) fn good_name(name: &str) -> Result<(), Notice> {
    if fits(name, 40) {
        return Ok(());
    }
    Err(Notice::new(
        Problem::OutOfRange,
        "a name has 1 to 40 characters, without spaces around it",
        "姓名应为 1 至 40 个字符，首尾无空格",
    )
    .of("name"))
}

impl Acting<'_> {
    /// Refuses an identity number that is none, or that another person has.
    pub(super) fn good_number(&self, number: Option<&str>, except: Option<i64>) -> Result<(), Notice> {
        let Some(number) = number else { return Ok(()) };
        let bytes = number.as_bytes();
        let digits = bytes.len() == 18 && bytes[..17].iter().all(u8::is_ascii_digit);
        if !digits || !(bytes[17].is_ascii_digit() || bytes[17] == b'X') {
            return Err(Notice::new(
                Problem::OutOfRange,
                "an identity number has 18 digits, the last of which may be X",
                "身份证件号码应为 18 位数字，末位可为 X",
            )
            .of("idNumber"));
        }
        let has = |row: &Model| row.id_number.as_deref() == Some(number) && Some(row.id) != except;
        if self.desk.person.iter().any(has) {
            return Err(Notice::new(
                Problem::Duplicate,
                "another person has the identity number",
                "身份证件号码已登记",
            ));
        }
        Ok(())
    }

    pub(super) fn add_person(&mut self, new: &NewPerson) -> Result<i64, Notice> {
        good_name(&new.name)?;
        self.good_number(new.id_number.as_deref(), None)?;
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
