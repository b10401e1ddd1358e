//! Tokens that were found valid lately: checking a signature takes longer than most answers.

use super::{SigningKey, admit_header, expired};
use crate::domain::Fault;
use crate::domain::date::now_seconds;
use crate::policy::Viewer;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// How many tokens are kept; each is at most eight kibibytes.
const TOKENS: usize = 4_096;

/// A token that was valid: whose it is, and until when.
#[derive(Clone)]
struct Visitor {
    viewer: Arc<Viewer>,
    ends: i64,
}

/// The viewers behind the tokens of one key.
pub struct Visitors {
    key: SigningKey,
    public: Arc<Viewer>,
    known: Cache<Vec<u8>, Visitor>,
}

impl Visitors {
    /// Visitors with tokens of a key.
    #[must_use]
    pub fn new(key: SigningKey) -> Self {
        Self { key, public: Arc::default(), known: Cache::new(TOKENS) }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The viewer of an `Authorization` header; the public when there is none.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for anything but a valid token of ours.
    pub fn viewer(&self, authorization: Option<&[u8]>) -> Result<Arc<Viewer>, Fault> {
        self.admit(authorization).map(|(viewer, _)| viewer)
    }

    /// The same, and the second at which the token ends.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub fn admit(&self, authorization: Option<&[u8]>) -> Result<(Arc<Viewer>, Option<i64>), Fault> {
        let Some(header) = authorization else { return Ok((self.public.clone(), None)) };
        if let Some(known) = self.known.get(header) {
            if now_seconds() < known.ends {
                return Ok((known.viewer, Some(known.ends)));
            }
            self.known.remove(header);
            return Err(expired());
        }
        let (viewer, ends) = admit_header(&self.key, header)?;
        let visitor = Visitor { viewer: Arc::new(viewer), ends };
        self.known.insert(header.to_vec(), visitor.clone());
        Ok((visitor.viewer, Some(ends)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Claims, GrantClaim, sign};
    use super::{SigningKey, Visitors};

    #[test]
    fn a_known_token_ends_when_it_ends() {
        let key = SigningKey::from_pem(&SigningKey::new_pem().expect("key")).expect("key");
        let grant = GrantClaim { role: "ANALYST".to_owned(), scope: None, line: None };
        // Clocks may differ by half a minute: it ended 29 seconds ago, so it holds for one more second.
        let token = sign(&key, &Claims::new("a", vec![grant], -29)).expect("token");
        let header = format!("Bearer {token}").into_bytes();
        let visitors = Visitors::new(key);
        assert!(visitors.viewer(Some(&header)).is_ok());
        assert!(visitors.viewer(Some(&header)).is_ok());
        let began = std::time::Instant::now();
        while visitors.viewer(Some(&header)).is_ok() {
            assert!(began.elapsed().as_secs() < 5, "a known token holds for ever");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert!(visitors.viewer(Some(&header)).is_err());
        assert!(visitors.viewer(Some(b"Bearer x")).is_err());
        assert!(!visitors.viewer(None).expect("public").is_signed_in());
    }
}
