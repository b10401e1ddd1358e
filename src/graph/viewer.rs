//! The viewer: who asks, with which grants.

use super::Department;
use super::engine::{Code, Ref, Text};
use crate::domain::{DivisionCode, Role};
use crate::policy::Grant;
use crate::record;
use tiaokuai_macros::fields;

#[fields(ViewerFields)]
impl<'v> Ref<'v, ViewerOf> {
    /// Subject of the token (令牌主体); null for the public.
    #[field(Public, Open, example = "zhang.san")]
    pub fn subject(self) -> Option<Text<'v>> {
        self.view.viewer().subject.as_deref().map(Text)
    }

    /// The grants of the token (授权); empty for the public. At most 16.
    #[field(Public, Open)]
    pub fn grants(self) -> Vec<Ref<'v, GrantOf>> {
        (0..self.view.viewer().grants.len()).map(|at| self.to(at)).collect()
    }
}

record! {
    /// Who asks (当前访问者).
    ViewerOf as "Viewer" by (), implements [], fields [ViewerFields::FIELDS], |_view, _at, _rule| true
}

impl<'v> Ref<'v, GrantOf> {
    fn grant(self) -> &'v Grant {
        &self.view.viewer().grants[self.key]
    }
}

#[fields(GrantFields)]
impl<'v> Ref<'v, GrantOf> {
    /// The role (角色).
    #[field(Public, Open)]
    pub fn role(self) -> Code<Role> {
        Code(self.grant().role)
    }

    /// The territory in which the role counts (块); everywhere when null.
    #[field(Public, Open, example = "610902111")]
    pub fn scope(self) -> Option<DivisionCode> {
        self.grant().scope.territory
    }

    /// The department in whose line the role counts (条); in all lines when null.
    #[field(Public, Open)]
    pub fn line(self) -> Option<Ref<'v, Department>> {
        Some(self.to(self.view.find_organization(self.grant().scope.line?)?))
    }
}

record! {
    /// A grant (授权): a role within a scope.
    GrantOf as "Grant" by usize, implements [], fields [GrantFields::FIELDS], |_view, _at, _rule| true
}
