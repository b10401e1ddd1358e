//! Global ids.

use crate::domain::IdSeal;
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
    Change,
    ReformDraft,
}

const TAGS: &[(Tag, &[u8; 2], &str)] = &[
    (Tag::Division, b"dv", "Division"),
    (Tag::Township, b"tw", "Township"),
    (Tag::InternalOffice, b"io", "InternalOffice"),
    (Tag::PublicInstitution, b"pi", "PublicInstitution"),
    (Tag::SecondedAgency, b"sa", "SecondedAgency"),
    (Tag::Department, b"dp", "Department"),
    (Tag::LeadershipPost, b"lp", "LeadershipPost"),
    (Tag::Appointment, b"ap", "Appointment"),
    (Tag::Person, b"pn", "Person"),
    (Tag::Document, b"dc", "Document"),
    (Tag::Reform, b"rf", "Reform"),
    (Tag::OrganizationChange, b"oc", "OrganizationChange"),
    (Tag::SettingPattern, b"sp", "SettingPattern"),
    (Tag::Change, b"ch", "Change"),
    (Tag::ReformDraft, b"rd", "ReformDraft"),
];

/// A global id: the surrogate id sealed with the secret of the register. Opaque to clients, the same for the life of the
/// register, and it tells nothing of its neighbours: who has one cannot guess another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gid([u8; LENGTH + 3]);

/// The signs of base 64 for addresses. The library of which `unseal` makes use takes ten times as long for so few of them, and a
/// county page has hundreds of ids.
const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Length of the sealed part.
const LENGTH: usize = 22;

impl Tag {
    fn letters(self) -> &'static [u8; 2] {
        // The tags stand in the table in their own order.
        TAGS[self as usize].1
    }

    /// The name of the type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        TAGS.iter().find(|t| t.0 == self).map_or("", |t| t.2)
    }
}

/// One block: the id, and letters and zeros by which a wrong one is known.
fn block(tag: Tag, id: i64) -> [u8; 16] {
    let mut bytes = [0_u8; 16];
    bytes[..8].copy_from_slice(&id.to_le_bytes());
    bytes[8..10].copy_from_slice(tag.letters());
    bytes
}

impl Gid {
    /// Seals a surrogate id.
    #[must_use]
    pub fn seal(seal: &IdSeal, tag: Tag, id: i64) -> Self {
        let bytes = seal.close(block(tag, id));
        let mut text = [b'_'; LENGTH + 3];
        text[..2].copy_from_slice(tag.letters());
        let number = u128::from_be_bytes(bytes);
        // Six bits for each sign, from the front; the last one has two.
        for (at, sign) in text[3..].iter_mut().enumerate() {
            let bits = if at + 1 < LENGTH { number >> (122 - 6 * at) } else { number << 4 };
            *sign = SIGNS[(bits & 63) as usize];
        }
        Self(text)
    }

    /// Opens an id: the type by its letters, and the surrogate id, `None` when this register never sealed it.
    /// Nothing at all when the text has not even the form of an id.
    #[must_use]
    pub fn open(seal: &IdSeal, text: &str) -> Option<(Tag, Option<i64>)> {
        let (letters, sealed) = text.split_once('_')?;
        let tag = TAGS.iter().find(|t| t.1 == letters.as_bytes())?.0;
        let shaped = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if sealed.len() != LENGTH || !sealed.bytes().all(shaped) {
            return None;
        }
        Some((tag, unseal(seal, tag, sealed)))
    }

    /// The id as bytes of ASCII, without anything to escape.
    #[must_use]
    pub(super) fn ascii(&self) -> &[u8] {
        &self.0
    }

    /// The id as text.
    #[must_use]
    pub fn text(&self) -> &str {
        // Letters and signs of base 64 are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn unseal(seal: &IdSeal, tag: Tag, sealed: &str) -> Option<i64> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let bytes = seal.open(bytes.try_into().ok()?);
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
        Ok(Value::String(self.text().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Gid, IdSeal, TAGS, Tag};

    #[test]
    fn ids_open_with_their_secret_and_tell_nothing_else() {
        assert!(TAGS.iter().enumerate().all(|(at, tag)| tag.0 as usize == at));
        let (secret, id) = (IdSeal::new(&[7; 16]), 21_068_100_001_234);
        let gid = Gid::seal(&secret, Tag::Township, id);
        assert_eq!(Gid::open(&secret, gid.text()), Some((Tag::Township, Some(id))));
        assert_eq!(Gid::open(&IdSeal::new(&[8; 16]), gid.text()), Some((Tag::Township, None)));
        assert_eq!(
            Gid::open(&secret, &gid.text().replacen("tw", "io", 1)),
            Some((Tag::InternalOffice, None))
        );
        for id in (0..500).map(|n| id + n * n) {
            let gid = Gid::seal(&secret, Tag::Reform, id);
            let bytes = data_encoding::BASE64URL_NOPAD.encode(&secret.close(super::block(Tag::Reform, id)));
            assert_eq!(gid.text(), format!("rf_{bytes}"));
        }
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
