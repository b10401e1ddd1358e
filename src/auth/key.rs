//! The signing key: Ed25519, kept in a file that only the owner may read.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::{DecodingKey, EncodingKey};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// What went wrong with the key.
#[derive(Debug)]
pub enum KeyError {
    /// The file cannot be read or written.
    File(io::Error),
    /// The file holds no Ed25519 key.
    Format,
    /// Signing failed.
    Sign,
}

impl KeyError {
    /// For the operator: what happened and what to do.
    #[must_use]
    pub fn advice(&self, path: &Path) -> String {
        match self {
            Self::File(error) => format!("cannot read or write the key file {}: {error}", path.display()),
            Self::Format => format!(
                "{} holds no Ed25519 key (PKCS#8 in PEM); move it away and a new one is made, which ends all tokens",
                path.display()
            ),
            Self::Sign => "the key cannot sign".to_owned(),
        }
    }
}

/// An Ed25519 key with its id.
pub struct SigningKey {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    cursor_secret: [u8; 32],
}

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

impl SigningKey {
    /// Reads the key file, or makes a new key when there is none.
    ///
    /// # Errors
    /// `File`, `Format`.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_pem(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let pem = Self::new_pem()?;
                match write_private(path, &pem) {
                    Ok(()) => Self::from_pem(&pem),
                    // Another process made it in the meantime: use that one.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        Self::from_pem(&fs::read_to_string(path).map_err(KeyError::File)?)
                    }
                    Err(error) => Err(KeyError::File(error)),
                }
            }
            Err(error) => Err(KeyError::File(error)),
        }
    }

    /// A new key as PEM.
    ///
    /// # Errors
    /// `Sign` when the system has no randomness.
    pub fn new_pem() -> Result<String, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Sign)?;
        let document = pair.to_pkcs8v1().map_err(|_| KeyError::Sign)?;
        Ok(format!("{BEGIN}\n{}\n{END}\n", data_encoding::BASE64.encode(document.as_ref())))
    }

    /// Reads a key from PEM.
    ///
    /// # Errors
    /// `Format`.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let body =
            text.trim().strip_prefix(BEGIN).and_then(|t| t.strip_suffix(END)).ok_or(KeyError::Format)?;
        let body: String = body.split_whitespace().collect();
        let der = data_encoding::BASE64.decode(body.as_bytes()).map_err(|_| KeyError::Format)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::Format)?;
        let public = pair.public_key().as_ref();
        let id = blake3::hash(public).to_hex()[..16].to_owned();
        Ok(Self {
            id,
            encoding: EncodingKey::from_ed_der(&der),
            decoding: DecodingKey::from_ed_der(public),
            cursor_secret: blake3::derive_key("tiaokuai 2026-11 cursors", &der),
        })
    }

    /// Its id: the `kid` of the tokens it signs.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The secret for cursors, which is derived from the key.
    #[must_use]
    pub fn cursor_secret(&self) -> [u8; 32] {
        self.cursor_secret
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }
}

/// Writes the file whole or not at all: under another name first, so that no other process reads half of it.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options.open(&draft).and_then(|mut file| file.write_all(text.as_bytes()));
    let done = written.and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    done
}
