//! Basis documents (依据文件): what acts rest on.

use super::notice::{Notice, Problem, fits};
use crate::domain::{ActKind, Day};
use crate::store::Desk;
use crate::store::entity::document::Model;

/// A document that acts rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Document number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Issuing body.
    pub issuer: String,
    /// Date of issue.
    pub issued_on: Option<Day>,
    /// Whether the public may see it.
    pub disclosed: bool,
}

/// Refuses texts that no document has.
pub(super) fn good_texts(number: &str, title: &str, issuer: &str) -> Result<(), Notice> {
    if fits(number, 60) && fits(title, 200) && fits(issuer, 100) {
        return Ok(());
    }
    Err(Notice::new(
        Problem::OutOfRange,
        "a document has a number of 1 to 60 characters, a title of 1 to 200 and an issuer of 1 to 100, without spaces around them",
        "依据文件应有文号（1 至 60 字符）、标题（1 至 200 字符）和发文机关（1 至 100 字符），首尾无空格",
    ))
}

/// Registers a document in a county and returns its id; that of the one which is registered there under its number already, if there is
/// one that says the same.
///
/// # Errors
/// Texts that are too long or empty; another document with the number.
pub fn register_document(desk: &mut Desk, shard: i32, new: &NewDocument) -> Result<i64, Notice> {
    good_texts(&new.number, &new.title, &new.issuer).map_err(|notice| notice.of("basis"))?;
    let issued_on = new.issued_on.map(|day| day.to_string());
    if let Some(known) = desk.document.iter().find(|row| row.shard == shard && row.number == new.number) {
        if (&known.title, &known.issuer, &known.issued_on, known.disclosed)
            == (&new.title, &new.issuer, &issued_on, new.disclosed)
        {
            return Ok(known.id);
        }
        return Err(Notice::new(
            Problem::Duplicate,
            format!(
                "another document is registered as {}: give its title, issuer and date, or its id",
                new.number
            ),
            format!("文号{}已登记且内容不同，请核对标题、发文机关和日期，或直接引用其标识", new.number),
        ));
    }
    let id = super::new_id(desk, shard)?;
    desk.document.put(Model {
        id,
        shard,
        number: new.number.clone(),
        title: new.title.clone(),
        issuer: new.issuer.clone(),
        issued_on,
        disclosed: new.disclosed,
    });
    desk.close(ActKind::DocumentRegister, Some(id));
    Ok(id)
}
