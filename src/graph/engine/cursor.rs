//! Cursors: opaque, versioned, sealed. They hold the sort keys, not a position, so they survive a change of revision; and
//! they are encrypted, so that neither keys nor numbers of rows can be read from them.

use super::connection::Rank;
use super::key::Key;
use crate::domain::{ErrorCode, Fault};
use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use std::borrow::Cow;

/// The secret that seals cursors. All server processes of one deployment derive it from the same key.
#[derive(Clone)]
pub struct CursorKey(pub [u8; 32]);

const VERSION: u8 = 1;

/// What a cursor says: at which object of which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Hash of the list: type, source, filter, order and date.
    pub list: u32,
    /// Keys of the order, when one was asked for.
    pub keys: Vec<Key<'static>>,
    /// Place of the object in the canonical order.
    pub rank: Rank,
}

/// What is said of a cursor that is not ours, was changed, or belongs to another list. One text for all.
#[must_use]
pub fn refusal() -> Fault {
    Fault::new(
        ErrorCode::CursorInvalid,
        "This is not a cursor of this list. Use `endCursor` or `startCursor` of a page of it, with the same arguments.",
        "该游标不属于本列表。请使用本列表某一页的 endCursor 或 startCursor，并保持其他参数不变。",
    )
}

impl CursorKey {
    /// The cipher bears that the same list has the same cursors: a nonce of its own would only make them longer.
    fn cipher(&self) -> (Aes256GcmSiv, Nonce) {
        (Aes256GcmSiv::new(&self.0.into()), Nonce::default())
    }

    /// Writes a cursor.
    #[must_use]
    pub fn seal(&self, list: u32, keys: &[Key<'_>], rank: Rank) -> String {
        let mut out = vec![VERSION];
        out.extend(list.to_le_bytes());
        out.push(u8::try_from(keys.len()).unwrap_or(u8::MAX));
        for key in keys {
            match key {
                Key::Null => out.push(0),
                Key::Number(n) => {
                    out.push(1);
                    out.extend(n.to_le_bytes());
                }
                Key::Text(text) => {
                    out.push(2);
                    out.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
                    out.extend(text.as_bytes());
                }
            }
        }
        for part in rank {
            out.extend(part.to_le_bytes());
        }
        let (cipher, nonce) = self.cipher();
        // Sealing fails only for texts of many gigabytes.
        data_encoding::BASE64URL_NOPAD.encode(&cipher.encrypt(&nonce, out.as_slice()).unwrap_or_default())
    }

    /// Reads a cursor.
    ///
    /// # Errors
    /// `CURSOR_INVALID` for anything that was not sealed with this key.
    pub fn open(&self, text: &str) -> Result<Cursor, Fault> {
        self.read(text).ok_or_else(refusal)
    }

    fn read(&self, text: &str) -> Option<Cursor> {
        if text.len() > 16_384 {
            return None;
        }
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (cipher, nonce) = self.cipher();
        let payload = cipher.decrypt(&nonce, bytes.as_slice()).ok()?;
        let mut rest = payload.as_slice();
        let mut take = |n: usize| {
            let (head, tail) = rest.split_at_checked(n)?;
            rest = tail;
            Some(head)
        };
        (take(1)? == [VERSION]).then_some(())?;
        let list = u32::from_le_bytes(take(4)?.try_into().ok()?);
        let count = take(1)?[0];
        let mut keys = Vec::new();
        for _ in 0..count {
            keys.push(match take(1)?[0] {
                0 => Key::Null,
                1 => Key::Number(i64::from_le_bytes(take(8)?.try_into().ok()?)),
                _ => {
                    let len = u32::from_le_bytes(take(4)?.try_into().ok()?);
                    Key::Text(Cow::Owned(String::from_utf8(take(len as usize)?.to_vec()).ok()?))
                }
            });
        }
        let mut rank = Rank::default();
        for part in &mut rank {
            *part = i64::from_le_bytes(take(8)?.try_into().ok()?);
        }
        Some(Cursor { list, keys, rank })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, CursorKey, Key};

    #[test]
    fn what_was_sealed_opens_and_nothing_else() {
        let key = CursorKey([7; 32]);
        let keys = [Key::Null, Key::Number(-3), Key::Text("普基镇".into())];
        let text = key.seal(9, &keys, [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(
            key.open(&text),
            Ok(Cursor { list: 9, keys: keys.to_vec(), rank: [1, 2, 3, 4, 5, 6, 7, 8] })
        );
        assert!(CursorKey([8; 32]).open(&text).is_err());
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert!(key.open(&String::from_utf8(bytes).expect("ascii")).is_err(), "byte {at}");
        }
        for bad in ["", "AQ", "!", "AAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(key.open(bad).is_err(), "{bad}");
        }
    }
}
