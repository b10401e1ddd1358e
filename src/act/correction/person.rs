//! Corrections of what is registered of somebody.

use super::{PersonCorrection, changed, no_such, set, set_code, set_text};
use crate::act::Acting;
use crate::act::notice::Notice;
use crate::act::person::good_name;

impl Acting<'_> {
    pub(in crate::act) fn correct_person(&mut self, id: i64, new: &PersonCorrection) -> Result<i64, Notice> {
        let before = self.desk.person.get(&id).cloned().ok_or_else(no_such)?;
        new.name.as_deref().map_or(Ok(()), good_name)?;
        self.good_number(new.id_number.as_deref(), Some(id))?;
        let mut after = before.clone();
        set(&mut after.name, new.name.as_ref());
        set_code(&mut after.identity, new.identity);
        set_text(&mut after.birth_date, new.birth_date.map(|day| day.to_string()).as_deref());
        set_text(&mut after.id_number, new.id_number.as_deref());
        changed(&before, &after)?;
        self.desk.person.put(after);
        Ok(id)
    }
}
