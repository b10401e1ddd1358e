//! Drafts of reforms (改革方案草案): written, submitted, returned, released.

use super::notice::{Notice, Problem, fits};
use crate::domain::drafting::{DraftState, DraftStep, after};
use crate::domain::{ActKind, CodeList};
use crate::store::Desk;
use crate::store::entity::reform_draft::Model;

/// The longest content, in bytes.
const CONTENT: usize = 256 << 10;
/// The most drafts that somebody has under way in a county.
const MOST: usize = 50;

/// What is done with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftWork {
    /// It is written: a new one, or another content of one that is there.
    Write {
        /// The draft; a new one when absent.
        draft: Option<i64>,
        /// Name of the reform.
        name: String,
        /// The acts and how they are done, as JSON.
        content: String,
    },
    /// It is submitted for review.
    Submit(i64),
    /// It is returned to its author, with a reason.
    Return(i64, String),
    /// It is released: the acts of the batch are its acts, and they are carried out.
    Release(i64),
}

impl DraftWork {
    /// What it is called in the log.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Write { .. } => ActKind::ReformDraftWrite,
            Self::Submit(_) => ActKind::ReformDraftSubmit,
            Self::Return(..) => ActKind::ReformDraftReturn,
            Self::Release(_) => ActKind::ReformDraftRelease,
        }
    }
}

/// Does something with a draft, as somebody, and gives its id. `reform` is what became of one that is released.
///
/// # Errors
/// A step that does not follow, or is for another person; texts that are too long or empty.
pub fn handle_draft(
    desk: &mut Desk,
    shard: i32,
    work: &DraftWork,
    who: &str,
    reform: Option<i64>,
) -> Result<i64, Notice> {
    let id = match work {
        DraftWork::Write { draft, name, content } => {
            if !fits(name, 100) || content.len() > CONTENT {
                return Err(Notice::new(
                    Problem::OutOfRange,
                    "a reform has a name of 1 to 100 characters, without spaces around it, and fits into 256 KiB",
                    "改革名称应为 1 至 100 个字符，首尾无空格，内容不超过 256 KiB",
                ));
            }
            match draft {
                Some(id) => {
                    let (mut row, state) = take(desk, *id, DraftStep::Write, who)?;
                    (row.state, row.name, row.content) = (state, name.clone(), content.clone());
                    desk.reform_draft.put(row);
                    *id
                }
                None => {
                    let open = |row: &&Model| row.author == who && row.state != DraftState::Released.value();
                    if desk.reform_draft.iter().filter(open).count() >= MOST {
                        return Err(Notice::new(
                            Problem::OutOfRange,
                            format!(
                                "nobody has more than {MOST} drafts that are not released: write one of them anew"
                            ),
                            format!("每人未核准的草案不超过 {MOST} 份，请修改已有草案"),
                        ));
                    }
                    let id = super::new_id(desk, shard)?;
                    desk.reform_draft.put(Model {
                        id,
                        shard,
                        name: name.clone(),
                        state: DraftState::Draft.value().to_owned(),
                        content: content.clone(),
                        author: who.to_owned(),
                        reviewer: None,
                        opinion: None,
                        reform_id: None,
                    });
                    id
                }
            }
        }
        DraftWork::Submit(id) => {
            let (mut row, state) = take(desk, *id, DraftStep::Submit, who)?;
            row.state = state;
            desk.reform_draft.put(row);
            *id
        }
        DraftWork::Return(id, opinion) => {
            if !fits(opinion, 500) {
                return Err(Notice::new(
                    Problem::OutOfRange,
                    "say in 1 to 500 characters, on one line, why it is returned",
                    "请以 1 至 500 个字符（单行）说明退回理由",
                )
                .of("opinion"));
            }
            let (mut row, state) = take(desk, *id, DraftStep::Return, who)?;
            (row.state, row.reviewer, row.opinion) = (state, Some(who.to_owned()), Some(opinion.clone()));
            desk.reform_draft.put(row);
            *id
        }
        DraftWork::Release(id) => {
            let (mut row, state) = take(desk, *id, DraftStep::Release, who)?;
            (row.state, row.reviewer, row.reform_id) = (state, Some(who.to_owned()), reform);
            desk.reform_draft.put(row);
            *id
        }
    };
    desk.close(work.kind(), None);
    Ok(id)
}

/// Whether somebody may release a draft as it is.
///
/// # Errors
/// Why not.
pub fn may_release(desk: &Desk, draft: i64, who: &str) -> Result<(), Notice> {
    take(desk, draft, DraftStep::Release, who).map(drop)
}

/// A draft for which a step comes next, by somebody who may take it; and its state after that.
fn take(desk: &Desk, id: i64, step: DraftStep, who: &str) -> Result<(Model, String), Notice> {
    let row = desk
        .reform_draft
        .get(&id)
        .cloned()
        .ok_or_else(|| Notice::new(Problem::NotFound, "there is no such draft", "不存在该草案"))?;
    let next = DraftState::parse(&row.state).and_then(|state| after(state, step));
    let Some((state, own)) = next else {
        return Err(Notice::new(
            Problem::WrongState,
            format!(
                "the draft is {}: that does not come next (written, submitted, then returned or released)",
                row.state
            ),
            "草案当前状态不能进行该操作",
        ));
    };
    if own != (row.author == who) {
        return Err(if own {
            Notice::new(
                Problem::WrongPerson,
                "only its author writes and submits a draft",
                "草案只能由起草人修改和提交",
            )
        } else {
            Notice::new(
                Problem::WrongPerson,
                "who wrote a draft does not review it: another person does",
                "起草人不得审核本人草案，须由他人办理",
            )
        });
    }
    Ok((row, state.value().to_owned()))
}
