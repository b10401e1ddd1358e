//! What the macro reads: the attributes of a field, its arguments, its description, its names.

use proc_macro2::{Span, TokenStream as Tokens, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, Ident, ImplItemFn, Lit, LitStr, Meta, Pat, Result, Token,
    parse::Parse, parse::ParseStream,
};

/// What stands in `#[field(..)]`.
pub struct Spec {
    pub class: Ident,
    pub rule: Ident,
    pub cost: Expr,
    pub filter: bool,
    pub order: bool,
    pub relation: Option<bool>,
    pub deprecated: Option<LitStr>,
    pub unit: Option<LitStr>,
    pub example: Option<LitStr>,
}

impl Parse for Spec {
    fn parse(input: ParseStream) -> Result<Self> {
        let class = input.parse()?;
        input.parse::<Token![,]>()?;
        let rule = input.parse()?;
        let mut spec = Spec {
            class,
            rule,
            cost: syn::parse_quote!(1),
            filter: false,
            order: false,
            relation: None,
            deprecated: None,
            unit: None,
            example: None,
        };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "filter" => spec.filter = true,
                "order" => spec.order = true,
                "relation" => {
                    spec.relation = Some(input.parse::<Option<Token![=]>>()?.is_some());
                    if spec.relation == Some(true) && input.parse::<Ident>()? != "anywhere" {
                        return Err(Error::new(word.span(), "expected `relation` or `relation = anywhere`"));
                    }
                }
                "cost" => spec.cost = value(input)?,
                "unit" => spec.unit = Some(value(input)?),
                "example" => spec.example = Some(value(input)?),
                "deprecated" => spec.deprecated = Some(value(input)?),
                _ => {
                    return Err(Error::new(
                        word.span(),
                        "expected cost, filter, order, relation, unit, example or deprecated",
                    ));
                }
            }
        }
        if spec.order && !spec.filter {
            return Err(Error::new(
                spec.rule.span(),
                "what lists are ordered by, they can be filtered by: add `filter`",
            ));
        }
        Ok(spec)
    }
}

/// The value after a word: `= …`.
fn value<T: Parse>(input: ParseStream) -> Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// One argument of a field: a single value, or a group which brings several arguments.
pub struct Argument {
    pub ident: Ident,
    pub ty: Tokens,
    pub doc: String,
    pub group: bool,
    pub unlisted: bool,
}

/// Reads the arguments of a method and removes the attributes that only this macro understands.
pub fn arguments(function: &mut ImplItemFn) -> Result<Vec<Argument>> {
    let mut out = Vec::new();
    for input in &mut function.sig.inputs {
        let FnArg::Typed(arg) = input else { continue };
        let Pat::Ident(pattern) = &*arg.pat else {
            return Err(Error::new_spanned(&arg.pat, "an argument has a plain name"));
        };
        let ident = pattern.ident.clone();
        let (mut doc, mut group, mut unlisted) = (String::new(), false, false);
        for attr in std::mem::take(&mut arg.attrs) {
            if attr.path().is_ident("arg") {
                doc = attr.parse_args::<LitStr>()?.value();
            } else if attr.path().is_ident("group") {
                group = true;
            } else if attr.path().is_ident("unlisted") {
                unlisted = true;
            } else {
                arg.attrs.push(attr);
            }
        }
        if doc.is_empty() && !group {
            return Err(Error::new_spanned(&ident, "an argument needs a description: #[arg(\"…\")]"));
        }
        out.push(Argument { ident, ty: lifetime(arg.ty.to_token_stream(), "static"), doc, group, unlisted });
    }
    Ok(out)
}

/// The doc comment as one paragraph per blank line.
pub fn documentation(attrs: &[Attribute]) -> String {
    let mut text = String::new();
    for attr in attrs {
        if let Meta::NameValue(pair) = &attr.meta
            && pair.path.is_ident("doc")
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value
        {
            let line = line.value();
            let line = line.trim();
            if line.is_empty() {
                text.push_str("\n\n");
            } else {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    text
}

/// `internal_offices` becomes `internalOffices`; a trailing `_` (as in `type_`) is dropped.
pub fn camel(ident: &Ident) -> String {
    let raw = ident.to_string();
    let mut out = String::new();
    let mut upper = false;
    for c in raw.trim_start_matches("r#").trim_end_matches('_').chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// Replaces the lifetime `'v` of the view, so that a type can be named outside the method.
pub fn lifetime(tokens: Tokens, to: &str) -> Tokens {
    let mut out = Vec::new();
    let mut pending = false;
    for tree in tokens {
        match tree {
            TokenTree::Punct(p) if p.as_char() == '\'' => {
                pending = true;
                out.push(TokenTree::Punct(p));
            }
            TokenTree::Ident(i) if pending => {
                pending = false;
                let name = if i == "v" { Ident::new(to, Span::call_site()) } else { i };
                out.push(TokenTree::Ident(name));
            }
            TokenTree::Group(g) => {
                let mut group = proc_macro2::Group::new(g.delimiter(), lifetime(g.stream(), to));
                group.set_span(g.span());
                out.push(TokenTree::Group(group));
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}
