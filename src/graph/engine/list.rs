//! Lists at the direct level: a page as `engine/page.rs` has it, written to bytes. What is charged is the same.

use super::connection::{CURSOR, Conn, Listed};
use super::page::Page;
use super::plan::{Step, Sub, Wanted, collect, step};
use super::record::{Ref, TypeDef};
use super::request::{Bail, Request};
use super::writer::{Out, Writer};
use async_graphql::parser::types::SelectionSet;
use std::borrow::Cow;

/// One key of a part of a page.
struct Part<'q, P> {
    key: Cow<'static, str>,
    weight: u64,
    part: P,
    of: std::marker::PhantomData<&'q ()>,
}

enum Whole<'q> {
    TypeName(String),
    Nodes(Sub<'q>),
    Edges(Vec<Part<'q, Edge<'q>>>),
    Info(Vec<Part<'q, Info>>),
    Total,
}

enum Edge<'q> {
    TypeName(String),
    Cursor,
    Node(Sub<'q>),
    /// A field of what is listed, where that is not the node itself.
    Field(Step<'q>),
}

enum Info {
    TypeName,
    Next,
    Previous,
    Start,
    End,
}

/// What of a page is wanted.
pub struct ListPlan<'q>(Vec<Part<'q, Whole<'q>>>);

/// The parts of an object whose fields are given by hand.
fn parts<'q, P>(
    request: &'q Request<'q>,
    sets: &[&'q SelectionSet],
    name: &str,
    part: impl Fn(&Wanted<'q>) -> Result<P, Bail>,
) -> Result<Vec<Part<'q, P>>, Bail> {
    let wanted = collect(request, sets, &|condition| condition == name)?;
    let part = |w: &Wanted<'q>| {
        Ok(Part { key: w.quoted(), weight: w.weight(), part: part(w)?, of: std::marker::PhantomData })
    };
    wanted.iter().map(part).collect()
}

impl<T: Listed> Conn<'_, T> {
    fn plan<'q>(request: &'q Request<'q>, sets: &[&'q SelectionSet]) -> Result<ListPlan<'q>, Bail> {
        let name = format!("{}Connection", T::list_name());
        let whole = |w: &Wanted<'q>| {
            Ok(match w.name() {
                "__typename" => Whole::TypeName(name.clone()),
                "nodes" => Whole::Nodes(T::Item::compile(request, w.sets())?),
                "edges" => Whole::Edges(Self::edges(request, w.sets())?),
                "pageInfo" => Whole::Info(parts(request, w.sets(), "PageInfo", info)?),
                "totalCount" => Whole::Total,
                _ => return Err(Bail),
            })
        };
        parts(request, sets, &name, whole).map(ListPlan)
    }

    fn edges<'q>(
        request: &'q Request<'q>,
        sets: &[&'q SelectionSet],
    ) -> Result<Vec<Part<'q, Edge<'q>>>, Bail> {
        let name = format!("{}Edge", T::list_name());
        let own = TypeDef { name: "", doc: "", implements: &[], fields: T::EDGE };
        let edge = |w: &Wanted<'q>| {
            Ok(match w.name() {
                "__typename" => Edge::TypeName(name.clone()),
                "cursor" => Edge::Cursor,
                "node" => Edge::Node(T::Item::compile(request, w.sets())?),
                _ => Edge::Field(step(request, w, &own)?),
            })
        };
        parts(request, sets, &name, edge)
    }
}

fn info(wanted: &Wanted<'_>) -> Result<Info, Bail> {
    Ok(match wanted.name() {
        "__typename" => Info::TypeName,
        "hasNextPage" => Info::Next,
        "hasPreviousPage" => Info::Previous,
        "startCursor" => Info::Start,
        "endCursor" => Info::End,
        _ => return Err(Bail),
    })
}

impl<T: Listed> Out for Conn<'_, T> {
    fn compile<'q>(request: &'q Request<'q>, sets: &[&'q SelectionSet]) -> Result<Sub<'q>, Bail> {
        Self::plan(request, sets).map(Sub::List)
    }

    fn write<'q>(&self, sub: &Sub<'q>, out: &mut Writer<'q>) -> Result<(), Bail> {
        let Sub::List(plan) = sub else { return Err(Bail) };
        let page = self.page().map_err(|_| Bail)?;
        out.object_of(&plan.0, |out, part, weight| out.whole(&page, part, weight))
    }
}

impl<'q> Writer<'q> {
    fn object_of<P>(
        &mut self,
        parts: &[Part<'q, P>],
        mut write: impl FnMut(&mut Self, &P, u64) -> Result<(), Bail>,
    ) -> Result<(), Bail> {
        for (at, part) in parts.iter().enumerate() {
            self.separate(at, b'{');
            self.raw(&part.key);
            write(self, &part.part, part.weight)?;
        }
        self.raw(if parts.is_empty() { "{}" } else { "}" });
        Ok(())
    }

    fn whole<T: Listed>(
        &mut self,
        page: &Page<'_, '_, T>,
        part: &Whole<'q>,
        weight: u64,
    ) -> Result<(), Bail> {
        let view = page.conn.view;
        if let Whole::TypeName(name) = part {
            self.plain(name);
            return Ok(());
        }
        let objects =
            if matches!(part, Whole::Nodes(_) | Whole::Edges(_)) { page.rows.len() as u64 } else { 0 };
        self.charge(view, 1 + objects + weight)?;
        match part {
            Whole::TypeName(_) => {}
            Whole::Nodes(sub) => self.each(&page.rows, |out, key| T::item(view, key).write(sub, out))?,
            Whole::Edges(parts) => self.each(&page.rows, |out, key| {
                out.object_of(parts, |out, part, weight| out.edge(page.conn, key, part, weight))
            })?,
            Whole::Info(parts) => {
                self.object_of(parts, |out, part, weight| out.info(page, part, weight))?;
            }
            Whole::Total => self.number(page.conn.total().map_err(|_| Bail)?),
        }
        Ok(())
    }

    fn each<K: Copy>(
        &mut self,
        rows: &[K],
        mut write: impl FnMut(&mut Self, K) -> Result<(), Bail>,
    ) -> Result<(), Bail> {
        for (at, key) in rows.iter().enumerate() {
            self.separate(at, b'[');
            write(self, *key)?;
        }
        self.raw(if rows.is_empty() { "[]" } else { "]" });
        Ok(())
    }

    fn edge<T: Listed>(
        &mut self,
        conn: &Conn<'_, T>,
        key: T::Key,
        part: &Edge<'q>,
        weight: u64,
    ) -> Result<(), Bail> {
        match part {
            Edge::TypeName(name) => self.plain(name),
            Edge::Cursor => self.cursor(conn, key, weight)?,
            Edge::Node(sub) => {
                self.charge(conn.view, 1 + weight)?;
                T::item(conn.view, key).write(sub, self)?;
            }
            Edge::Field(step) => self.field_in::<T>(T::EDGE, step, Ref::new(conn.view, key))?,
        }
        Ok(())
    }

    fn cursor<T: Listed>(&mut self, conn: &Conn<'_, T>, key: T::Key, weight: u64) -> Result<(), Bail> {
        self.charge(conn.view, CURSOR + weight)?;
        let sealed = conn.seal(key, self.request.secret).map_err(|_| Bail)?;
        self.plain(&sealed);
        Ok(())
    }

    fn info<T: Listed>(&mut self, page: &Page<'_, '_, T>, part: &Info, weight: u64) -> Result<(), Bail> {
        if matches!(part, Info::TypeName) {
            self.plain("PageInfo");
            return Ok(());
        }
        self.charge(page.conn.view, 1 + weight)?;
        let truth = |truth: bool| if truth { "true" } else { "false" };
        let end = match part {
            Info::TypeName => None,
            Info::Next => {
                self.raw(truth(page.next().map_err(|_| Bail)?));
                return Ok(());
            }
            Info::Previous => {
                self.raw(truth(page.previous().map_err(|_| Bail)?));
                return Ok(());
            }
            Info::Start => page.rows.first(),
            Info::End => page.rows.last(),
        };
        match end {
            Some(key) => self.cursor(page.conn, *key, weight),
            None => {
                self.raw("null");
                Ok(())
            }
        }
    }
}
