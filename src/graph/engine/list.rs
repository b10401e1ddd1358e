//! Lists at the direct level: a page as `engine/page.rs` has it, written to bytes. What is charged is the same.

use super::collect::{Wanted, collect};
use super::connection::{CURSOR, Conn, Listed};
use super::page::Page;
use super::plan::{Step, Sub, step};
use super::quoted::Quoted;
use super::record::{Ref, TypeDef};
use super::request::{Bail, Request};
use super::writer::{Out, Writer};
use async_graphql::parser::types::SelectionSet;

/// One key of a part of a page.
struct Part<P> {
    key: Quoted,
    weight: u64,
    part: P,
}

enum Whole<'d> {
    TypeName,
    Nodes(Sub<'d>),
    Edges(Vec<Part<Edge<'d>>>),
    Info(Vec<Part<Info>>),
    Total,
}

enum Edge<'d> {
    TypeName,
    Cursor,
    Node(Sub<'d>),
    /// A field of what is listed, where that is not the node itself.
    Field(Step<'d>),
}

enum Info {
    TypeName,
    Next,
    Previous,
    Start,
    End,
}

/// What of a page is wanted.
pub struct ListPlan<'d>(Vec<Part<Whole<'d>>>);

/// The parts of an object whose fields are given by hand.
fn parts<'d, P>(
    request: &Request<'d, '_>,
    sets: &[&'d SelectionSet],
    is: &dyn Fn(&str) -> bool,
    part: impl Fn(&Wanted<'d>) -> Result<P, Bail>,
) -> Result<Vec<Part<P>>, Bail> {
    let wanted = collect(request, sets, is)?;
    let part = |w: &Wanted<'d>| {
        request.count(1);
        Ok(Part { key: w.quoted(), weight: w.weight(), part: part(w)? })
    };
    let mut parts = wanted.iter().map(part).collect::<Result<Vec<_>, Bail>>()?;
    parts.first_mut().into_iter().for_each(|first| first.key.open());
    Ok(parts)
}

impl<T: Listed> Conn<'_, T> {
    fn plan<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<ListPlan<'d>, Bail> {
        let whole = |w: &Wanted<'d>| {
            Ok(match w.name() {
                "__typename" => Whole::TypeName,
                "nodes" => Whole::Nodes(T::Item::compile(request, w.sets())?),
                "edges" => Whole::Edges(Self::edges(request, w.sets())?),
                "pageInfo" => Whole::Info(parts(request, w.sets(), &|c| c == "PageInfo", info)?),
                "totalCount" => Whole::Total,
                _ => return Err(Bail),
            })
        };
        parts(request, sets, &|condition| condition == connection_name::<T>(), whole).map(ListPlan)
    }

    fn edges<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Vec<Part<Edge<'d>>>, Bail> {
        let own = TypeDef { name: "", doc: "", implements: &[], fields: T::EDGE };
        let edge = |w: &Wanted<'d>| {
            Ok(match w.name() {
                "__typename" => Edge::TypeName,
                "cursor" => Edge::Cursor,
                "node" => Edge::Node(T::Item::compile(request, w.sets())?),
                _ => Edge::Field(step(request, w, &own)?),
            })
        };
        parts(request, sets, &|condition| condition == edge_name::<T>(), edge)
    }
}

/// Names of types, made only when a document asks for them.
fn connection_name<T: Listed>() -> String {
    format!("{}Connection", T::list_name())
}

fn edge_name<T: Listed>() -> String {
    format!("{}Edge", T::list_name())
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
    fn compile<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        Self::plan(request, sets).map(Sub::List)
    }

    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        let Sub::List(plan) = sub else { return Err(Bail) };
        let page = self.page().map_err(|_| Bail)?;
        out.object_of(&plan.0, |out, part, weight| out.whole(&page, part, weight))
    }
}

impl<'d> Writer<'_, 'd> {
    fn object_of<P>(
        &mut self,
        parts: &[Part<P>],
        mut write: impl FnMut(&mut Self, &P, u64) -> Result<(), Bail>,
    ) -> Result<(), Bail> {
        for part in parts {
            part.key.write(&mut self.bytes);
            write(self, &part.part, part.weight)?;
        }
        self.raw(if parts.is_empty() { "{}" } else { "}" });
        Ok(())
    }

    fn whole<T: Listed>(
        &mut self,
        page: &Page<'_, '_, T>,
        part: &Whole<'d>,
        weight: u64,
    ) -> Result<(), Bail> {
        let view = page.conn.view;
        if let Whole::TypeName = part {
            self.plain(&connection_name::<T>());
            return Ok(());
        }
        let objects =
            if matches!(part, Whole::Nodes(_) | Whole::Edges(_)) { page.rows.len() as u64 } else { 0 };
        self.charge(view, 1 + objects + weight)?;
        match part {
            Whole::TypeName => {}
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
        part: &Edge<'d>,
        weight: u64,
    ) -> Result<(), Bail> {
        match part {
            Edge::TypeName => self.plain(&edge_name::<T>()),
            Edge::Cursor => self.cursor(conn, key, weight)?,
            Edge::Node(sub) => {
                self.charge(conn.view, 1 + weight)?;
                T::item(conn.view, key).write(sub, self)?;
            }
            Edge::Field(step) => self.charged::<T>(T::EDGE, step, Ref::new(conn.view, key))?,
        }
        Ok(())
    }

    fn cursor<T: Listed>(&mut self, conn: &Conn<'_, T>, key: T::Key, weight: u64) -> Result<(), Bail> {
        self.charge(conn.view, CURSOR + weight)?;
        let sealed = conn.seal(key, self.request.bound.secret()).map_err(|_| Bail)?;
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
