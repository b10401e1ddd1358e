//! A bearer token becomes a viewer, or a refusal. The only room that names jsonwebtoken.
//!
//! Tokens are JWTs of our own: EdDSA pinned, `typ` is `at+jwt`, nothing else may stand in the header, and
//! `exp iss aud sub` are required. Key and algorithm come from our key file, never from the token.

mod key;
mod visitors;

pub use key::{KeyError, SigningKey};
pub use visitors::Visitors;

use crate::domain::date::now_seconds;
use crate::domain::{CodeList, DivisionCode, ErrorCode, Fault, Role};
use crate::policy::{Grant, Scope, Viewer};
use jsonwebtoken::{Algorithm, Header, Validation, decode, encode, errors::ErrorKind};
use serde::{Deserialize, Serialize};

/// Issuer and audience of our tokens, and their type (RFC 9068).
const ISSUER: &str = "tiaokuai";
const AUDIENCE: &str = "tiaokuai";
const TYPE: &str = "at+jwt";
/// A longer token is refused unread.
const MAX_TOKEN: usize = 8_192;
/// The most grants of a token.
const MAX_GRANTS: usize = 16;
/// Clocks may differ by this many seconds.
const LEEWAY: u64 = 30;

/// What may stand in the header. Anything else (`crit`, `jku`, `jwk`, `x5u`, …) is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

/// The claims of a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// Subject: who the token was made for.
    pub sub: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Roles with their scopes.
    pub grants: Vec<GrantClaim>,
}

/// A role with its scope, in a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantClaim {
    /// The role.
    pub role: String,
    /// Code of the territory in which it counts; everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Surrogate id of the department in whose line it counts; in all lines when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<i64>,
}

impl Claims {
    /// Claims that hold for some seconds from now.
    #[must_use]
    pub fn new(subject: &str, grants: Vec<GrantClaim>, seconds: i64) -> Self {
        let now = now_seconds();
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_owned(),
            iat: now,
            exp: now + seconds,
            grants,
        }
    }
}

/// Signs a token.
///
/// # Errors
/// When the key cannot sign.
pub fn sign(key: &SigningKey, claims: &Claims) -> Result<String, KeyError> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id().to_owned());
    encode(&header, claims, key.encoding()).map_err(|_| KeyError::Sign)
}

/// The viewer of an `Authorization` header, and the second at which the token ends.
fn admit_header(key: &SigningKey, header: &[u8]) -> Result<(Viewer, i64), Fault> {
    let text = std::str::from_utf8(header).map_err(|_| invalid())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.len() > MAX_TOKEN {
        return Err(invalid());
    }
    verify(key, token)
}

fn verify(key: &SigningKey, token: &str) -> Result<(Viewer, i64), Fault> {
    let header = token.split('.').next().ok_or_else(invalid)?;
    let header = data_encoding::BASE64URL_NOPAD.decode(header.as_bytes()).map_err(|_| invalid())?;
    let header: StrictHeader = serde_json::from_slice(&header).map_err(|_| invalid())?;
    if header.alg != "EdDSA" || header.typ != TYPE || header.kid != key.id() {
        return Err(invalid());
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    let claims = decode::<Claims>(token, key.decoding(), &validation).map_err(|e| match e.kind() {
        ErrorKind::ExpiredSignature => expired(),
        _ => invalid(),
    })?;
    // The library lets the last second count.
    let ends = claims.claims.exp.saturating_add(i64::try_from(LEEWAY).unwrap_or(0) + 1);
    Ok((admit(claims.claims)?, ends))
}

/// Checks what the library does not: one issuer, one audience, a subject, grants that exist and may stand together.
fn admit(claims: Claims) -> Result<Viewer, Fault> {
    let leeway = i64::try_from(LEEWAY).unwrap_or(0);
    if claims.iss != ISSUER || claims.aud != AUDIENCE || claims.iat > now_seconds() + leeway {
        return Err(invalid());
    }
    if claims.sub.is_empty()
        || claims.sub.len() > 200
        || claims.grants.is_empty()
        || claims.grants.len() > MAX_GRANTS
    {
        return Err(invalid());
    }
    let grants: Vec<Grant> = claims.grants.iter().map(grant).collect::<Option<_>>().ok_or_else(invalid)?;
    let administrator = grants.iter().find(|g| g.role.is_administrator()).map(|g| g.role);
    if administrator.is_some_and(|a| grants.iter().any(|g| g.role != a)) {
        return Err(invalid());
    }
    Ok(Viewer { subject: Some(claims.sub), grants })
}

fn grant(claim: &GrantClaim) -> Option<Grant> {
    let territory = match &claim.scope {
        None => None,
        Some(code) => Some(DivisionCode::parse(code)?),
    };
    let role = Role::parse(&claim.role)?;
    Some(Grant { role, scope: Scope { territory, line: claim.line } })
}

/// One text for whatever is wrong, so that it helps nobody to guess.
fn invalid() -> Fault {
    Fault::new(
        ErrorCode::Unauthenticated,
        "The token is not valid here. Send `Authorization: Bearer TOKEN` with a token of this server, or no token for public data.",
        "令牌无效。请发送本服务签发的令牌（Authorization: Bearer TOKEN）；访问公开数据无需令牌。",
    )
}

fn expired() -> Fault {
    Fault::new(
        ErrorCode::Unauthenticated,
        "The token has expired. Get a new one, or send none for public data.",
        "令牌已过期。请重新获取令牌；访问公开数据无需令牌。",
    )
}
