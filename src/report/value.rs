//! What the values of dimensions are called, and in which order they stand.

use super::cube::Cube;
use super::dimension::{ALL, Meaning, NULL, ReportDimension, YEAR_0, unpacked};
use crate::domain::{Day, DivisionCode, Locale, reading};
use crate::policy::View;
use rustc_hash::FxHashMap;

/// Texts that values stand for.
pub type Texts = FxHashMap<u64, String>;

/// A value of a dimension.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// Of which dimension.
    pub dimension: ReportDimension,
    /// The value.
    pub value: u64,
    /// Whether the row has a value of another dimension: what stands for all values then is a part of the whole.
    pub of_part: bool,
    /// Texts that values stand for.
    pub texts: &'a Texts,
}

impl Value<'_> {
    /// Whether it stands for all values together, in a total.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.value == ALL
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == NULL
    }

    /// The value as programs read it; nothing where there is none, or all.
    #[must_use]
    pub fn code(&self, view: &View) -> Option<String> {
        if self.value >= ALL {
            return None;
        }
        let at = usize::try_from(self.value).unwrap_or(usize::MAX);
        Some(match self.dimension.spec().meaning {
            Meaning::Code(items) => items.get(at)?.value.to_owned(),
            Meaning::Truth => (self.value == 1).to_string(),
            Meaning::Division => DivisionCode::from_number(self.value).to_string(),
            Meaning::Text => self.texts.get(&self.value)?.clone(),
            Meaning::Year => self.value.to_string(),
            Meaning::Quarter => format!("{}-Q{}", self.value / 4, self.value % 4 + 1),
            Meaning::Month => format!("{}-{:02}", self.value / 12, self.value % 12 + 1),
            Meaning::Day => self.day().to_string(),
            Meaning::Organization | Meaning::Post | Meaning::Pattern | Meaning::Reform | Meaning::Change => {
                return self.label(view, Locale::Zh).into();
            }
        })
    }

    fn day(&self) -> Day {
        Day(i32::try_from(self.value).unwrap_or(0).saturating_sub(YEAR_0))
    }

    /// What it is called.
    #[must_use]
    pub fn label(&self, view: &View, locale: Locale) -> String {
        if self.value == ALL {
            let (zh, en) = if self.of_part { ("小计", "Subtotal") } else { ("合计", "Total") };
            return locale.pick(zh, en).to_owned();
        }
        if self.value == NULL {
            // What is in no division of the level is above it.
            let above = matches!(self.dimension.spec().meaning, Meaning::Division);
            let (zh, en) = if above { ("本级以上", "above") } else { ("（无）", "(none)") };
            return locale.pick(zh, en).to_owned();
        }
        let (at, usual) =
            (usize::try_from(self.value).unwrap_or(usize::MAX), || self.code(view).unwrap_or_default());
        match self.dimension.spec().meaning {
            Meaning::Code(items) => items.get(at).map_or("", |item| locale.pick(item.zh, item.en)).to_owned(),
            Meaning::Truth if self.value == 1 => locale.pick("是", "yes").to_owned(),
            Meaning::Truth => locale.pick("否", "no").to_owned(),
            Meaning::Division => {
                let division = view.division(DivisionCode::from_number(self.value));
                division.map_or_else(usual, |at| view.text(at, view.division_shown(at).name).to_owned())
            }
            Meaning::Organization => name(view, self.value, self.texts),
            Meaning::Post => {
                let post = unpacked(self.value);
                view.text(post, view.post_form(post).title).to_owned()
            }
            Meaning::Pattern => {
                let pattern = unpacked(self.value);
                view.text(pattern, view.pattern_row(pattern).name).to_owned()
            }
            Meaning::Reform => {
                let reform = unpacked(self.value);
                view.text(reform, view.reform_row(reform).name).to_owned()
            }
            Meaning::Change => change(view, self.value),
            Meaning::Text | Meaning::Day => usual(),
            Meaning::Year => format!("{}{}", self.value, locale.pick("年", "")),
            Meaning::Quarter if locale == Locale::Zh => {
                format!("{}年第{}季度", self.value / 4, self.value % 4 + 1)
            }
            Meaning::Month if locale == Locale::Zh => {
                format!("{}年{}月", self.value / 12, self.value % 12 + 1)
            }
            Meaning::Quarter | Meaning::Month => usual(),
        }
    }

    /// By what values are ordered: as they are registered, texts by pinyin; no value comes last.
    #[must_use]
    pub fn sort_key(&self) -> (u64, String) {
        match self.dimension.spec().meaning {
            Meaning::Text if self.value < ALL => {
                (0, self.texts.get(&self.value).map_or_else(String::new, |text| reading::sort_key(text)))
            }
            _ => (self.value, String::new()),
        }
    }
}

/// The name of a body; of one that does not exist on the day the one that it has on the day to compare with, or the last that it had.
fn name(view: &View, value: u64, texts: &Texts) -> String {
    let body = unpacked(value);
    let now = view.organization(body).map(|version| version.name);
    let last = || view.former_organizations(body).last().map(|version| version.name);
    let other = || texts.get(&value).cloned();
    let text = |name| view.text(body, name).to_owned();
    now.map(text).or_else(other).or_else(|| last().map(text)).unwrap_or_default()
}

/// A change in words: what there was, an arrow, what there is.
fn change(view: &View, value: u64) -> String {
    let change = unpacked(value);
    let names = |resulting| {
        let all = view.parties(change, resulting);
        let names = all.filter_map(|(then, at)| Some(then.text(at, then.organization(at)?.name).to_owned()));
        names.collect::<Vec<_>>().join("、")
    };
    let (before, after) = (names(false), names(true));
    match (before.is_empty(), after.is_empty()) {
        (false, false) => format!("{before} → {after}"),
        (true, _) => after,
        (_, true) => before,
    }
}

/// The texts of a cube.
#[must_use]
pub fn texts(cube: &Cube) -> Texts {
    cube.texts.clone()
}
