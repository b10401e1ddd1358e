//! The root of the subscriptions: changes as they are made. Nothing is queued for a viewer: what was done since the last event is read
//! from the register when the viewer takes the next one.

use super::engine::{Code, Gid, Int64, Record, Ref};
use super::node::tag_of;
use super::{Change, query};
use crate::domain::{CodeRange, DivisionCode, Fault, Locale, RecordKind};
use crate::policy::{Event, ImportStage, Imports, Meter, Progress, Registrar, View, Viewer, importer};
use crate::record;
use crate::snapshot::Snapshot;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Subscription, Value,
    parser::types::Field,
};
use futures_util::stream::{self, Stream};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tiaokuai_macros::fields;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// About how many changes are read at once.
const MOST: usize = 256;
/// How many revisions a subscription may begin in the past.
const FAR: i64 = 10_000;

/// For whom events are made, and from what.
#[derive(Clone)]
pub struct Feed {
    /// The register.
    pub register: Arc<dyn Registrar>,
    /// The revision in memory.
    pub revisions: watch::Receiver<i64>,
    /// The viewer.
    pub viewer: Arc<Viewer>,
    /// Language of messages.
    pub locale: Locale,
    /// Steps that an event may cost.
    pub steps: u64,
    /// The turn of who makes an event: one at a time, so that the other processors are there for requests.
    pub turn: Arc<Semaphore>,
    /// Imports that are watched.
    pub imports: Arc<Imports>,
    /// The meter of the last event, to tell what was masked in it.
    pub meter: Arc<Mutex<Option<Arc<Meter>>>>,
}

impl Feed {
    fn view(&self, snapshot: Arc<Snapshot>) -> View {
        View::new(snapshot, self.viewer.clone(), Arc::new(Meter::new(self.steps)), self.locale)
    }

    /// The view of an event, whose meter is kept.
    fn telling(&self, snapshot: Arc<Snapshot>, event: Event) -> View {
        let meter = Arc::new(Meter::new(self.steps));
        *self.meter.lock().unwrap_or_else(PoisonError::into_inner) = Some(meter.clone());
        View::new(snapshot, self.viewer.clone(), meter, self.locale).telling(event)
    }
}

/// What a viewer wants to be told, and what was told already.
struct Telling {
    feed: Feed,
    range: CodeRange,
    kinds: Option<Vec<RecordKind>>,
    /// All up to this revision was told.
    told: i64,
    /// The register as it was then, where it is known: what was seen in it and is seen no more is gone.
    last: Option<Arc<Snapshot>>,
    /// The register in which the waiting events were found.
    seen: Arc<Snapshot>,
    waiting: VecDeque<Event>,
}

impl Telling {
    /// The next event.
    async fn next(mut self) -> Option<(Told<ChangeEvent>, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                let view = self.feed.telling(self.seen.clone(), event);
                // Nobody closes it.
                let turn = self.feed.turn.clone().acquire_owned().await.ok();
                return Some((Told { view: Arc::new(view), key: (), turn }, self));
            }
            let now = self.feed.register.snapshot();
            if now.state.revision > self.told {
                let view = self.feed.view(now.clone());
                let before = self.last.clone().map(|last| self.feed.view(last));
                let (events, cut) =
                    view.events(before.as_ref(), self.range, self.kinds.as_deref(), self.told, MOST);
                self.waiting = events.into();
                self.told = cut.unwrap_or(now.state.revision);
                self.seen = now.clone();
                // What was seen before is compared with until all of it is told.
                if cut.is_none() {
                    self.last = Some(now);
                }
                tokio::task::yield_now().await;
                continue;
            }
            self.feed.revisions.changed().await.ok()?;
        }
    }
}

/// What a viewer is told: a record that is read through the view that was made for it.
pub struct Told<T: Record> {
    view: Arc<View>,
    key: T::Key,
    #[expect(dead_code, reason = "held until it is written")]
    turn: Option<OwnedSemaphorePermit>,
}

impl<T: Record> OutputType for Told<T> {
    fn type_name() -> Cow<'static, str> {
        T::DEF.name.into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        <Ref<'static, T> as OutputType>::create_type_info(registry)
    }
    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, &Ref::<T>::new(&self.view, self.key)).await
    }
}

/// The subscriptions.
pub struct Subscriptions;

/// What a client can be told of as it happens (订阅).
#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// Changes of the register as they are made (变更订阅), in their order: each as far as the viewer may know of it.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of the counties of this division (地域范围); the nation when absent.")] within: Option<
            DivisionCode,
        >,
        #[graphql(desc = "Only with records of these kinds (变更记录类别); all when absent.")] kinds: Option<
            Vec<Code<RecordKind>>,
        >,
        #[graphql(
            desc = "After this revision (起始修订号): what was made since is told first, to go on where a connection broke off; only what \
                    is made from now on when absent. Unit: revisions (次)."
        )]
        since: Option<i64>,
    ) -> async_graphql::Result<impl Stream<Item = Told<ChangeEvent>> + use<>> {
        let feed = ctx.data::<Feed>()?.clone();
        let now = feed.register.snapshot();
        let view = feed.view(now.clone());
        let range = query::territory(&view, within)?;
        let told = since.unwrap_or(now.state.revision);
        if told < 0 || told > now.state.revision {
            let revision = now.state.revision;
            return Err(Fault::input(
                format!("`since` is a revision from 0 to {revision}, the present one."),
                format!("since 应为 0 至当前修订号 {revision}。"),
            )
            .into());
        }
        let kinds = kinds.map(|kinds| kinds.into_iter().map(|code| code.0).collect());
        if now.state.revision - told > FAR {
            return Err(Fault::input(
                format!("`since` goes back {FAR} revisions at most: read `changes` for what was before."),
                format!("since 最多回溯 {FAR} 个修订号，更早的变更请查询 changes。"),
            )
            .into());
        }
        // Who goes on after a revision is not told what is gone since: what was seen then is not known any more.
        let last = since.is_none().then(|| now.clone());
        let telling = Telling { feed, range, kinds, told, last, seen: now, waiting: VecDeque::new() };
        Ok(stream::unfold(telling, Telling::next))
    }

    /// How far an import has come that the viewer sends, or is about to send, to this server (导入进度订阅); the last event is its end.
    async fn import_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The name that the import is sent with (导入名称), as `POST /v1/imports?watch=…`: 1 to 64 characters of your own."
        )]
        watch: String,
    ) -> async_graphql::Result<impl Stream<Item = Told<ImportProgress>> + use<>> {
        let feed = ctx.data::<Feed>()?.clone();
        let who = importer(&feed.viewer)?;
        let seen = feed.imports.watch(who, &watch)?;
        let come = stream::unfold((Some(seen), feed, true), |(seen, feed, first)| async move {
            let mut seen = seen?;
            if !first {
                seen.changed().await.ok()?;
            }
            let progress = *seen.borrow_and_update();
            let view = Arc::new(feed.view(feed.register.snapshot()));
            let goes_on = (progress.stage != ImportStage::Ended).then_some(seen);
            Some((Told { view, key: progress, turn: None }, (goes_on, feed, false)))
        });
        Ok(come)
    }
}

#[fields(ImportProgressFields)]
impl Ref<'_, ImportProgress> {
    /// How far it has come (导入阶段).
    #[field(Public, Open)]
    pub fn stage(self) -> Code<ImportStage> {
        Code(self.key.stage)
    }

    /// Rows that are judged (已校验行数).
    #[field(Public, Open, unit = "rows (行)", example = "120")]
    pub fn judged(self) -> i32 {
        i32::try_from(self.key.judged).unwrap_or(i32::MAX)
    }

    /// All rows (总行数); 0 until it has come.
    #[field(Public, Open, unit = "rows (行)", example = "800")]
    pub fn rows(self) -> i32 {
        i32::try_from(self.key.rows).unwrap_or(i32::MAX)
    }
}

record! {
    /// How far an import has come (导入进度), for who sent it. Source: the server that takes the import.
    ImportProgress as "ImportProgress" by Progress, implements [], fields [ImportProgressFields::FIELDS], |_view, _at, _rule| true
}

#[fields(ChangeEventFields)]
impl<'v> Ref<'v, ChangeEvent> {
    /// The revision of the register that it made (修订号): give it as `since` to go on after it.
    #[field(Public, Open, unit = "revisions (次)", example = "3")]
    pub fn revision(self) -> Int64 {
        Int64(self.view.event().map_or(0, |event| event.revision))
    }

    /// The change (变更); null when the viewer may not know of it, and only hears that something is gone.
    #[field(Public, Open)]
    pub fn change(self) -> Option<Ref<'v, Change>> {
        Some(self.to(self.view.event()?.change?))
    }

    /// The ids of what the viewer saw before it and sees no more (不再可见的对象): it ended, went elsewhere, or is hidden now. At most some
    /// hundreds.
    #[field(Public, Open)]
    pub fn gone(self) -> Vec<Gid> {
        let gone = self.view.event().into_iter().flat_map(|event| &event.gone);
        gone.filter_map(|(of, kind, id)| Some(Gid::seal(self.view.id_seal(), tag_of(*of, *kind)?, *id)))
            .collect()
    }
}

record! {
    /// A change as it is made (变更事件). Source: the change log.
    ChangeEvent as "ChangeEvent" by (), implements [], fields [ChangeEventFields::FIELDS], |_view, _at, _rule| true
}
