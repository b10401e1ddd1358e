//! How far imports have come, for those who sent them: what is told of one is gone when it has ended.

use super::Viewer;
use crate::code_list;
use crate::domain::{ErrorCode, Fault};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The longest name of an import, in characters.
const LONGEST: usize = 64;
/// The most imports of a person that are watched at a time.
const MOST: usize = 8;
/// The most that are watched in all.
const ALL: usize = 1_000;

code_list! {
    /// How far an import has come (导入阶段).
    ImportStage {
        Awaited = "AWAITED", "等待上传", "not come yet";
        Judging = "JUDGING", "逐行校验", "judging rows";
        Ending = "ENDING", "收尾中", "rows are judged, ending";
        Ended = "ENDED", "已结束", "ended";
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub stage: ImportStage,
    /// Rows that are judged.
    pub judged: usize,
    /// All rows.
    pub rows: usize,
}

/// Who sent an import, and what it is called by them.
type Name = (String, String);
type Running = Mutex<BTreeMap<Name, Arc<watch::Sender<Progress>>>>;

/// The imports that are watched.
#[derive(Debug, Default)]
pub struct Imports {
    running: Arc<Running>,
}

/// Who imports: somebody who is known.
///
/// # Errors
/// `FORBIDDEN` for the public.
pub fn importer(viewer: &Viewer) -> Result<&str, Fault> {
    viewer.subject.as_deref().filter(|_| viewer.is_signed_in()).ok_or_else(|| {
        Fault::new(
            ErrorCode::Forbidden,
            "The public imports nothing. Send a token with a role that may.",
            "公众不得导入，请使用有权角色的令牌。",
        )
    })
}

impl Imports {
    /// Watches an import of somebody: one that has begun, or is to begin.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a name that is too long or empty, and when there is no room for another.
    pub fn watch(&self, who: &str, name: &str) -> Result<watch::Receiver<Progress>, Fault> {
        self.sender((who.to_owned(), name.to_owned())).map(|sender| sender.subscribe())
    }

    /// Begins an import of somebody.
    ///
    /// # Errors
    /// As above.
    pub fn begin(&self, who: &str, name: &str, rows: usize) -> Result<Importing, Fault> {
        let name = (who.to_owned(), name.to_owned());
        let told = self.sender(name.clone())?;
        told.send_replace(Progress { stage: ImportStage::Judging, judged: 0, rows });
        Ok(Importing { running: self.running.clone(), name, told })
    }

    fn sender(&self, name: Name) -> Result<Arc<watch::Sender<Progress>>, Fault> {
        if name.1.is_empty() || name.1.chars().count() > LONGEST {
            return Err(Fault::input(
                format!("`watch` has 1 to {LONGEST} characters."),
                format!("watch 应为 1 至 {LONGEST} 个字符。"),
            ));
        }
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // One that nobody watches and nobody sends was given up.
        running.retain(|_, told| Arc::strong_count(told) > 1 || told.receiver_count() > 0);
        if let Some(told) = running.get(&name) {
            return Ok(told.clone());
        }
        let own = running.keys().filter(|(who, _)| *who == name.0).count();
        if own >= MOST || running.len() >= ALL {
            return Err(Fault::input(
                format!(
                    "At most {MOST} imports of yours are watched at a time: end one of those subscriptions first."
                ),
                format!("同时跟踪的导入最多 {MOST} 个，请先结束其他订阅。"),
            ));
        }
        let told = Arc::new(watch::Sender::new(Progress { stage: ImportStage::Awaited, judged: 0, rows: 0 }));
        running.insert(name, told.clone());
        Ok(told)
    }
}

/// An import that runs. It has ended when this is gone.
#[derive(Debug)]
pub struct Importing {
    running: Arc<Running>,
    name: Name,
    told: Arc<watch::Sender<Progress>>,
}

impl Importing {
    /// So many rows are judged.
    pub fn judged(&self, judged: usize) {
        self.told.send_if_modified(|progress| {
            let step = (progress.rows / 100).max(1);
            let told = judged >= progress.rows || judged >= progress.judged + step;
            if told {
                progress.judged = judged;
            }
            told
        });
    }

    /// All rows are judged.
    pub fn ending(&self) {
        self.told.send_modify(|progress| {
            (progress.stage, progress.judged) = (ImportStage::Ending, progress.rows);
        });
    }
}

impl Drop for Importing {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // Another of the name may have begun.
        if running.get(&self.name).is_some_and(|told| Arc::ptr_eq(told, &self.told)) {
            running.remove(&self.name);
        }
        drop(running);
        self.told.send_modify(|progress| progress.stage = ImportStage::Ended);
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportStage, Imports, MOST};

    #[test]
    fn an_import_is_followed_from_before_its_beginning_to_its_end() {
        let imports = Imports::default();
        let mut seen = imports.watch("clerk", "a").expect("room");
        assert_eq!(seen.borrow_and_update().stage, ImportStage::Awaited);
        let other = imports.watch("colleague", "a").expect("room");
        let importing = imports.begin("clerk", "a", 1_000).expect("room");
        importing.judged(5);
        assert_eq!(seen.borrow_and_update().judged, 0, "every hundredth part is told");
        importing.judged(10);
        let now = *seen.borrow_and_update();
        assert_eq!((now.judged, now.rows), (10, 1_000));
        importing.ending();
        let now = *seen.borrow_and_update();
        assert_eq!((now.stage, now.judged), (ImportStage::Ending, 1_000));
        drop(importing);
        assert_eq!(seen.borrow_and_update().stage, ImportStage::Ended);
        assert_eq!(other.borrow().stage, ImportStage::Awaited, "each has its own");
        let held: Vec<_> = (0..MOST).filter_map(|n| imports.watch("clerk", &n.to_string()).ok()).collect();
        assert_eq!(held.len(), MOST);
        assert!(imports.watch("clerk", "one more").is_err());
        drop(held);
        assert!(imports.watch("clerk", "one more").is_ok(), "what is given up makes room");
        assert!(imports.begin("clerk", &"x".repeat(65), 1).is_err());
    }
}
