//! Corrections of what is registered of a body.

use super::{OrganizationCorrection, changed, missing, set, set_code, set_text, some};
use crate::act::Acting;
use crate::act::notice::{Notice, Problem, fits_if_any};
use crate::act::organization::NAME;
use crate::domain::{CodeList, CreditCode, OrganizationKind};

impl Acting<'_> {
    pub(in crate::act) fn correct_organization(
        &mut self,
        id: i64,
        new: &OrganizationCorrection,
    ) -> Result<i64, Notice> {
        let found = self.desk.organization.get(&id).zip(self.version_of(id));
        let before = found.map(|(body, version)| (body.clone(), version.clone()));
        let before = before.ok_or_else(|| missing(&self.on))?;
        let (mut body, mut version) = before.clone();
        if let Some(name) = &new.name {
            self.good_name(name, &version.division_code, Some(id))?;
        }
        let (short_name, functions) = (some(new.short_name.as_deref()), some(new.functions.as_deref()));
        fits_if_any("shortName", ["a short name", "简称"], short_name, NAME)?;
        fits_if_any("functions", ["a text of duties", "主要职责"], functions, 2_000)?;
        self.good_kind(&body.kind, new)?;
        self.good_credit_code(id, some(new.uscc.as_deref()))?;
        set(&mut version.name, new.name.as_ref());
        set_text(&mut version.short_name, new.short_name.as_deref());
        set_code(&mut version.rank, new.rank);
        set_code(&mut version.category, new.category);
        set_code(&mut version.field, new.field);
        set(&mut version.featured, new.featured.as_ref());
        set_code(&mut version.class, new.class);
        set_code(&mut version.agency_kind, new.agency_kind);
        set_code(&mut version.management_mode, new.management_mode);
        set_text(&mut version.uscc, new.uscc.as_deref());
        set_text(&mut version.functions, new.functions.as_deref());
        set(&mut body.disclosed, new.disclosed.as_ref());
        let after = (body, version);
        changed(&before, &after)?;
        self.desk.organization.put(after.0);
        self.desk.organization_version.put(after.1);
        Ok(id)
    }

    fn good_kind(&self, kind: &str, new: &OrganizationCorrection) -> Result<(), Notice> {
        let kind = OrganizationKind::parse(kind);
        let of_agency = new.agency_kind.is_some() || new.management_mode.is_some();
        let wrong_agency = of_agency && kind != Some(OrganizationKind::SecondedAgency);
        if !wrong_agency && (new.class.is_none() || kind == Some(OrganizationKind::PublicInstitution)) {
            return Ok(());
        }
        Err(Notice::new(
            Problem::WrongKind,
            "only an agency has a kind and a management mode, only an institution a class",
            "仅派驻机构有派驻机构类别和管理体制，仅事业单位有事业单位分类",
        )
        .of(match (wrong_agency, new.agency_kind) {
            (true, Some(_)) => "agencyKind",
            (true, None) => "managementMode",
            (false, _) => "class",
        }))
    }

    fn good_credit_code(&mut self, id: i64, code: Option<&str>) -> Result<(), Notice> {
        let Some(code) = code else { return Ok(()) };
        let Some(read) = CreditCode::parse(code) else {
            return Err(Notice::new(
                Problem::OutOfRange,
                "a unified social credit code has 18 digits and capital letters without I O S V Z",
                "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）",
            )
            .of("uscc"));
        };
        let mut rows = self.desk.organization_version.iter();
        if rows.any(|row| row.organization_id != id && row.uscc.as_deref() == Some(code)) {
            return Err(Notice::new(
                Problem::Duplicate,
                "another body of the county has the code",
                "统一社会信用代码已登记于本县其他机构",
            )
            .of("uscc"));
        }
        if !read.check_holds() {
            self.warnings.push(Notice::new(
                Problem::OutOfRange,
                format!("the check character of {code} does not hold"),
                format!("{code} 校验码不符"),
            ));
        }
        Ok(())
    }
}
