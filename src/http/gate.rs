//! The gate: what a document may be, decided before anything walks it more than once.
//!
//! The library's validation walks a fragment again each time it is spread, so a short document can cost for ever. Here
//! each fragment is measured once, and the sums are exact: a bomb of thirty steps is refused in microseconds.

use crate::domain::{ErrorCode, Fault};
use async_graphql::Positioned;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use rustc_hash::FxHashMap;

/// What a request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the body.
    pub body: usize,
    /// Tokens of the document.
    pub tokens: usize,
    /// Levels of selection.
    pub depth: u64,
    /// Fields with an alias, fragments expanded.
    pub aliases: u64,
    /// Fields at the root.
    pub roots: u64,
    /// Directives, fragments expanded.
    pub directives: u64,
    /// Fields, fragments expanded.
    pub fields: u64,
    /// Steps of the answer: fields read and rows walked over.
    pub steps: u64,
    /// Bytes of the answer.
    pub answer: usize,
    /// Seconds.
    pub seconds: u64,
}

impl Limits {
    /// For the public.
    pub const PUBLIC: Limits = Limits {
        body: 64 << 10,
        tokens: 1_500,
        depth: 16,
        aliases: 30,
        roots: 10,
        directives: 20,
        fields: 500,
        steps: 400_000,
        answer: 16 << 20,
        seconds: 5,
    };
    /// For who has a token.
    pub const SIGNED_IN: Limits = Limits {
        body: 256 << 10,
        tokens: 5_000,
        depth: 20,
        aliases: 100,
        roots: 30,
        directives: 50,
        fields: 5_000,
        steps: 4_000_000,
        answer: 64 << 20,
        seconds: 15,
    };
}

/// Brackets may nest this deep in the text; the parser is recursive.
const NESTING: usize = 60;
/// One field in so many may be `__typename`, fragments expanded: clients write it once a selection.
const TYPENAMES: u64 = 5;
/// How often it may stand under another name.
const TYPENAME_ALIASES: u64 = 2;
/// An alias may be this long: it stands in the answer as often as its field.
const ALIAS: usize = 100;
/// Lists of the introspection that may stand in each other: types, fields, args.
const INTROSPECTION_LISTS: u64 = 3;

fn too_large(
    what_en: &str,
    what_zh: &str,
    found: impl std::fmt::Display,
    limit: impl std::fmt::Display,
) -> Fault {
    Fault::new(
        ErrorCode::QueryTooLarge,
        format!("The document has {found} {what_en}; {limit} are allowed. Split it, or sign in for more."),
        format!("查询包含 {found} 个{what_zh}，上限为 {limit}。请拆分查询，或登录以提高上限。"),
    )
}

/// Checks the text before it is parsed: number of tokens, which it returns, and depth of brackets.
///
/// # Errors
/// `QUERY_TOO_LARGE`.
pub fn check_text(query: &str, limits: &Limits) -> Result<usize, Fault> {
    let bytes = query.as_bytes();
    let (mut at, mut tokens, mut depth, mut deepest) = (0, 0_usize, 0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => at += 1,
            b'#' => at += bytes[at..].iter().take_while(|b| !matches!(**b, b'\n' | b'\r')).count(),
            b'"' => {
                at = end_of_string(bytes, at);
                tokens += 1;
            }
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
                (at, tokens) = (at + 1, tokens + 1);
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                (at, tokens) = (at + 1, tokens + 1);
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => {
                let word = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-' | b'.' | b'+');
                at += bytes[at..].iter().take_while(word).count();
                tokens += 1;
            }
            _ => (at, tokens) = (at + 1, tokens + 1),
        }
    }
    if tokens > limits.tokens {
        return Err(too_large("tokens", "词法单元", tokens, limits.tokens));
    }
    if deepest > NESTING {
        return Err(too_large("levels of brackets", "层括号", deepest, NESTING));
    }
    Ok(tokens)
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = start + if block { 3 } else { 1 };
    while at < bytes.len() {
        if block && bytes[at..].starts_with(b"\\\"\"\"") {
            at += 4;
        } else if !block && bytes[at] == b'\\' {
            at += 2;
        } else if block && bytes[at..].starts_with(b"\"\"\"") {
            return at + 3;
        } else if !block && matches!(bytes[at], b'"' | b'\n' | b'\r') {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// What a selection costs: sums, and the longest path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cost {
    fields: u64,
    aliases: u64,
    /// `__typename`, which the library writes uncharged, and under other names.
    typenames: u64,
    typename_aliases: u64,
    directives: u64,
    depth: u64,
    lists: u64,
}

impl Cost {
    fn beside(&mut self, other: Cost) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.typenames = self.typenames.saturating_add(other.typenames);
        self.typename_aliases = self.typename_aliases.saturating_add(other.typename_aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.depth = self.depth.max(other.depth);
        self.lists = self.lists.max(other.lists);
    }
}

struct Gate<'d> {
    document: &'d ExecutableDocument,
    known: FxHashMap<&'d str, Option<Cost>>,
}

/// How large a document is.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Its tokens.
    pub tokens: usize,
    cost: Cost,
    roots: u64,
}

impl Measure {
    /// How many fields it has, those of fragments wherever they are spread.
    pub fn fields(&self) -> u64 {
        self.cost.fields
    }
}

/// Measures a parsed document: every operation with its fragments, since the validation walks all of them.
///
/// # Errors
/// `QUERY_TOO_LARGE` for an alias that is too long; `GRAPHQL_VALIDATION_FAILED` for fragments that spread each other in a circle.
pub fn measure(document: &ExecutableDocument, tokens: usize) -> Result<Measure, Fault> {
    let mut gate = Gate { document, known: FxHashMap::default() };
    // Fragments that the operation does not spread are walked by the validation too.
    for name in document.fragments.keys() {
        gate.fragment(name)?;
    }
    let (mut cost, mut roots) = (Cost::default(), 0_u64);
    for (_, operation) in document.operations.iter() {
        let operation: &OperationDefinition = &operation.node;
        cost.beside(gate.set(&operation.selection_set.node)?);
        cost.directives = cost.directives.saturating_add(count(&operation.directives));
        roots = roots.max(gate.roots(&operation.selection_set.node, 0));
    }
    Ok(Measure { tokens, cost, roots })
}

impl Measure {
    /// Whether a document of this size is allowed.
    ///
    /// # Errors
    /// `QUERY_TOO_LARGE`.
    pub fn check(&self, limits: &Limits) -> Result<(), Fault> {
        let Self { tokens, cost, roots } = *self;
        if tokens > limits.tokens {
            return Err(too_large("tokens", "词法单元", tokens, limits.tokens));
        }
        let checks = [
            (cost.fields, limits.fields, "fields", "字段"),
            (cost.depth, limits.depth, "levels", "层"),
            (cost.aliases, limits.aliases, "aliases", "别名"),
            (cost.typenames, limits.fields / TYPENAMES, "times __typename", "次 __typename"),
            (cost.typename_aliases, TYPENAME_ALIASES, "aliases of __typename", "__typename 的别名"),
            (cost.directives, limits.directives, "directives", "指令"),
            (roots, limits.roots, "root fields", "根字段"),
            (cost.lists, INTROSPECTION_LISTS, "nested introspection lists", "嵌套内省列表"),
        ];
        for (found, limit, en, zh) in checks {
            if found > limit {
                let found = if found == u64::MAX { "countless".to_owned() } else { found.to_string() };
                return Err(too_large(en, zh, found, limit));
            }
        }
        Ok(())
    }
}

impl<'d> Gate<'d> {
    fn set(&mut self, set: &'d SelectionSet) -> Result<Cost, Fault> {
        let mut sum = Cost::default();
        for item in &set.items {
            let (mut cost, directives) = match &item.node {
                Selection::Field(field) => {
                    let mut cost = self.set(&field.node.selection_set.node)?;
                    cost.fields = cost.fields.saturating_add(1);
                    cost.depth += 1;
                    cost.lists += u64::from(is_introspection_list(&field.node.name.node));
                    cost.aliases = cost.aliases.saturating_add(u64::from(field.node.alias.is_some()));
                    if field.node.name.node == "__typename" {
                        let renamed = u64::from(field.node.alias.is_some());
                        cost.typenames = cost.typenames.saturating_add(1);
                        cost.typename_aliases = cost.typename_aliases.saturating_add(renamed);
                    }
                    if let Some(alias) = field.node.alias.as_ref().filter(|a| a.node.len() > ALIAS) {
                        return Err(too_large(
                            "characters in an alias",
                            "字符的别名",
                            alias.node.len(),
                            ALIAS,
                        ));
                    }
                    (cost, &field.node.directives)
                }
                Selection::InlineFragment(inline) => {
                    (self.set(&inline.node.selection_set.node)?, &inline.node.directives)
                }
                Selection::FragmentSpread(spread) => {
                    (self.fragment(&spread.node.fragment_name.node)?, &spread.node.directives)
                }
            };
            cost.directives = cost.directives.saturating_add(count(directives));
            sum.beside(cost);
        }
        Ok(sum)
    }

    /// The cost of a fragment, measured once. A fragment that is met again while it is measured spreads itself.
    fn fragment(&mut self, name: &'d str) -> Result<Cost, Fault> {
        match self.known.get(name) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                return Err(Fault::new(
                    ErrorCode::GraphqlValidationFailed,
                    "Fragments of the document spread each other in a circle.",
                    "查询中的片段互相循环引用。",
                ));
            }
            None => {}
        }
        // An unknown fragment is the validation's to report; it counts, so that a tree of fragments has a size whatever it ends in.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Cost { fields: 1, ..Cost::default() });
        };
        self.known.insert(name, None);
        let mut cost = self.set(&fragment.node.selection_set.node)?;
        cost.directives = cost.directives.saturating_add(count(&fragment.node.directives));
        self.known.insert(name, Some(cost));
        Ok(cost)
    }

    fn roots(&self, set: &SelectionSet, level: u32) -> u64 {
        // Circles are refused before; the bound only keeps a chain of fragments from being walked twice.
        if level > 20 {
            return u64::MAX;
        }
        set.items.iter().fold(0_u64, |sum, item| {
            sum.saturating_add(match &item.node {
                Selection::Field(_) => 1,
                Selection::InlineFragment(inline) => self.roots(&inline.node.selection_set.node, level + 1),
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    match (self.known.get(name), self.document.fragments.get(name)) {
                        // More fields than any limit: no need to count which of them stand at the root.
                        (Some(Some(cost)), _) if cost.fields > 10_000 => u64::MAX,
                        (_, Some(fragment)) => self.roots(&fragment.node.selection_set.node, level + 1),
                        _ => 0,
                    }
                }
            })
        })
    }
}

fn count(directives: &[Positioned<Directive>]) -> u64 {
    directives.len() as u64
}

fn is_introspection_list(name: &str) -> bool {
    matches!(
        name,
        "types"
            | "fields"
            | "args"
            | "inputFields"
            | "interfaces"
            | "possibleTypes"
            | "enumValues"
            | "directives"
    )
}

#[cfg(test)]
mod tests {
    use super::{Limits, check_text, measure};
    use async_graphql::parser::parse_query;
    use std::fmt::Write;

    fn refused(query: &str) -> Option<String> {
        if let Err(fault) = check_text(query, &Limits::PUBLIC) {
            return Some(fault.en);
        }
        let document = parse_query(query).expect("parses");
        measure(&document, 0).and_then(|m| m.check(&Limits::PUBLIC)).err().map(|f| f.en)
    }

    fn bomb(steps: usize) -> String {
        let mut text = "query { ...F0 }".to_owned();
        for step in 0..steps {
            write!(text, " fragment F{step} on Query {{ ...F{n} ...F{n} }}", n = step + 1).expect("write");
        }
        write!(text, " fragment F{steps} on Query {{ __typename }}").expect("write");
        text
    }

    #[test]
    fn bombs_are_refused_at_once() {
        assert_eq!(refused(&bomb(3)), None);
        for steps in [12, 30, 100] {
            let began = std::time::Instant::now();
            assert!(refused(&bomb(steps)).is_some(), "{steps}");
            assert!(began.elapsed().as_millis() < 500, "{steps} steps took {:?}", began.elapsed());
        }
    }

    #[test]
    fn circles_depth_aliases_and_brackets_are_refused() {
        for bad in [
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
            "{ __typename } fragment A on Query { ...A }".to_owned(),
            format!("{}{}", "{ a ".repeat(17), "}".repeat(17)),
            format!("{}{}", "{a".repeat(2_000), "}".repeat(2_000)),
            format!(
                "{{ {} }}",
                (0..31).map(|i| format!("a{i}: register {{ revision }} ")).collect::<String>()
            ),
            format!("{{ __typename {} }}", "@skip(if: false) ".repeat(21)),
            format!("{{ {} }}", "__typename ".repeat(501)),
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".to_owned(),
            format!("{{ __typename {} }}", "a ".repeat(1_600)),
            format!("{{ {}: __typename }}", "a".repeat(101)),
            "{ a: __typename b: __typename c: __typename }".to_owned(),
            format!("{{ {} }}", "__typename ".repeat(101)),
        ] {
            assert!(refused(&bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn what_the_parser_reads_is_counted() {
        let deep = "{a".repeat(3_000);
        // A bomb in another operation, and texts that the scanner and the parser might end at different places.
        let other = bomb(30).replacen("query {", "query A { __typename } query B {", 1);
        assert!(refused(&other).is_some());
        for start in
            ["#\r", "# x\r\n", "{ a(b: \"\"\"\\\"\"\" \"\"\") ", "{ a(b: \"\\\\\") ", "{ a(b: \"\") "]
        {
            assert!(check_text(&format!("{start}{deep}"), &Limits::PUBLIC).is_err(), "{start:?}");
        }
    }

    #[test]
    fn texts_and_comments_are_no_tokens_inside() {
        let query =
            format!("{{ division(code: \"{}\") {{ name }} }} # {}", "{ ".repeat(900), "{ ".repeat(2_000));
        assert_eq!(refused(&query), None);
    }
}
