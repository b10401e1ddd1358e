//! From what a client sends to an order: acts are read through the register as it is, and the viewer has to be allowed.

use super::Mutation;
use super::inputs::{ActInput, How, ReformInput};
use super::opening::{Opening, Read, allowed, county_range};
use super::payload::Payload;
use crate::act::{Act, DraftWork, is_near};
use crate::domain::{ActKind, Day, ErrorCode, Fault};
use crate::graph::engine::{Gid, Ref, Tag};
use crate::policy::{Batch, Order, Paper, Place, ReadBatch, Stop, View};
use async_graphql::{ID, InputType};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The longest key, in characters.
const LONGEST_KEY: usize = 64;

/// What is asked for, beside the acts.
#[derive(Clone)]
pub struct Wanted {
    /// The name of the mutation.
    pub field: &'static str,
    /// The county of a reform, and its name.
    pub reform: Option<(i32, String)>,
    /// How it is done.
    pub how: How,
}

/// What is wanted of a draft.
#[derive(Clone)]
pub enum OfDraft {
    /// It is written: in place of one that is there, or a new one.
    Write(Option<ID>, Box<ReformInput>),
    /// It is submitted.
    Submit(ID),
    /// It is returned, with a reason.
    Return(ID, String),
    /// It is released.
    Release(ID),
}

/// Reads acts through the register as it is when they are carried out.
fn read<A: ActInput>(view: &View, wanted: &Wanted, acts: &[A]) -> Result<Batch, Stop> {
    let on = wanted.how.effective_on.unwrap_or_else(Day::today);
    if !is_near(on) {
        return Err(Stop::Fault(Fault::input(
            format!("`effectiveOn` lies between 1949-10-01 and ten years from now, not on {on}."),
            format!("effectiveOn 应在 1949-10-01 至今后十年之间，而非 {on}。"),
        )));
    }
    let view = view.at(on);
    let mut opening = Opening::new(view);
    let (mut read, mut refused, mut stopped) = (Vec::new(), Vec::new(), false);
    for input in acts {
        match input.read(&mut opening) {
            Ok(act) => {
                opening.close(&act);
                read.push(act);
            }
            Err(Stop::Refused(why)) => {
                opening.skip();
                refused.extend(why);
                stopped = true;
            }
            Err(fault) => return Err(fault),
        }
    }
    if stopped {
        return Err(Stop::Refused(refused));
    }
    let with_log = read.iter().any(|act: &Act| act.reverses().is_some());
    let Read { mut hand, mut short, role, counties } = opening.finish();
    let home = wanted.reform.as_ref().map(|(county, _)| *county).or(counties.first().copied());
    let home = home.unwrap_or_default();
    let paper = paper(view, &wanted.how)?;
    // What is registered with the acts is registered in the county, whatever they are about.
    let registers = wanted.reform.as_ref().map(|_| ActKind::ReformRegister);
    let files = matches!(paper, Some(Paper::New(_))).then_some(ActKind::DocumentRegister);
    for act in registers.into_iter().chain(files) {
        let (least, _) = view.hand(act, Place::Territory(county_range(home)));
        if least < hand {
            (hand, short) = (least, Some(act));
        }
    }
    allowed(hand, short.unwrap_or(ActKind::ReformRegister), wanted.how.dry_run).map_err(Stop::Fault)?;
    Ok(Batch {
        home,
        counties: counties.into_iter().chain([home]).collect(),
        on,
        paper,
        reform: wanted.reform.as_ref().map(|(_, name)| name.clone()),
        acts: read,
        with_log,
        draft: None,
        role,
    })
}

/// Reads what is wanted of a draft.
fn read_draft(view: &View, wanted: &OfDraft, how: &How) -> Result<Batch, Stop> {
    let mut opening = Opening::new(view);
    match wanted {
        OfDraft::Write(id, input) => {
            // Who drafts only has to be allowed to try.
            let tried = Wanted { how: How { dry_run: true, ..input.how.clone() }, ..reform_of(input, "") };
            let mut batch = read(view, &tried, &input.acts)?;
            let act = ActKind::ReformDraftWrite;
            let (hand, role) = view.hand(act, Place::Territory(county_range(batch.home)));
            allowed(hand, act, how.dry_run).map_err(Stop::Fault)?;
            let draft = id.as_ref().map(|id| opening.draft(id, act, how.dry_run)).transpose()?;
            if draft.is_some_and(|(_, county)| county != batch.home) {
                return Err(Stop::Fault(Fault::input(
                    "A draft stays in its county: write a new one for another.",
                    "草案不得变更所属县，请另行起草。",
                )));
            }
            // How it was tried is of one request, and no part of the reform.
            let how =
                How { expected_version: None, idempotency_key: None, dry_run: false, ..input.how.clone() };
            let kept = ReformInput { how, ..ReformInput::clone(input) };
            let content =
                serde_json::to_string(&kept.to_value().into_json().unwrap_or_default()).unwrap_or_default();
            let draft = draft.map(|(id, _)| id);
            batch.draft = Some(DraftWork::Write { draft, name: input.name.clone(), content });
            batch.role = role;
            Ok(batch)
        }
        OfDraft::Submit(id) => {
            let (id, county) = opening.draft(id, ActKind::ReformDraftSubmit, how.dry_run)?;
            Ok(only_draft(view, county, DraftWork::Submit(id)))
        }
        OfDraft::Return(id, opinion) => {
            let (id, county) = opening.draft(id, ActKind::ReformDraftReturn, how.dry_run)?;
            Ok(only_draft(view, county, DraftWork::Return(id, opinion.clone())))
        }
        OfDraft::Release(id) => {
            let (id, county) = opening.draft(id, ActKind::ReformDraftRelease, how.dry_run)?;
            let input = content(view, id).filter(|input| input.within.shard().cast_signed() == county);
            let input = input.ok_or_else(|| {
                Stop::Fault(Fault::input(
                    "The draft was written by another release and cannot be read: write it anew.",
                    "草案由其他版本写成，无法读取，请重新起草。",
                ))
            })?;
            let mut released = reform_of(&input, "");
            released.how.dry_run = how.dry_run;
            let mut batch = read(view, &released, &input.acts)?;
            batch.draft = Some(DraftWork::Release(id));
            Ok(batch)
        }
    }
}

/// The reform that a draft holds.
fn content(view: &View, draft: i64) -> Option<ReformInput> {
    let draft = view.find_draft(draft)?;
    let json = serde_json::from_str(view.text(draft, view.draft_row(draft).content)).ok()?;
    ReformInput::parse(Some(async_graphql::Value::from_json(json).ok()?)).ok()
}

/// Something that is done with a draft alone.
fn only_draft(view: &View, home: i32, work: DraftWork) -> Batch {
    Batch {
        home,
        counties: BTreeSet::from([home]),
        on: Day::today(),
        paper: None,
        reform: None,
        acts: Vec::new(),
        with_log: false,
        role: view.hand(work.kind(), Place::Territory(county_range(home))).1,
        draft: Some(work),
    }
}

/// What is asked for with a reform.
pub fn reform_of(input: &ReformInput, field: &'static str) -> Wanted {
    let county = input.within.shard().cast_signed();
    Wanted { field, reform: Some((county, input.name.clone())), how: input.how.clone() }
}

fn paper(view: &View, how: &How) -> Result<Option<Paper>, Stop> {
    let Some(id) = &how.basis_id else {
        return Ok(how.basis.as_ref().map(|basis| Paper::New(basis.document())));
    };
    let opened = Gid::open(view.id_seal(), id).filter(|(tag, _)| *tag == Tag::Document);
    let found = opened.and_then(|(_, id)| id).filter(|id| view.find_document(*id).is_some());
    let one = how.basis.is_none();
    found.filter(|_| one).map(|id| Some(Paper::Known(id))).ok_or_else(|| {
        Stop::Fault(Fault::input(
            "`basisId` is the id of a document that you can see; give it or `basis`, not both.",
            "basisId 应为可查看的依据文件标识，且不得与 basis 同时使用。",
        ))
    })
}

impl<'v> Ref<'v, Mutation> {
    /// Carries out acts in the order in which they came.
    pub(super) fn carry_out<A: ActInput, P: Payload>(
        self,
        wanted: Wanted,
        acts: Vec<A>,
    ) -> Result<Ref<'v, P>, Fault> {
        let said: Vec<String> = acts.iter().map(|act| act.to_value().to_string()).collect();
        let once = once(&wanted.how, &[wanted.field, &format!("{:?}", wanted.reform), &said.concat()])?;
        let how = wanted.how.clone();
        let acts_at: &'static [&'static str] = if wanted.reform.is_some() { &["acts"] } else { &[] };
        self.order(once, &how, acts_at, Arc::new(move |view: &View| read(view, &wanted, &acts)))
    }

    /// Does something with a draft; `said` is the input as it came.
    pub(super) fn draft<P: Payload>(
        self,
        field: &'static str,
        wanted: OfDraft,
        how: How,
        said: &impl InputType,
    ) -> Result<Ref<'v, P>, Fault> {
        let once = once(&how, &[field, &said.to_value().to_string()])?;
        let asked = how.clone();
        self.order(
            once,
            &asked,
            &["reform", "acts"],
            Arc::new(move |view: &View| read_draft(view, &wanted, &how)),
        )
    }

    fn order<P: Payload>(
        self,
        once: Option<(String, String)>,
        how: &How,
        acts_at: &'static [&'static str],
        read: ReadBatch,
    ) -> Result<Ref<'v, P>, Fault> {
        if !self.view.viewer().is_signed_in() {
            return Err(Fault::new(
                ErrorCode::Forbidden,
                "The public changes nothing. Send a token with a role that may.",
                "公众不得变更登记，请使用有权角色的令牌。",
            ));
        }
        if self.view.explicit_day().is_some() {
            return Err(Fault::input(
                "The register is changed as it is today: send no X-Tiaokuai-As-Of; `effectiveOn` is the day of an act.",
                "变更以当前登记为准：请勿使用 X-Tiaokuai-As-Of；操作日期请用 effectiveOn。",
            ));
        }
        let order = Order { once, seen: how.expected_version, dry_run: how.dry_run, acts_at, read };
        Ok(Ref::new(self.view.carry_out(order)?, ()))
    }

    pub(super) fn one<A: ActInput, P: Payload>(
        self,
        field: &'static str,
        act: A,
        how: How,
    ) -> Result<Ref<'v, P>, Fault> {
        self.carry_out(Wanted { field, reform: None, how }, vec![act])
    }
}

/// The key of an order, and a hash of all that is asked with it.
fn once(how: &How, asked: &[&str]) -> Result<Option<(String, String)>, Fault> {
    let Some(key) = &how.idempotency_key else { return Ok(None) };
    if key.is_empty() || key.chars().count() > LONGEST_KEY || key.chars().any(char::is_control) {
        return Err(Fault::input(
            format!("`idempotencyKey` has 1 to {LONGEST_KEY} characters."),
            format!("idempotencyKey 应为 1 至 {LONGEST_KEY} 个字符。"),
        ));
    }
    let mut hasher = blake3::Hasher::new();
    for part in asked.iter().copied().chain([how.to_value().to_string().as_str()]) {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    Ok(Some((key.clone(), hasher.finalize().to_hex().to_string())))
}
