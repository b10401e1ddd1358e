//! What offices and institutions have in common: setting patterns count them by form, field and featured.

use super::OrganizationRecord;
use super::engine::{Code, Ref};
use crate::domain::{OrganizationCategory, OrganizationField};
use tiaokuai_macros::fields;

/// An organisation that setting patterns count.
pub trait PatternedRecord: OrganizationRecord {}

#[fields(PatternedFields)]
impl<'v, T: PatternedRecord> Ref<'v, T> {
    /// Form, as patterns count it (机构形态): 办公室, 局, 中心, 站 or 综合行政执法队. Null when not classed.
    #[field(Public, Open, filter, order)]
    pub fn category(self) -> Option<Code<OrganizationCategory>> {
        self.form()?.category.map(Code)
    }

    /// Business field, which decides the slot it fills (业务领域); null when not classed.
    #[field(Public, Open, filter, order)]
    pub fn slot(self) -> Option<Code<OrganizationField>> {
        self.form()?.field.map(Code)
    }

    /// Whether it is a featured institution (特色机构), set for a local task.
    #[field(Public, Open, filter)]
    pub fn featured(self) -> bool {
        self.form().is_some_and(|v| v.featured)
    }
}
