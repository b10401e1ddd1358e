//! What is done on a desk for an order, and what is said of it.

use crate::act::{
    Basis, DraftWork, Notice, Problem, Refusals, carry_out, handle_draft, may_release, register_document,
    register_reform,
};
use crate::domain::{CodeList, Day, ErrorCode, Fault, RecordKind};
use crate::policy::{Batch, Paper, Reply, Said, Stop};
use crate::store::Desk;
use serde::{Deserialize, Serialize};

/// What acts said, as it is kept with a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Told {
    objects: Vec<i64>,
    kinds: Vec<String>,
    warnings: Vec<(Option<usize>, Notice)>,
    reform: Option<i64>,
    draft: Option<i64>,
    on: String,
    home: i32,
    /// Whether it was a correction, of what held on the day.
    #[serde(default)]
    corrects: bool,
}

/// Does on a desk what a batch is for.
pub fn on_desk(desk: &mut Desk, batch: &Batch, who: &str) -> Result<Told, Stop> {
    let draft = |desk: &mut Desk, work, reform| {
        handle_draft(desk, batch.home, work, who, reform).map_err(Stop::whole)
    };
    match &batch.draft {
        None => carry_out_on(desk, batch),
        Some(work @ DraftWork::Release(id)) => {
            may_release(desk, *id, who).map_err(Stop::whole)?;
            let mut told = carry_out_on(desk, batch)?;
            told.draft = Some(draft(desk, work, told.reform)?);
            Ok(told)
        }
        Some(work) => {
            // Whoever drafts hears what would be refused; it is no reason not to keep the draft.
            let tried =
                if batch.acts.is_empty() { None } else { carry_out_on(&mut desk.clone(), batch).err() };
            let mut told = Told::of(batch);
            if let Some(Stop::Refused(all)) = tried {
                told.warnings.extend(all);
            }
            told.draft = Some(draft(desk, work, None)?);
            Ok(told)
        }
    }
}

/// Carries out the acts of a batch on a desk.
fn carry_out_on(desk: &mut Desk, batch: &Batch) -> Result<Told, Stop> {
    let document = match &batch.paper {
        None => None,
        Some(Paper::Known(id)) => Some(*id),
        Some(Paper::New(new)) => Some(register_document(desk, batch.home, new).map_err(Stop::whole)?),
    };
    let reform = batch.reform.as_ref();
    let reform = reform.map(|name| register_reform(desk, batch.home, name, batch.on, document)).transpose();
    let reform = reform.map_err(Stop::whole)?;
    let basis = Basis { on: batch.on, document, reform };
    let done = carry_out(desk, &basis, &batch.acts);
    let refused = |all: Refusals| Stop::Refused(all.into_iter().map(|(at, why)| (Some(at), why)).collect());
    let carried = done.map_err(refused)?;
    let warnings = carried.warnings.into_iter().map(|(at, notice)| (Some(at), notice)).collect();
    Ok(Told { objects: carried.objects, warnings, reform, ..Told::of(batch) })
}

impl Told {
    /// What is said of a batch in any case.
    fn of(batch: &Batch) -> Self {
        Self {
            objects: Vec::new(),
            kinds: batch
                .acts
                .iter()
                .filter_map(|act| act.kind().about())
                .map(|kind| kind.value().to_owned())
                .collect(),
            warnings: Vec::new(),
            reform: None,
            draft: None,
            on: batch.on.to_string(),
            home: batch.home,
            corrects: batch.acts.iter().any(|act| act.kind().is_correction()),
        }
    }
}

pub fn reply(told: Told, revision: Option<i64>) -> Reply {
    let warning = |(act, notice)| Said { act, notice, revisions: Vec::new() };
    Reply {
        objects: told.objects,
        kinds: told.kinds.iter().filter_map(|kind| RecordKind::parse(kind)).collect(),
        reform: told.reform,
        draft: told.draft,
        errors: Vec::new(),
        warnings: told.warnings.into_iter().map(warning).collect(),
        revision,
        acts_at: &[],
        // What an act did is seen from the day on which it takes effect.
        on: Day::parse(&told.on).filter(|on| told.corrects || *on > Day::today()),
        home: told.home,
    }
}

pub fn refusal(why: Vec<(Option<usize>, Notice)>) -> Reply {
    let said = |(act, notice): (_, Notice)| Said { act, revisions: notice.later.clone(), notice };
    Reply { errors: why.into_iter().map(said).collect(), ..Reply::default() }
}

pub fn only_reads() -> Fault {
    Fault::new(
        ErrorCode::Forbidden,
        "This server only reads: send changes to one that writes.",
        "本服务只读，请将变更发送至可写的服务。",
    )
}

pub fn key_taken() -> Reply {
    let notice = Notice::new(
        Problem::KeyTaken,
        "this idempotencyKey came with something else before: use a new one",
        "该 idempotencyKey 已用于其他操作，请更换",
    );
    refusal(vec![(None, notice.of("idempotencyKey"))])
}

pub fn conflict(revisions: Vec<i64>, home: i32) -> Reply {
    let list = revisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let notice = Notice::new(
        Problem::Conflict,
        format!("what is to be written changed since it was read, in revision {list}: read it again"),
        format!("所涉对象在读取之后已有变更（修订号 {list}），请重新读取后办理"),
    );
    Reply { errors: vec![Said { act: None, notice, revisions }], home, ..Reply::default() }
}
