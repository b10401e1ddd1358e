//! Reforms (机构改革): acts that take effect together.

use super::notice::{Notice, Problem, fits};
use crate::domain::{ActKind, Day};
use crate::store::Desk;
use crate::store::entity::reform::Model;

/// Registers a reform of a county and returns its id.
///
/// # Errors
/// A name that is too long or empty; another reform of that name on the day.
pub fn register_reform(
    desk: &mut Desk,
    shard: i32,
    name: &str,
    on: Day,
    document: Option<i64>,
) -> Result<i64, Notice> {
    if !fits(name, 100) {
        return Err(Notice::new(
            Problem::OutOfRange,
            "a reform has a name of 1 to 100 characters, without spaces around it",
            "改革名称应为 1 至 100 个字符，首尾无空格",
        ));
    }
    let effective_on = on.to_string();
    if desk.reform.iter().any(|row| row.name == name && row.effective_on == effective_on) {
        return Err(Notice::new(
            Problem::Duplicate,
            format!("a reform called {name} takes effect on {on} already"),
            format!("{on}已有同名改革：{name}"),
        ));
    }
    let id = super::new_id(desk, shard)?;
    desk.reform.put(Model { id, shard, name: name.to_owned(), effective_on, document_id: document });
    desk.close(ActKind::ReformRegister, document);
    Ok(id)
}
