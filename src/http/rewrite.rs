//! A query of one list, made into one of its pages, and what it selects into columns.

use super::columns::Column;
use super::gate::{self, Limits};
use super::request::GraphqlRequest;
use crate::domain::{ErrorCode, Fault};
use crate::graph::{names_personal, personal_fields};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationType, Selection,
    SelectionSet, VariableDefinition,
};
use async_graphql::{Name, Positioned, Value, Variables};
use std::collections::HashMap;
use std::convert::Infallible;

/// Objects of a page.
const PAGE: i32 = 100;
/// The variable of the cursor: names of clients do not begin so.
pub const AFTER: &str = "__after";

/// Why a query is none of a file.
pub fn wrong(en: &str, zh: &str) -> Fault {
    Fault::input(
        format!(
            "{en}. A file takes a query of one list with its nodes, such as `{{ townships(within: \"2106\") {{ nodes {{ name }} }} }}`."
        ),
        format!(
            "{zh}。导出须为单个列表及其 nodes 的查询，如 {{ townships(within: \"2106\") {{ nodes {{ name }} }} }}。"
        ),
    )
}

/// Why persons are not reached by a way that leaves the territory of the list.
fn roaming() -> Fault {
    wrong(
        "Personal data are taken out of the territory of the list alone, where it is noted: reach them from bodies, posts and appointments downwards, not by `parent`, `division` and the like",
        "个人信息仅可在列表自身范围内导出并留痕：请由机构、职务、任职向下选取，勿经 parent、division 等字段",
    )
}

/// A document that reads pages: with arguments for a page and the place of the next one.
pub struct Rewritten {
    /// The document.
    pub document: ExecutableDocument,
    /// The key of its list.
    pub key: String,
    /// What the list is called in Chinese.
    pub zh: String,
    /// What becomes columns.
    pub columns: Vec<Column>,
    /// Whether personal data are among them, or choose or order what is listed.
    pub personal: bool,
    /// Whether values of the change log are among them: what they are of is not known before they are read.
    pub logged: bool,
    /// The arguments of the list.
    arguments: Vec<(Positioned<Name>, Positioned<async_graphql_value::Value>)>,
}

impl Rewritten {
    /// A text that is given to an argument of the list, by itself or by a variable.
    pub fn text(&self, name: &str, variables: &Variables) -> Option<String> {
        let (_, value) = self.arguments.iter().find(|(known, _)| known.node == name)?;
        let value = match &value.node {
            async_graphql_value::Value::Variable(name) => variables.get(name).cloned(),
            other => other.clone().into_const(),
        };
        if let Some(Value::String(text)) = value { Some(text) } else { None }
    }
}

/// Reads a query of one list, and makes one of its pages.
///
/// # Errors
/// What is wrong with it.
pub fn rewrite(wanted: &GraphqlRequest, limits: &Limits) -> Result<Rewritten, Fault> {
    let tokens = gate::check_text(&wanted.query, limits)?;
    let mut document = parse_query(&wanted.query).map_err(|_| Fault::plain(ErrorCode::GraphqlParseFailed))?;
    gate::measure(&document, tokens)?.check(limits)?;
    let fragments = document.fragments.clone();
    let DocumentOperations::Single(operation) = &mut document.operations else {
        return Err(wrong("The document has a name or several operations", "查询含具名或多个操作"));
    };
    let operation = &mut operation.node;
    if operation.ty != OperationType::Query {
        return Err(wrong("This is no query", "不是查询"));
    }
    let [Positioned { node: Selection::Field(list), .. }] = &mut operation.selection_set.node.items[..]
    else {
        return Err(wrong("The query has not one field", "查询须恰有一个字段"));
    };
    let list = &mut list.node;
    let given = |name: &str| list.arguments.iter().any(|(known, _)| known.node == name);
    if ["first", "last", "after", "before"].into_iter().any(given) {
        return Err(wrong(
            "`first`, `last`, `after` and `before` are the file's own",
            "first、last、after、before 由导出自行使用",
        ));
    }
    let nodes = list.selection_set.node.items.iter().find_map(|item| match &item.node {
        Selection::Field(field) if field.node.name.node == "nodes" && field.node.alias.is_none() => {
            Some(&field.node)
        }
        _ => None,
    });
    let nodes: &Field = nodes
        .filter(|_| list.selection_set.node.items.len() == 1)
        .ok_or_else(|| wrong("The list has to select `nodes` and nothing else", "列表须仅选取 nodes"))?;
    let personal = asks_personal(list);
    let mut paths = Paths { fragments: &fragments, all: Vec::new(), personal, logged: false };
    let root = Column::root().below(list);
    paths.below(&nodes.selection_set.node, &root.below(nodes).as_row())?;
    // What a variable is when it is not given counts as much as what is given.
    let defaults =
        operation.variable_definitions.iter().filter_map(|v| Some(&v.node.default_value.as_ref()?.node));
    let mut values = wanted.variables.values().chain(defaults);
    let given = values.any(|value| value.clone().into_json().is_ok_and(|v| names_personal(&v)));
    let (columns, personal, logged) = (paths.all, paths.personal || given, paths.logged);
    let (paging, page_info, variable) = paging();
    let arguments = list.arguments.clone();
    list.arguments.extend(paging);
    list.selection_set.node.items.push(page_info);
    let key = list.alias.as_ref().unwrap_or(&list.name).node.to_string();
    operation.variable_definitions.push(variable);
    let zh = root.zh.concat();
    Ok(Rewritten { document, key, zh, columns, personal, logged, arguments })
}

/// What a page needs: arguments, the place of the next page, and the variable of the cursor.
type Paging = (
    Vec<(Positioned<Name>, Positioned<async_graphql_value::Value>)>,
    Positioned<Selection>,
    Positioned<VariableDefinition>,
);

/// Read from a text, which says it more simply than its parts would.
fn paging() -> Paging {
    let text = format!(
        "query(${AFTER}: String) {{ l(first: {PAGE}, after: ${AFTER}) {{ pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let read = || {
        let document = parse_query(&text).ok()?;
        let DocumentOperations::Single(operation) = document.operations else { return None };
        let mut operation = operation.node;
        let Selection::Field(list) = operation.selection_set.node.items.pop()?.node else { return None };
        let mut list = list.node;
        Some((list.arguments, list.selection_set.node.items.pop()?, operation.variable_definitions.pop()?))
    };
    #[expect(clippy::expect_used, reason = "the text is a constant, and tests read it")]
    read().expect("a query")
}

/// The paths of what is selected.
struct Paths<'d> {
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    all: Vec<Column>,
    personal: bool,
    logged: bool,
}

impl Paths<'_> {
    fn below(&mut self, set: &SelectionSet, at: &Column) -> Result<(), Fault> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let name = field.name.node.as_str();
                    let column = at.below(field);
                    let personal = personal_fields().contains(&name) || asks_personal(field);
                    if personal && column.roams {
                        return Err(roaming());
                    }
                    self.personal |= personal;
                    self.logged |= matches!(name, "before" | "after");
                    if !field.selection_set.node.items.is_empty() {
                        self.below(&field.selection_set.node, &column)?;
                    } else if let Some(known) = self.all.iter_mut().find(|known| known.path == column.path) {
                        known.meets(&column);
                    } else {
                        self.all.push(column);
                    }
                }
                Selection::InlineFragment(part) => {
                    let on = part.node.type_condition.as_ref();
                    let at = at.on(on.map(|condition| condition.node.on.node.as_str()));
                    self.below(&part.node.selection_set.node, &at)?;
                }
                Selection::FragmentSpread(spread) => {
                    // Refused at once: a tree of fragments that ends in unknown ones has no fields by which its size is known.
                    let part = self.fragments.get(&spread.node.fragment_name.node);
                    let part = part.ok_or_else(|| {
                        wrong(
                            "The query spreads a fragment that it does not define",
                            "查询引用了未定义的片段",
                        )
                    })?;
                    let at = at.on(Some(part.node.type_condition.node.on.node.as_str()));
                    self.below(&part.node.selection_set.node, &at)?;
                }
            }
        }
        Ok(())
    }
}

/// A list that is chosen or ordered by personal data tells of them.
fn asks_personal(field: &Field) -> bool {
    field.arguments.iter().any(|(_, value)| is_personal(&value.node))
}

/// Whether a value of an argument names personal data; what stands in variables is looked at with them.
fn is_personal(value: &async_graphql_value::Value) -> bool {
    let plain = value.clone().into_const_with(|_| Ok::<_, Infallible>(Value::Null));
    let Ok(plain) = plain;
    plain.into_json().is_ok_and(|plain| names_personal(&plain))
}
