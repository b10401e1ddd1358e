//! Global ids.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Block};
use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, ID, OutputType, Positioned, ServerResult, Value, parser::types::Field,
};
use std::borrow::Cow;

/// What a global id points to. The letters are part of the id, so that an id of another type is refused by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the types")]
pub enum Tag {
    Division,
    Township,
    InternalOffice,
    PublicInstitution,
    SecondedAgency,
    Department,
    LeadershipPost,
    Appointment,
    Person,
    Document,
    Reform,
    OrganizationChange,
    SettingPattern,
}

const TAGS: &[(Tag, &str, &str)] = &[
    (Tag::Division, "dv", "Division"),
    (Tag::Township, "tw", "Township"),
    (Tag::InternalOffice, "io", "InternalOffice"),
    (Tag::PublicInstitution, "pi", "PublicInstitution"),
    (Tag::SecondedAgency, "sa", "SecondedAgency"),
    (Tag::Department, "dp", "Department"),
    (Tag::LeadershipPost, "lp", "LeadershipPost"),
    (Tag::Appointment, "ap", "Appointment"),
    (Tag::Person, "pn", "Person"),
    (Tag::Document, "dc", "Document"),
    (Tag::Reform, "rf", "Reform"),
    (Tag::OrganizationChange, "oc", "OrganizationChange"),
    (Tag::SettingPattern, "sp", "SettingPattern"),
];

/// A global id: the surrogate id sealed with the secret of the register. Opaque to clients, the same for the life of the
/// register, and it tells nothing of its neighbours: who has one cannot guess another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gid(String);

/// Length of the sealed part.
const LENGTH: usize = 22;

impl Tag {
    fn letters(self) -> &'static str {
        TAGS.iter().find(|t| t.0 == self).map_or("", |t| t.1)
    }

    /// The name of the type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        TAGS.iter().find(|t| t.0 == self).map_or("", |t| t.2)
    }
}

/// One block: the id, and letters and zeros by which a wrong one is known.
fn block(tag: Tag, id: i64) -> Block {
    let mut bytes = [0_u8; 16];
    bytes[..8].copy_from_slice(&id.to_le_bytes());
    bytes[8..10].copy_from_slice(tag.letters().as_bytes());
    bytes.into()
}

impl Gid {
    /// Seals a surrogate id.
    #[must_use]
    pub fn seal(secret: &[u8; 16], tag: Tag, id: i64) -> Self {
        let mut bytes = block(tag, id);
        Aes128::new(secret.into()).encrypt_block(&mut bytes);
        Self(format!("{}_{}", tag.letters(), data_encoding::BASE64URL_NOPAD.encode(&bytes)))
    }

    /// Opens an id: the type by its letters, and the surrogate id, `None` when this register never sealed it.
    /// Nothing at all when the text has not even the form of an id.
    #[must_use]
    pub fn open(secret: &[u8; 16], text: &str) -> Option<(Tag, Option<i64>)> {
        let (letters, sealed) = text.split_once('_')?;
        let tag = TAGS.iter().find(|t| t.1 == letters)?.0;
        let shaped = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if sealed.len() != LENGTH || !sealed.bytes().all(shaped) {
            return None;
        }
        Some((tag, unseal(secret, tag, sealed)))
    }

    /// The id as text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

fn unseal(secret: &[u8; 16], tag: Tag, sealed: &str) -> Option<i64> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let mut bytes = Block::try_from(bytes.as_slice()).ok()?;
    Aes128::new(secret.into()).decrypt_block(&mut bytes);
    let id = i64::from_le_bytes(bytes[..8].try_into().ok()?);
    (bytes == block(tag, id)).then_some(id)
}

impl OutputType for Gid {
    fn type_name() -> Cow<'static, str> {
        "ID".into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }
    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Gid, Tag};

    #[test]
    fn ids_open_with_their_secret_and_tell_nothing_else() {
        let (secret, id) = ([7; 16], 21_068_100_001_234);
        let gid = Gid::seal(&secret, Tag::Township, id);
        assert_eq!(Gid::open(&secret, gid.text()), Some((Tag::Township, Some(id))));
        assert_eq!(Gid::open(&[8; 16], gid.text()), Some((Tag::Township, None)));
        assert_eq!(
            Gid::open(&secret, &gid.text().replacen("tw", "io", 1)),
            Some((Tag::InternalOffice, None))
        );
        let next = Gid::seal(&secret, Tag::Township, id + 1);
        let same = gid.text().bytes().zip(next.text().bytes()).filter(|(a, b)| a == b).count();
        assert!(same < 12, "neighbours look alike: {gid:?} {next:?}");
        for bad in
            ["", "tw", "tw_", "tw_1f", "zz_AAAAAAAAAAAAAAAAAAAAAA", "tw_AAAAAAAAAAAAAAAAAAAAA!", "Township:1"]
        {
            assert_eq!(Gid::open(&secret, bad), None, "{bad}");
        }
    }
}
