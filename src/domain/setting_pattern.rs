//! Setting patterns (机构设置模式): "7+5", "4办3中心1执法队和1特色机构", "三局五办六中心", and what departs from them.

use super::{DeviationKind, DivisionTrait, OrganizationCategory, OrganizationField, OrganizationKind};

/// One slot of a pattern: which bodies it takes and how many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// What the slot is called, such as 办 or 农业农村办公室或城市管理办公室.
    pub label: String,
    /// Only bodies of this kind; any kind when absent.
    pub kind: Option<OrganizationKind>,
    /// Only bodies of this form; any form when absent.
    pub category: Option<OrganizationCategory>,
    /// Only bodies of one of these business fields (either/or); any field when empty.
    pub fields: Vec<OrganizationField>,
    /// Only featured bodies, or only others; both when absent.
    pub featured: Option<bool>,
    /// The fewest bodies that fill it.
    pub min: u32,
    /// The most bodies it holds.
    pub max: u32,
    /// The slot exists only where the division has this trait.
    pub condition: Option<DivisionTrait>,
}

/// What a pattern sees of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Kind of the body.
    pub kind: OrganizationKind,
    /// Form of the body.
    pub category: OrganizationCategory,
    /// Business field of the body.
    pub field: OrganizationField,
    /// Whether it is a featured institution (特色机构).
    pub featured: bool,
}

/// One departure from a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// Missing, too many or outside the pattern.
    pub kind: DeviationKind,
    /// The slot, by position; `None` for a body that no slot provides for.
    pub slot: Option<usize>,
    /// How many bodies too few or too many.
    pub count: u32,
    /// The body outside the pattern, by position; `None` for a slot.
    pub body: Option<usize>,
}

/// Why a notation was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotationError {
    /// The text from which on it was not understood.
    pub rest: String,
}

/// What a unit of the notation means. Longer words first, since 执法队 also ends in 队.
const UNITS: &[(&str, Option<OrganizationKind>, Option<OrganizationCategory>, bool)] = &[
    ("综合行政执法队", None, Some(OrganizationCategory::EnforcementTeam), false),
    ("特色机构", None, None, true),
    ("内设机构", Some(OrganizationKind::InternalOffice), None, false),
    ("党政机构", Some(OrganizationKind::InternalOffice), None, false),
    ("事业单位", Some(OrganizationKind::PublicInstitution), None, false),
    ("执法队", None, Some(OrganizationCategory::EnforcementTeam), false),
    ("办公室", None, Some(OrganizationCategory::Office), false),
    ("中心", None, Some(OrganizationCategory::Centre), false),
    ("办", None, Some(OrganizationCategory::Office), false),
    ("局", None, Some(OrganizationCategory::Bureau), false),
    ("站", None, Some(OrganizationCategory::Station), false),
    ("队", None, Some(OrganizationCategory::EnforcementTeam), false),
];

/// Reads a notation with Arabic, full-width or Chinese numerals.
///
/// # Errors
/// The text from which on the notation was not understood.
pub fn parse_notation(text: &str) -> Result<Vec<Slot>, NotationError> {
    let mut rest = text.trim();
    let mut pairs: Vec<(u32, Option<usize>)> = Vec::new();
    while !rest.is_empty() {
        let stop = NotationError { rest: rest.to_owned() };
        let (count, after) = take_number(rest).ok_or_else(|| stop.clone())?;
        let after = after.strip_prefix('个').unwrap_or(after);
        let unit = UNITS.iter().position(|(word, ..)| after.starts_with(word));
        let after = unit.map_or(after, |u| &after[UNITS[u].0.len()..]);
        pairs.push((count, unit));
        rest = after.trim_start_matches(['+', '＋', '、', '，', ',', '和', '与', '及', ' ']);
        if rest.len() == after.len() && unit.is_none() && !rest.is_empty() {
            return Err(stop);
        }
    }
    let bare = pairs.iter().all(|(_, unit)| unit.is_none());
    match pairs.as_slice() {
        [(offices, _), (institutions, _)] if bare => Ok(vec![
            slot("党政工作机构", *offices, Some(OrganizationKind::InternalOffice), None, None),
            slot("事业单位", *institutions, Some(OrganizationKind::PublicInstitution), None, None),
        ]),
        [] => Err(NotationError { rest: text.to_owned() }),
        _ if pairs.iter().any(|(_, unit)| unit.is_none()) => Err(NotationError { rest: text.to_owned() }),
        _ => Ok(with_units(&pairs)),
    }
}

/// Where featured bodies have a slot of their own, the other slots do not take them; else they count by their form.
fn with_units(pairs: &[(u32, Option<usize>)]) -> Vec<Slot> {
    let has_featured = pairs.iter().any(|(_, unit)| unit.is_some_and(|u| UNITS[u].3));
    pairs
        .iter()
        .filter_map(|(count, unit)| {
            let (word, kind, category, featured) = UNITS[(*unit)?];
            Some(slot(word, *count, kind, category, has_featured.then_some(featured)))
        })
        .collect()
}

fn slot(
    label: &str,
    count: u32,
    kind: Option<OrganizationKind>,
    category: Option<OrganizationCategory>,
    featured: Option<bool>,
) -> Slot {
    Slot {
        label: label.to_owned(),
        kind,
        category,
        fields: Vec::new(),
        featured,
        min: count,
        max: count,
        condition: None,
    }
}

/// Takes a number from 1 to 99 in Arabic, full-width or Chinese numerals from the front of a text.
fn take_number(text: &str) -> Option<(u32, &str)> {
    let digit = |c: char| match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => u32::from(c).checked_sub(u32::from('０')),
        _ => None,
    };
    let arabic: usize = text.chars().take_while(|c| digit(*c).is_some()).map(char::len_utf8).sum();
    if arabic > 0 {
        let value = text[..arabic]
            .chars()
            .filter_map(digit)
            .try_fold(0_u32, |v, d| v.checked_mul(10)?.checked_add(d))?;
        return (1..=99).contains(&value).then_some((value, &text[arabic..]));
    }
    let chinese =
        |c: char| "一二三四五六七八九".find(c).map(|at| at as u32 / 3 + 1).or((c == '两').then_some(2));
    let (mut total, mut unit, mut end) = (0, None, 0);
    for c in text.chars() {
        if let (Some(d), None) = (chinese(c), unit) {
            unit = Some(d);
        } else if c == '十' && total == 0 {
            total = unit.take().unwrap_or(1) * 10;
        } else {
            break;
        }
        end += c.len_utf8();
    }
    (end > 0).then(|| (total + unit.unwrap_or(0), &text[end..]))
}

impl Slot {
    fn accepts(&self, body: &Body) -> bool {
        self.kind.is_none_or(|k| k == body.kind)
            && self.category.is_none_or(|c| c == body.category)
            && (self.fields.is_empty() || self.fields.contains(&body.field))
            && self.featured.is_none_or(|f| f == body.featured)
    }

    /// Narrower slots are filled first, so that a general one does not take their bodies.
    fn width(&self) -> usize {
        usize::from(self.fields.is_empty()) * 4
            + usize::from(self.category.is_none()) * 2
            + usize::from(self.kind.is_none())
            + usize::from(self.featured != Some(true)) * 8
    }
}

/// The slots that a township with some traits has.
pub fn provided<'s>(slots: &'s [Slot], traits: &'s [DivisionTrait]) -> impl Iterator<Item = &'s Slot> {
    slots.iter().filter(|slot| slot.condition.is_none_or(|wanted| traits.contains(&wanted)))
}

/// Compares the bodies of a township with its pattern: what is missing, what is too many, what no slot provides for.
#[must_use]
pub fn deviations(slots: &[Slot], bodies: &[Body], traits: &[DivisionTrait]) -> Vec<Deviation> {
    let live: Vec<bool> = slots.iter().map(|s| s.condition.is_none_or(|c| traits.contains(&c))).collect();
    let mut order: Vec<usize> = (0..slots.len()).filter(|i| live[*i]).collect();
    order.sort_by_key(|i| (slots[*i].width(), *i));
    let mut filled = vec![0_u32; slots.len()];
    let mut unplanned = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let fits: Vec<usize> = order.iter().copied().filter(|i| slots[*i].accepts(body)).collect();
        match fits.iter().find(|i| filled[**i] < slots[**i].max).or(fits.first()) {
            Some(slot) => filled[*slot] += 1,
            None => unplanned.push(at),
        }
    }
    let mut out = Vec::new();
    for (at, slot) in slots.iter().enumerate().filter(|(at, _)| live[*at]) {
        let count = filled[at];
        if count < slot.min {
            out.push(Deviation {
                kind: DeviationKind::Missing,
                slot: Some(at),
                count: slot.min - count,
                body: None,
            });
        } else if count > slot.max {
            out.push(Deviation {
                kind: DeviationKind::TooMany,
                slot: Some(at),
                count: count - slot.max,
                body: None,
            });
        }
    }
    out.extend(unplanned.into_iter().map(|body| Deviation {
        kind: DeviationKind::Unplanned,
        slot: None,
        count: 1,
        body: Some(body),
    }));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<(String, u32)> {
        parse_notation(text)
            .unwrap_or_else(|e| panic!("{text}: {e:?}"))
            .into_iter()
            .map(|s| (s.label, s.min))
            .collect()
    }

    fn body(kind: OrganizationKind, category: OrganizationCategory, featured: bool) -> Body {
        Body { kind, category, field: OrganizationField::Other, featured }
    }

    #[test]
    fn the_three_published_notations() {
        assert_eq!(shape("7+5"), [("党政工作机构".into(), 7), ("事业单位".into(), 5)]);
        assert_eq!(shape("７＋５"), shape("七+五"));
        let hanbin = shape("4办3中心1执法队和1特色机构");
        assert_eq!(
            hanbin,
            [("办".into(), 4), ("中心".into(), 3), ("执法队".into(), 1), ("特色机构".into(), 1)]
        );
        assert_eq!(shape("三局五办六中心"), [("局".into(), 3), ("办".into(), 5), ("中心".into(), 6)]);
        assert_eq!(shape("十二办二十一中心两站").iter().map(|s| s.1).collect::<Vec<_>>(), [12, 21, 2]);
    }

    #[test]
    fn other_notations_are_refused() {
        for bad in ["", "+", "办", "7+", "7", "7+5+3", "4办x", "0办", "100办", "4办5", "七五", "一一办"]
        {
            assert!(parse_notation(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn missing_too_many_and_unplanned() {
        use OrganizationCategory as C;
        use OrganizationKind as K;
        let slots = parse_notation("2办1中心和1特色机构").expect("notation");
        let office = body(K::InternalOffice, C::Office, false);
        let centre = body(K::PublicInstitution, C::Centre, false);
        let featured = body(K::InternalOffice, C::Office, true);
        assert_eq!(deviations(&slots, &[office, office, centre, featured], &[]), []);
        let found =
            deviations(&slots, &[office, centre, centre, body(K::PublicInstitution, C::Station, false)], &[]);
        let kinds: Vec<_> = found.iter().map(|d| (d.kind, d.slot, d.count)).collect();
        assert_eq!(
            kinds,
            [
                (DeviationKind::Missing, Some(0), 1),
                (DeviationKind::TooMany, Some(1), 1),
                (DeviationKind::Missing, Some(2), 1),
                (DeviationKind::Unplanned, None, 1),
            ]
        );
    }

    #[test]
    fn a_conditional_slot_asks_only_where_its_trait_is() {
        let mut slots = parse_notation("1办").expect("notation");
        slots[0].condition = Some(DivisionTrait::Border);
        assert_eq!(deviations(&slots, &[], &[]), []);
        assert_eq!(deviations(&slots, &[], &[DivisionTrait::Border]).len(), 1);
    }
}
