//! Inputs that come as JSON and not as a document: what validation of a document would find, found here.

use super::adapter::input_fields;
use crate::graph::no_value;
use async_graphql::registry::Registry;
use async_graphql::{InputType, Pos, Value};
use serde_json::Value as Json;

/// Reads an input that was written as JSON.
///
/// # Errors
/// What is wrong with it, in English.
pub fn read_json<T: InputType>(written: &Json) -> Result<T, String> {
    let mut registry = Registry::default();
    let ty = T::create_type_info(&mut registry);
    unknown(&registry, &ty, written, &mut String::new())?;
    let value = Value::from_json(written.clone()).map_err(|_| "it is no JSON object".to_owned())?;
    T::parse(Some(value)).map_err(|error| error.into_server_error(Pos::default()).message)
}

/// Refuses keys that an input object does not have, wherever they stand.
fn unknown(registry: &Registry, ty: &str, written: &Json, path: &mut String) -> Result<(), String> {
    let name = ty.trim_matches(['[', ']', '!']);
    match written {
        Json::Array(items) => items.iter().try_for_each(|item| unknown(registry, ty, item, path)),
        Json::Object(fields) => {
            let Some(known) = input_fields(registry, name) else { return Ok(()) };
            for (key, value) in fields {
                let Some((_, field)) = known.iter().find(|(known, _)| known == key) else {
                    let all: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
                    return Err(format!("`{path}{key}` is unknown: {name} has {}", all.join(", ")));
                };
                let length = path.len();
                path.push_str(key);
                path.push('.');
                unknown(registry, field, value, path)?;
                path.truncate(length);
            }
            Ok(())
        }
        Json::Null => Ok(()),
        other => plain(registry, name, other, path.trim_end_matches('.')),
    }
}

/// Refuses what is no object where one is wanted, and values that an enumeration does not have.
fn plain(registry: &Registry, name: &str, written: &Json, path: &str) -> Result<(), String> {
    if let Some(known) = input_fields(registry, name) {
        let all: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        return Err(match &all[..] {
            [only] => format!("`{path}`: write {{\"{only}\": {written}}} instead of {written}"),
            all => format!("`{path}`: {written} is no {name}, which has {}", all.join(", ")),
        });
    }
    let unknown = written.as_str().and_then(|text| no_value(path, name, text));
    unknown.map_or(Ok(()), |(en, _)| Err(en.trim_end_matches('.').to_owned()))
}
