//! Values of the library as JSON, with the bytes that the writer made spliced in.

use async_graphql::Value;

/// Writes a value. Bytes are JSON already.
pub fn json(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Binary(bytes) => out.extend_from_slice(bytes),
        Value::Object(fields) => {
            out.push(b'{');
            for (at, (key, value)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                // GraphQL names need no escapes.
                out.push(b'"');
                out.extend_from_slice(key.as_bytes());
                out.extend_from_slice(b"\":");
                json(value, out);
            }
            out.push(b'}');
        }
        Value::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                json(item, out);
            }
            out.push(b']');
        }
        // Writing into memory does not fail.
        value => drop(serde_json::to_writer(out, value)),
    }
}
