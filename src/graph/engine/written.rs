//! Inputs that come as JSON and not as a document: what validation of a document would find, found here.

use super::adapter::input_fields;
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
        _ => Ok(()),
    }
}
