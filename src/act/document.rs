//! Basis documents (依据文件): what acts rest on.

use super::notice::{Notice, Problem, fits_if_any};
use super::time::good_day;
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

/// Refuses texts that no document has: a number, a title, an issuer.
pub(super) fn good_texts([number, title, issuer]: [Option<&str>; 3]) -> Result<(), Notice> {
    for (field, what, text, most) in [
        ("number", ["a document number", "文号"], number, 60),
        ("title", ["a title", "标题"], title, 200),
        ("issuer", ["an issuer", "发文机关"], issuer, 100),
    ] {
        fits_if_any(field, what, text, most)?;
    }
    Ok(())
}

/// Registers a document in a county and returns its id; that of the one which is registered there under its number already, if there is
/// one that says the same.
///
/// # Errors
/// Texts that are too long or empty; another document with the number.
pub fn register_document(desk: &mut Desk, shard: i32, new: &NewDocument) -> Result<i64, Notice> {
    let texts = [&new.number, &new.title, &new.issuer].map(|text| Some(text.as_str()));
    good_texts(texts).and(good_day("issuedOn", new.issued_on)).map_err(|notice| notice.within("basis"))?;
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
