//! The keys of an answer as they are written: with quotation marks, colon, and what separates them from the key before.

/// Keys up to this length are copied as one block of a fixed length, which takes a few instructions instead of a call.
const BLOCK: usize = 32;

/// A key of an object: `,"name":`, or `{"name":` for the first.
pub(super) struct Quoted {
    block: [u8; BLOCK],
    length: usize,
    /// The key, where it is longer than a block.
    long: Option<Box<str>>,
}

impl Quoted {
    /// A name of GraphQL, which needs no escapes.
    pub fn new(name: &str) -> Self {
        let text = format!(",\"{name}\":");
        let mut block = [b' '; BLOCK];
        let length = text.len();
        let long = match block.get_mut(..length) {
            Some(short) => {
                short.copy_from_slice(text.as_bytes());
                None
            }
            None => Some(text.into()),
        };
        Self { block, length, long }
    }

    /// The same key as the first of its object.
    pub fn open(&mut self) {
        self.block[0] = b'{';
        if let Some(long) = &mut self.long {
            let rest = long.get(1..).unwrap_or_default();
            *long = format!("{{{rest}").into();
        }
    }

    /// Writes the key.
    #[inline]
    pub fn write(&self, bytes: &mut Vec<u8>) {
        match &self.long {
            None => {
                let end = bytes.len() + self.length;
                bytes.extend_from_slice(&self.block);
                bytes.truncate(end);
            }
            Some(long) => bytes.extend_from_slice(long.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Quoted};

    #[test]
    fn keys_of_every_length_are_written_whole() {
        for length in 1..2 * BLOCK {
            let name = "n".repeat(length);
            let mut key = Quoted::new(&name);
            let mut bytes = b"1".to_vec();
            key.write(&mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), format!("1,\"{name}\":"));
            key.open();
            bytes.clear();
            key.write(&mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), format!("{{\"{name}\":"));
        }
    }
}
