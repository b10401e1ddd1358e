//! Tokens: what is not exactly one of ours is refused, with the same words whatever is wrong.

use crate::harness::{BACKENDS, Client, key, key_pem, server, token};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

fn pair() -> Ed25519KeyPair {
    let body: String = key_pem().lines().filter(|l| !l.starts_with("-----")).collect();
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&data_encoding::BASE64.decode(body.as_bytes()).unwrap())
        .unwrap()
}

fn encode(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}

/// Signs any header and any payload with a key.
fn forge(pair: &Ed25519KeyPair, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", encode(header.as_bytes()), encode(payload.as_bytes()));
    let signature = encode(pair.sign(message.as_bytes()).as_ref());
    format!("{message}.{signature}")
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key().id() })
}

fn claims() -> Value {
    let now = tiaokuai::domain::date::now_seconds();
    json!({ "iss": "tiaokuai", "aud": "tiaokuai", "sub": "test", "iat": now, "exp": now + 600,
            "grants": [{ "role": "ESTABLISHMENT_DIRECTOR", "scope": "2106" }] })
}

fn with(mut base: Value, name: &str, value: Value) -> Value {
    base[name] = value;
    base
}

fn without(mut base: Value, name: &str) -> Value {
    base.as_object_mut().unwrap().remove(name);
    base
}

/// Every way to be wrong that we could think of: name and `Authorization` header.
fn wrong() -> Vec<(String, String)> {
    let own = pair();
    let other = Ed25519KeyPair::generate().unwrap();
    let sign = |h: &Value, c: &Value| forge(&own, &h.to_string(), &c.to_string());
    let good = sign(&header(), &claims());
    let now = tiaokuai::domain::date::now_seconds();
    let parts: Vec<&str> = good.split('.').collect();
    let mut cases: Vec<(String, String)> = Vec::new();
    let mut bearer = |name: &str, token: String| cases.push((name.to_owned(), format!("Bearer {token}")));

    bearer("another key", forge(&other, &header().to_string(), &claims().to_string()));
    bearer("another key and its id", {
        let id = blake3::hash(other.public_key().as_ref()).to_hex()[..16].to_owned();
        forge(&other, &with(header(), "kid", json!(id)).to_string(), &claims().to_string())
    });
    bearer("no signature", format!("{}.{}.", parts[0], parts[1]));
    bearer("two parts", format!("{}.{}", parts[0], parts[1]));
    bearer("four parts", format!("{good}.{}", parts[2]));
    bearer("signature of another token", {
        let third = sign(&header(), &with(claims(), "sub", json!("other")));
        format!("{}.{}.{}", parts[0], parts[1], third.split('.').nth(2).unwrap())
    });
    bearer(
        "payload changed",
        format!(
            "{}.{}.{}",
            parts[0],
            encode(with(claims(), "sub", json!("x")).to_string().as_bytes()),
            parts[2]
        ),
    );
    bearer("signature cut", good[..good.len() - 4].to_owned());
    bearer("signature with padding", format!("{good}=="));
    bearer("signature in zeros", format!("{}.{}.{}", parts[0], parts[1], encode(&[0; 64])));
    for alg in ["none", "None", "NONE", "HS256", "HS512", "RS256", "ES256", "PS256", "eddsa", "Ed25519", ""] {
        bearer(&format!("alg {alg}"), sign(&with(header(), "alg", json!(alg)), &claims()));
    }
    bearer("alg none, no signature", {
        format!("{}.{}.", encode(with(header(), "alg", json!("none")).to_string().as_bytes()), parts[1])
    });
    bearer("hmac with the public key", {
        let head = encode(with(header(), "alg", json!("HS256")).to_string().as_bytes());
        let mac = blake3::keyed_hash(own.public_key().as_ref().try_into().unwrap(), parts[1].as_bytes());
        format!("{head}.{}.{}", parts[1], encode(mac.as_bytes()))
    });
    for typ in [json!("JWT"), json!("jwt"), json!("AT+JWT "), json!(""), json!(null), json!(1)] {
        bearer(&format!("typ {typ}"), sign(&with(header(), "typ", typ), &claims()));
    }
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/x5u")),
        ("jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(other.public_key().as_ref()) })),
        ("x5c", json!(["AA=="])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ] {
        bearer(&format!("header {name}"), sign(&with(header(), name, value), &claims()));
    }
    bearer("kid of nobody", sign(&with(header(), "kid", json!("0000000000000000")), &claims()));
    bearer("kid as a path", sign(&with(header(), "kid", json!("../../etc/passwd")), &claims()));
    for name in ["alg", "typ", "kid"] {
        bearer(&format!("header without {name}"), sign(&without(header(), name), &claims()));
    }
    bearer(
        "header twice alg",
        forge(&own, &format!("{{\"alg\":\"none\",{}", &header().to_string()[1..]), &claims().to_string()),
    );
    for name in ["iss", "aud", "sub", "exp", "iat", "grants"] {
        bearer(&format!("without {name}"), sign(&header(), &without(claims(), name)));
    }
    for (name, value) in [
        ("exp", json!(now - 60)),
        ("exp", json!(0)),
        ("exp", json!("9999999999")),
        ("exp", json!(-1)),
        ("nbf", json!(now + 600)),
        ("iat", json!(now + 600)),
        ("iss", json!("elsewhere")),
        ("iss", json!(["tiaokuai"])),
        ("iss", json!(["tiaokuai", "elsewhere"])),
        ("iss", json!(null)),
        ("aud", json!("elsewhere")),
        ("aud", json!(["tiaokuai"])),
        ("aud", json!({ "tiaokuai": true })),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("sub", json!("x".repeat(300))),
        ("grants", json!([])),
        ("grants", json!("ESTABLISHMENT_DIRECTOR")),
        ("grants", json!([{ "role": "EMPEROR" }])),
        ("grants", json!([{ "role": "ANALYST", "scope": "21x" }])),
        ("grants", json!([{ "role": "ANALYST", "scope": "" }])),
        ("grants", json!([{ "role": "ANALYST", "line": "dp_1" }])),
        ("grants", json!([{ "role": "ANALYST", "everywhere": true }])),
        ("grants", json!([{ "scope": "2106" }])),
        ("grants", json!([{ "role": "SYSTEM_ADMIN" }, { "role": "SECURITY_ADMIN" }])),
        ("grants", json!([{ "role": "AUDITOR" }, { "role": "ESTABLISHMENT_DIRECTOR" }])),
        ("grants", Value::Array(vec![json!({ "role": "ANALYST", "scope": "2106" }); 17])),
    ] {
        bearer(
            &format!("{name} {}", value.to_string().chars().take(40).collect::<String>()),
            sign(&header(), &with(claims(), name, value)),
        );
    }
    bearer("payload no object", forge(&own, &header().to_string(), "[]"));
    bearer("payload no json", forge(&own, &header().to_string(), "x"));
    bearer("header no json", forge(&own, "x", &claims().to_string()));
    bearer("too long", sign(&header(), &with(claims(), "pad", json!("x".repeat(9_000)))));
    bearer("empty", String::new());
    bearer("blank inside", good.replacen('.', ". ", 1));
    for value in ["", "Bearer", "Basic dGVzdDp0ZXN0", "bearer:x", "Token x", "null"] {
        cases.push((format!("header {value:?}"), value.to_owned()));
    }
    cases.push(("no scheme".to_owned(), good.clone()));
    cases.push(("other scheme".to_owned(), format!("JWT {good}")));
    cases.push(("two tokens".to_owned(), format!("Bearer {good}, Bearer {good}")));
    cases
}

const NUMBERS: &str = r#"{ division(code: "2106") { establishment { approved } } }"#;

#[test]
fn wrong_tokens_are_refused() {
    let client = server(BACKENDS[0]);
    let good = forge(&pair(), &header().to_string(), &claims().to_string());
    assert_eq!(
        client.with_token(&good).data(NUMBERS)["division"]["establishment"]["approved"],
        5292,
        "the forge works"
    );
    let cases = wrong();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut messages = std::collections::BTreeSet::new();
    for (name, authorization) in &cases {
        let answer = client.with_authorization(authorization).raw(NUMBERS, json!({}));
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "UNAUTHENTICATED"),
            "{name}: {}",
            answer.text
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{name}");
        assert!(answer.json().get("data").is_none(), "{name}");
        messages.insert(answer.json()["errors"][0]["message"].as_str().unwrap().to_owned());
    }
    // One sentence for all, and one for what has expired.
    assert!(messages.len() <= 2, "{messages:?}");
}

#[test]
fn no_token_is_the_public_and_a_token_is_its_grants() {
    let client = server(BACKENDS[0]);
    let viewer = "{ viewer { subject grants { role roleLabel scope line { name } } } }";
    assert_eq!(client.data(viewer)["viewer"], json!({ "subject": null, "grants": [] }));
    let data = client.with_token(&token("TOWNSHIP_CLERK", Some("610902111"), None)).data(viewer);
    assert_eq!(
        data["viewer"],
        json!({ "subject": "test", "grants": [{ "role": "TOWNSHIP_CLERK", "roleLabel": "乡镇经办", "scope": "610902111", "line": null }] })
    );
    let answer = client.raw(NUMBERS, json!({})).json();
    assert_eq!(answer["data"]["division"]["establishment"], json!(null));
    assert_eq!(answer["extensions"]["masked"], json!(["Division.establishment"]));
}

#[test]
fn the_scheme_is_read_in_any_case() {
    let client: Client = server(BACKENDS[0]);
    let good = token("ESTABLISHMENT_DIRECTOR", None, None);
    assert_eq!(
        client.with_authorization(&format!("bearer {good}")).data(NUMBERS)["division"]["establishment"]["approved"],
        5292
    );
}
