//! DatedName: a name that somebody or something had for a time.

use super::engine::{Ref, Text};
use crate::domain::{Day, Validity};
use crate::record;
use crate::snapshot::{Handle, Sym};
use tiaokuai_macros::fields;

/// A former name.
#[derive(Clone, Copy)]
pub struct DatedNameKey {
    pub(super) at: Handle,
    pub(super) name: Sym,
    pub(super) validity: Validity,
}

#[fields(DatedNameFields)]
impl<'v> Ref<'v, DatedName> {
    /// The name (名称).
    #[field(Public, Open, filter, example = "农业技术推广站")]
    pub fn name(self) -> Text<'v> {
        Text(self.view.text(self.key.at, self.key.name))
    }

    /// First day of the name (起始日期); null when that was before the register begins.
    #[field(Public, Open, filter)]
    pub fn from(self) -> Option<Day> {
        self.key.validity.from.bound()
    }

    /// First day on which the name no longer held (终止日期).
    #[field(Public, Open, filter)]
    pub fn to_(self) -> Option<Day> {
        self.key.validity.to.bound()
    }
}

record! {
    /// A name in a time (曾用名). Source: the versions of its owner.
    DatedName as "DatedName" by DatedNameKey, implements [], fields [DatedNameFields::FIELDS], |_view, _at, _rule| true
}
