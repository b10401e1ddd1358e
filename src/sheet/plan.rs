//! The plan of a workbook: for each row whether it makes something, changes something, says what is there already, or is wrong. Rows are
//! judged by the acts that they stand for, on the desk on which they are carried out, each after those before it.

use super::book::Table;
use super::columns::Sheet;
use super::row::{Cells, Fault};
use super::{people, rows};
use crate::act::{Act, Basis, Notice, carry_out};
use crate::code_list;
use crate::domain::{ActKind, CodeList, Day, DivisionCode};
use crate::store::Desk;
use serde::{Deserialize, Serialize};

code_list! {
    /// What becomes of a row (导入结果).
    Outcome {
        Create = "CREATE", "新增", "makes something";
        Update = "UPDATE", "变更", "changes something";
        Unchanged = "UNCHANGED", "无变化", "is so already";
        Error = "ERROR", "错误", "is wrong";
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The sheet.
    pub sheet: String,
    /// The row in the file: the heading is row 1.
    pub row: usize,
    /// What becomes of it.
    pub outcome: String,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// What becomes of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Each row that is not empty.
    pub rows: Vec<Planned>,
    /// Hash of what it does: it is applied by this.
    pub hash: String,
}

impl Plan {
    /// How many rows have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == outcome.value()).count()
    }

    /// What is wrong with a row.
    #[must_use]
    pub fn faults(&self, sheet: Sheet, row: usize) -> &[Fault] {
        let found = self.rows.iter().find(|planned| planned.sheet == sheet.value() && planned.row == row);
        found.map_or(&[], |planned| &planned.faults)
    }
}

/// What a workbook is for.
pub struct Wanted<'w> {
    /// The county.
    pub county: DivisionCode,
    /// The day on which takes effect what names no day of its own.
    pub on: Day,
    /// Basis document, which lies on the desk.
    pub document: Option<i64>,
    /// Whether an act may be done in a division.
    pub may: &'w dyn Fn(ActKind, DivisionCode) -> bool,
}

/// What a row stands for: acts, each on a day; none when it is so already.
pub struct Meant {
    /// The acts and their days.
    pub acts: Vec<(Day, Act)>,
    /// Where they are done.
    pub place: DivisionCode,
    /// Whether something is made that was not there.
    pub creates: bool,
}

/// Plans a workbook on a desk, on which all of its acts are carried out. `each` hears how many rows are done.
pub fn plan(desk: &mut Desk, tables: &[Table], wanted: &Wanted<'_>, each: &mut dyn FnMut(usize)) -> Plan {
    let (mut rows, mut hasher) = (Vec::new(), blake3::Hasher::new());
    // A plan is of the register as it is: what was taken back since can be imported again.
    hasher.update(&desk.revision().to_le_bytes());
    for table in tables {
        for (at, row) in (2..).zip(&table.rows) {
            let mut cells = Cells::new(table.sheet, &table.heading, row);
            if cells.is_empty() {
                continue;
            }
            let outcome = take(desk, table.sheet, &mut cells, wanted);
            let faults = std::mem::take(&mut cells.faults);
            hasher.update(format!("{:?} {at} {outcome:?} {row:?} {faults:?}\n", table.sheet).as_bytes());
            let sheet = table.sheet.value().to_owned();
            each(rows.len());
            rows.push(Planned { sheet, row: at, outcome: outcome.value().to_owned(), faults });
        }
    }
    Plan { rows, hash: hasher.finalize().to_hex().to_string() }
}

fn take(desk: &mut Desk, sheet: Sheet, cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Outcome {
    let meant = match sheet {
        Sheet::Organizations => rows::organization(desk, cells, wanted),
        Sheet::Establishment => rows::establishment(desk, cells, wanted),
        Sheet::Posts => rows::post(desk, cells, wanted),
        Sheet::People => people::person(desk, cells, wanted),
        Sheet::Appointments => people::appointment(desk, cells, wanted),
    };
    cells.check();
    let Some(meant) = meant.filter(|_| cells.faults.is_empty()) else { return Outcome::Error };
    if meant.acts.is_empty() {
        return Outcome::Unchanged;
    }
    for (on, act) in &meant.acts {
        if !(wanted.may)(act.kind(), meant.place) {
            let item = act.kind().item();
            let fault = Fault::new(
                None,
                format!("none of your roles may do this here: {}", item.en),
                format!("您的角色无权办理：{}", item.zh),
            );
            cells.faults.push(fault);
            return Outcome::Error;
        }
        let basis = Basis { on: *on, document: wanted.document, reform: None };
        if let Err(refusals) = carry_out(desk, &basis, std::slice::from_ref(act)) {
            cells.faults.extend(refusals.iter().map(|(_, notice)| said(notice)));
            return Outcome::Error;
        }
    }
    if meant.creates { Outcome::Create } else { Outcome::Update }
}

/// What an act says, of the row as a whole.
fn said(notice: &Notice) -> Fault {
    Fault::new(None, notice.en.clone(), notice.zh.clone())
}
