//! Turns: how many files are written at once, and how many somebody may take.

use super::server::App;
use crate::domain::{ErrorCode, Fault, date};
use crate::policy::Viewer;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// The most rows of a file for the public.
const PUBLIC_ROWS: usize = 20_000;

/// How many files a person may take in an hour, and the public altogether.
const HOURLY: u32 = 240;
const PUBLIC_HOURLY: u32 = 1_200;

/// How many files a person may take at the same time: nobody holds the turns of all.
const AT_ONCE: u32 = 2;

/// How many files were taken by whom in the present hour, and how many they are taking now.
#[derive(Default)]
pub struct Quota(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    hour: i64,
    taken: HashMap<String, u32>,
    taking: HashMap<String, u32>,
}

impl Quota {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        let hour = date::now_seconds() / 3_600;
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.hour != hour {
            (counts.hour, counts.taken) = (hour, HashMap::new());
        }
        counts
    }

    /// Whether somebody may take one more in this hour.
    fn has_room(&self, who: &str) -> bool {
        let most = if who.is_empty() { PUBLIC_HOURLY } else { HOURLY };
        self.counts().taken.get(who).is_none_or(|count| *count < most)
    }

    /// Somebody begins to take one, if they may; the public's are bounded by its turns.
    fn begin(&self, who: &str) -> bool {
        let mut counts = self.counts();
        let taking = counts.taking.entry(who.to_owned()).or_default();
        let fine = who.is_empty() || *taking < AT_ONCE;
        *taking += u32::from(fine);
        fine
    }

    /// There is a file: what is refused counts as none.
    fn took(&self, who: &str) {
        *self.counts().taken.entry(who.to_owned()).or_default() += 1;
    }

    fn end(&self, who: &str) {
        let mut counts = self.counts();
        if let Some(taking) = counts.taking.get_mut(who) {
            *taking -= 1;
            if *taking == 0 {
                counts.taking.remove(who);
            }
        }
    }
}

/// A turn to write a file.
pub struct Turn {
    app: Arc<App>,
    who: String,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// There is a file.
    pub fn took(&self) {
        self.app.taken.took(&self.who);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.app.taken.end(&self.who);
    }
}

/// A turn to write a file, for who has not taken too many.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn turn(app: &Arc<App>, viewer: &Viewer) -> Result<Turn, Fault> {
    let (signed_in, who) = (viewer.is_signed_in(), viewer.subject.clone().unwrap_or_default());
    if !app.taken.has_room(&who) {
        return Err(if signed_in {
            Fault::new(
                ErrorCode::Unavailable,
                format!(
                    "You have taken {HOURLY} files in this hour. Ask again in the next one, or for fewer and larger ones."
                ),
                format!("本小时内已下载 {HOURLY} 个文件，请于下一小时再试，或合并为较少的文件。"),
            )
        } else {
            Fault::new(
                ErrorCode::Unavailable,
                format!(
                    "Without a token {PUBLIC_HOURLY} files were taken in this hour by all together. Ask again in the next one, or sign in."
                ),
                format!("本小时内未登录用户合计已下载 {PUBLIC_HOURLY} 个文件，请于下一小时再试或登录。"),
            )
        });
    }
    // The public has turns of its own: nobody who is signed in waits for it.
    let turns = if signed_in { &app.files } else { &app.public_files };
    let waited = tokio::time::timeout(Duration::from_secs(10), turns.clone().acquire_owned()).await;
    let permit = waited.ok().and_then(Result::ok).ok_or_else(|| {
        Fault::new(
            ErrorCode::Unavailable,
            "Too many files are being written just now. Ask again in a minute.",
            "正在生成的文件过多，请稍后再试。",
        )
    })?;
    if !app.taken.begin(&who) {
        return Err(Fault::new(
            ErrorCode::Unavailable,
            format!("You are taking {AT_ONCE} files already. Ask again when one of them is there."),
            format!("您正在下载 {AT_ONCE} 个文件，请待其中之一完成后再试。"),
        ));
    }
    Ok(Turn { app: app.clone(), who, _permit: permit })
}

/// Refuses more rows than the public may have.
///
/// # Errors
/// `QUERY_TOO_EXPENSIVE`.
pub fn few_enough(rows: usize, signed_in: bool) -> Result<(), Fault> {
    if signed_in || rows <= PUBLIC_ROWS {
        return Ok(());
    }
    Err(Fault::new(
        ErrorCode::QueryTooExpensive,
        format!("Without a token a file has at most {PUBLIC_ROWS} rows. Narrow `within`, or sign in."),
        format!("未登录时文件最多 {PUBLIC_ROWS} 行。请缩小 within 或登录。"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, HOURLY, Quota};

    #[test]
    fn a_person_takes_so_many_files_in_an_hour_and_at_once() {
        let quota = Quota::default();
        // The hour may turn meanwhile: then there is room again.
        let took = |quota: &Quota| {
            let room = quota.has_room("x");
            if room {
                quota.took("x");
            }
            room
        };
        let fine = (0..2 * HOURLY + 2).filter(|_| took(&quota)).count();
        assert!((HOURLY as usize..=2 * HOURLY as usize).contains(&fine), "{fine}");
        assert!(quota.has_room("y"), "others are not counted with them");
        assert_eq!((0..5).filter(|_| quota.begin("x")).count(), AT_ONCE as usize);
        quota.end("x");
        assert!(quota.begin("x") && !quota.begin("x") && quota.begin("y"));
        assert!((0..50).all(|_| quota.begin("")), "the public has its turns");
    }
}
