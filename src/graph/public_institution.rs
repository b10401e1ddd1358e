//! PublicInstitution: an institution of a township, or of the county.

use super::engine::{Code, Ref};
use super::{
    NodeFields, OrganizationFields, OrganizationRef, PatternedFields, PatternedRecord, TemporalFields,
};
use crate::domain::{CreditCode, PublicInstitutionClass};
use crate::snapshot::Handle;
use crate::{organization, record};
use tiaokuai_macros::fields;

#[fields(PublicInstitutionFields)]
impl<'v> Ref<'v, PublicInstitution> {
    /// Class (事业单位类别), such as 公益一类; null when it is not classed.
    #[field(Public, Open, filter, order)]
    pub fn class(self) -> Option<Code<PublicInstitutionClass>> {
        self.form()?.class.map(Code)
    }

    /// The organisation that sponsors it (举办单位); for an institution of a township the township.
    #[field(Public, Open, relation = anywhere)]
    pub fn sponsor(self) -> Option<OrganizationRef<'v>> {
        self.parent()
    }

    /// Unified social credit code (统一社会信用代码); null when none is registered.
    #[field(Public, Open, filter, order, example = "12990101MB00075608")]
    pub fn uscc(self) -> Option<CreditCode> {
        CreditCode::parse(self.view.text(self.key, self.version()?.uscc?))
    }
}

record! {
    /// A public institution (事业单位) of a township, such as 便民服务中心, or of the county. Source: the
    /// establishment ledger and the register of public institutions (机构编制台账、事业单位登记).
    PublicInstitution as "PublicInstitution" by Handle, implements ["Node", "Temporal", "Organization"],
    fields [
        NodeFields::<PublicInstitution>::FIELDS,
        TemporalFields::<PublicInstitution>::FIELDS,
        OrganizationFields::<PublicInstitution>::FIELDS,
        PatternedFields::<PublicInstitution>::FIELDS,
        PublicInstitutionFields::FIELDS,
    ],
    |view, at, rule| view.may_organization(rule, at)
}

organization!(PublicInstitution, PublicInstitution, [PublicInstitution]);

impl PatternedRecord for PublicInstitution {}
