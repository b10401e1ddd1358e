//! From what a client sends to an order: acts are read through the register as it is, and the viewer has to be allowed.

use super::Mutation;
use super::inputs::{ActInput, How};
use super::opening::{Opening, allowed};
use super::payload::Payload;
use crate::domain::{ActKind, Day, ErrorCode, Fault};
use crate::graph::engine::{Gid, Ref, Tag};
use crate::policy::{Batch, Hand, Order, Paper, Stop, View};
use async_graphql::InputType;
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

/// Reads acts through the register as it is when they are carried out.
fn read<A: ActInput>(view: &View, wanted: &Wanted, acts: &[A]) -> Result<Batch, Stop> {
    let on = wanted.how.effective_on.unwrap_or_else(Day::today);
    let view = view.at(on);
    let mut opening = Opening::new(view);
    let mut read = Vec::new();
    for input in acts {
        let act = input.read(&mut opening)?;
        opening.close(&act);
        read.push(act);
    }
    let (hand, mut counties, first) = opening.finish();
    allowed(hand, wanted.how.dry_run).map_err(Stop::Fault)?;
    let home = match &wanted.reform {
        Some((county, _)) => *county,
        None => counties.first().copied().unwrap_or_default(),
    };
    counties.insert(home);
    let first = first.unwrap_or(ActKind::ReformRegister);
    let least = if wanted.how.dry_run { Hand::Try } else { Hand::Carry };
    Ok(Batch {
        home,
        counties,
        on,
        paper: paper(view, &wanted.how)?,
        reform: wanted.reform.as_ref().map(|(_, name)| name.clone()),
        acts: read,
        hand,
        role: view.acting_role(first, least),
    })
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
        let how = &wanted.how;
        let order = Order {
            once: once(&wanted, &acts)?,
            seen: how.expected_version,
            dry_run: how.dry_run,
            read: Arc::new(move |view: &View| read(view, &wanted, &acts)),
        };
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
fn once<A: ActInput>(wanted: &Wanted, acts: &[A]) -> Result<Option<(String, String)>, Fault> {
    let Some(key) = &wanted.how.idempotency_key else { return Ok(None) };
    if key.is_empty() || key.chars().count() > LONGEST_KEY {
        return Err(Fault::input(
            format!("`idempotencyKey` has 1 to {LONGEST_KEY} characters."),
            format!("idempotencyKey 应为 1 至 {LONGEST_KEY} 个字符。"),
        ));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(wanted.field.as_bytes());
    hasher.update(format!("{:?}", wanted.reform).as_bytes());
    hasher.update(wanted.how.to_value().to_string().as_bytes());
    for act in acts {
        hasher.update(act.to_value().to_string().as_bytes());
    }
    Ok(Some((key.clone(), hasher.finalize().to_hex().to_string())))
}
