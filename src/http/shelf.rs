//! Saved reports: who saves them, and how many.

use super::register::Register;
use crate::domain::{CodeList, DivisionCode, ErrorCode, Fault, date};
use crate::policy::{Sharing, Shelved, Viewer};
use crate::store::entity::saved_report::Model;

/// The most reports of a person.
const MOST: u64 = 200;

fn shelved(row: Model) -> Shelved {
    Shelved {
        id: row.id,
        owner: row.owner,
        name: row.name,
        description: row.description,
        input: row.input,
        sharing: Sharing::parse(&row.sharing).unwrap_or(Sharing::None),
        within: row.within.as_deref().and_then(DivisionCode::parse),
        at: row.at,
    }
}

fn row(report: &Shelved) -> Model {
    Model {
        id: report.id.clone(),
        owner: report.owner.clone(),
        name: report.name.clone(),
        description: report.description.clone(),
        input: report.input.clone(),
        sharing: report.sharing.value().to_owned(),
        within: report.within.map(|code| code.to_string()),
        at: report.at.clone(),
    }
}

impl Register {
    /// The saved reports that a viewer may run.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn shelf(&self, viewer: &Viewer) -> Result<Vec<Shelved>, Fault> {
        let Some(owner) = &viewer.subject else { return Ok(Vec::new()) };
        let all = self.store.saved_reports(owner).await.map_err(|error| self.unavailable(&error))?;
        Ok(all.into_iter().map(shelved).filter(|report| report.is_for(viewer)).collect())
    }

    /// Saves a report.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`, `UNAVAILABLE`.
    pub async fn shelve(&self, mut report: Shelved) -> Result<Shelved, Fault> {
        self.writes()?;
        report.at = date::now_text();
        if report.id.is_empty() {
            let had = self.store.count_saved_reports(&report.owner).await;
            if had.map_err(|error| self.unavailable(&error))? >= MOST {
                return Err(Fault::input(
                    format!("You have {MOST} saved reports: remove one first."),
                    format!("您已保存 {MOST} 个报表，请先删除不用的报表。"),
                ));
            }
            let mut id = [0; 10];
            getrandom::fill(&mut id).map_err(|_| Fault::plain(ErrorCode::Internal))?;
            report.id = data_encoding::BASE32_NOPAD.encode(&id).to_ascii_lowercase();
            self.store.save_report(row(&report)).await.map_err(|error| self.unavailable(&error))?;
            return Ok(report);
        }
        let replaced =
            self.store.replace_report(row(&report)).await.map_err(|error| self.unavailable(&error))?;
        if replaced { Ok(report) } else { Err(missing()) }
    }

    /// Removes a report of an owner.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn unshelve(&self, id: &str, owner: &str) -> Result<bool, Fault> {
        self.writes()?;
        self.store.remove_report(id, owner).await.map_err(|error| self.unavailable(&error))
    }
}

fn missing() -> Fault {
    Fault::input(
        "You have no saved report with this id: `savedReports` lists yours.",
        "您没有该标识的报表，请用 savedReports 查询。",
    )
}
