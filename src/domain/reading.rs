//! How names are read and compared: pinyin (拼音) with the polyphones of place names, and folding (归一) of traditional and
//! simplified characters, full and half width, upper and lower case.
//!
//! Readings of single characters come from the crate `pinyin`, simplified forms from the dictionaries of OpenCC in the crate
//! `hanconv`, width from Unicode's compatibility forms. What none of them knows are the readings of places: `readings.csv`.

use hanconv::RawDictionary;
use pinyin::{Pinyin, ToPinyin};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Readings of texts that the dictionary of characters gets wrong, by their first character, the longest text first.
static PLACES: LazyLock<FxHashMap<char, Vec<Place>>> = LazyLock::new(|| {
    let mut out: FxHashMap<char, Vec<Place>> = FxHashMap::default();
    for line in include_str!("readings.csv").lines().skip(1) {
        let Some((text, readings)) = line.split_once(',') else { continue };
        let text: Vec<char> = text.chars().collect();
        let readings = readings.split('/').map(|r| r.split(' ').collect()).collect();
        if let Some(first) = text.first() {
            out.entry(*first).or_default().push(Place { text, readings });
        }
    }
    out.values_mut().for_each(|places| places.sort_by_key(|p| std::cmp::Reverse(p.text.len())));
    out
});

struct Place {
    text: Vec<char>,
    /// Each is one syllable a character; the first is the usual one.
    readings: Vec<Vec<&'static str>>,
}

/// Simplified forms of traditional characters.
static SIMPLIFIED: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let one = |text: &str| text.chars().next();
    let pairs = RawDictionary::TSCharacters.var_iter().filter_map(|(from, forms)| {
        // 乾 is 干 in most words and itself in names: what is among its own forms stays as it is.
        if forms.contains(&from) { None } else { Some((one(from)?, one(forms.first()?)?)) }
    });
    pairs.collect()
});

/// How a character of a text is read: the usual reading first. Empty for what is no Chinese character.
type Syllables = SmallVec<[&'static str; 2]>;

/// The readings of each character of a text, with the tone as a last digit. A place keeps the dictionary's readings of its
/// characters as further ones: not everybody knows how it is read.
fn syllables(text: &[char]) -> Vec<Syllables> {
    let mut out: Vec<Syllables> = Vec::with_capacity(text.len());
    while out.len() < text.len() {
        let rest = &text[out.len()..];
        let known = PLACES.get(&rest[0]).and_then(|all| all.iter().find(|p| rest.starts_with(&p.text)));
        match known {
            Some(place) => out.extend(place.text.iter().enumerate().map(|(at, c)| {
                let mut own: Syllables = place.readings.iter().filter_map(|r| r.get(at).copied()).collect();
                own.extend(dictionary(*c).filter(|usual| !own.contains(usual)));
                own
            })),
            None => out.push(dictionary(rest[0]).into_iter().collect()),
        }
    }
    out
}

/// The usual reading of a character by itself.
fn dictionary(c: char) -> Option<&'static str> {
    c.to_pinyin().map(Pinyin::with_tone_num_end)
}

/// The longest part of a text that decides over its order.
const SORTED: usize = 64;

/// A key that orders texts by pinyin: syllable by syllable, by letters, then tone, then character. Texts that differ within
/// their first 64 characters have different keys.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let chars: Vec<char> = text.chars().take(SORTED).collect();
    let mut out = String::with_capacity(text.len() * 3);
    for (c, readings) in chars.iter().zip(syllables(&chars)) {
        // `ü` stands after every other letter and is written `v`.
        out.extend(
            readings.first().into_iter().flat_map(|r| r.chars()).map(|l| if l == 'ü' { 'v' } else { l }),
        );
        out.push(*c);
    }
    out
}

/// The characters of the basic plane as search compares them: a register has millions, and working one out takes long.
static FOLDED: LazyLock<Box<[char]>> = LazyLock::new(|| {
    let code = |n: u32| char::from_u32(n).map_or(char::REPLACEMENT_CHARACTER, fold_one);
    (0..0x1_0000).map(code).collect()
});

/// A character as search compares it: half width, lower case, simplified. What has no one form stays as it is.
#[must_use]
pub fn fold_char(c: char) -> char {
    FOLDED.get(c as usize).copied().unwrap_or_else(|| fold_one(c))
}

fn fold_one(c: char) -> char {
    let mut forms = std::iter::once(c).nfkc();
    let plain = match (forms.next(), forms.next()) {
        (Some(one), None) => one,
        _ => c,
    };
    let mut lower = plain.to_lowercase();
    let lower = match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => plain,
    };
    SIMPLIFIED.get(&lower).copied().unwrap_or(lower)
}

/// Whether search passes over a character: blanks, brackets of every shape and quotation marks, which everybody types
/// otherwise or not at all.
#[must_use]
pub fn passed_over(c: char) -> bool {
    c.is_whitespace() || "()（）[]［］{}｛｝<>＜＞〈〉《》「」『』【】〔〕“”‘’\"'".contains(c)
}

/// A text as search compares it: character by character, without those that are passed over.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| !passed_over(*c)).map(fold_char).collect()
}

/// What somebody typed as pinyin: letters only, without tones, blanks and apostrophes. Nothing when it holds anything else.
#[must_use]
pub fn fold_letters(text: &str) -> Option<String> {
    let mut out = String::new();
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => out.push(c),
            // The two dots of ü, after its u.
            '\u{308}' if out.ends_with('u') => {
                out.pop();
                out.push('v');
            }
            // A tone.
            '1'..='5' if out.ends_with(|l: char| l.is_ascii_lowercase()) => {}
            '\u{300}'..='\u{36f}' | '\'' | '’' | '-' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// A text spelt in pinyin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The letters of all syllables, one after the other.
    pub letters: String,
    /// Where in the letters the syllable of each character begins.
    pub starts: Vec<u16>,
    /// The first letter of each syllable.
    pub initials: String,
}

/// The most spellings of one text.
const SPELLINGS: usize = 4;

/// The spellings of a folded text: the usual one first, then those by other readings of its polyphones. None when there is
/// no Chinese character in it.
#[must_use]
pub fn spellings(text: &str) -> Vec<Spelling> {
    let chars: Vec<char> = text.chars().collect();
    let syllables = syllables(&chars);
    if syllables.iter().all(|readings| readings.is_empty()) {
        return Vec::new();
    }
    let mut all: Vec<Vec<Letters>> = vec![Vec::with_capacity(chars.len())];
    for (c, readings) in chars.iter().zip(&syllables) {
        let mut forms: SmallVec<[Letters; 1]> = readings.iter().map(|r| letters(r)).collect();
        if forms.is_empty() {
            forms.push(c.to_string().into());
        }
        forms.dedup();
        // Most characters have one reading.
        if let [only] = forms.as_slice() {
            all.iter_mut().for_each(|spelling| spelling.push(only.clone()));
            continue;
        }
        let room = SPELLINGS / all.len();
        forms.truncate(room.max(1));
        all = forms
            .iter()
            .flat_map(|f| all.iter().map(move |s| [s.as_slice(), std::slice::from_ref(f)].concat()))
            .collect();
    }
    all.into_iter().map(|parts| Spelling::of(&parts)).collect()
}

impl Spelling {
    fn of(parts: &[Letters]) -> Self {
        let mut out = Self { letters: String::new(), starts: Vec::new(), initials: String::new() };
        for part in parts {
            out.starts.push(u16::try_from(out.letters.len()).unwrap_or(u16::MAX));
            out.letters.push_str(part);
            out.initials.extend(part.chars().next());
        }
        out
    }
}

/// The letters of a syllable.
type Letters = Cow<'static, str>;

/// A syllable without its tone: `lü4` is `lv`.
fn letters(syllable: &'static str) -> Letters {
    let letters = syllable.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.contains('ü') { letters.replace('ü', "v").into() } else { letters.into() }
}

#[cfg(test)]
mod tests {
    use super::{PLACES, fold, fold_letters, sort_key, spellings};

    fn spelt(text: &str) -> Vec<String> {
        spellings(text).into_iter().map(|s| s.letters).collect()
    }

    #[test]
    fn places_are_read_as_their_people_read_them() {
        for (name, read) in [
            ("乐清市", "yueqingshi"),
            ("乐亭县", "laotingxian"),
            ("长子县", "zhangzixian"),
            ("长春市", "changchunshi"),
            ("重庆市", "chongqingshi"),
            ("六安市", "luanshi"),
            ("铅山县", "yanshanxian"),
            ("番禺区", "panyuqu"),
            ("吕梁市", "lvliangshi"),
            ("普基镇", "pujizhen"),
            ("西藏自治区", "xizangzizhiqu"),
        ] {
            assert_eq!(spelt(name)[0], read, "{name}");
        }
        assert_eq!(spellings("普基镇")[0].initials, "pjz");
        assert_eq!(spellings("普基镇")[0].starts, [0, 2, 4]);
        assert!(spelt("黄家堡").contains(&"huangjiapu".to_owned()), "{:?}", spelt("黄家堡"));
        assert!(spelt("乐清市").contains(&"leqingshi".to_owned()), "{:?}", spelt("乐清市"));
        assert!(spelt("A-1").is_empty());
    }

    #[test]
    fn every_reading_has_a_syllable_for_each_character() {
        for place in PLACES.values().flatten() {
            for reading in &place.readings {
                assert_eq!(reading.len(), place.text.len(), "{:?}", place.text);
                assert!(reading.iter().all(|s| s.ends_with(['1', '2', '3', '4'])), "{:?}", place.text);
            }
        }
    }

    #[test]
    fn order_is_by_syllable_then_tone() {
        let mut names = ["长春市", "安东", "昂昂溪", "八里", "乐清", "巴彦", "1号", "绿春", "路南"];
        names.sort_by_key(|n| sort_key(n));
        assert_eq!(names, ["1号", "安东", "昂昂溪", "八里", "巴彦", "长春市", "路南", "绿春", "乐清"]);
        assert_ne!(sort_key("市"), sort_key("是"));
    }

    #[test]
    fn forms_that_look_alike_are_one() {
        assert_eq!(fold("普基鎮"), "普基镇");
        assert_eq!(fold("東港市 樂清"), "东港市乐清");
        assert_eq!(spelt(&fold("乾县"))[0], "qianxian");
        assert_eq!(fold("Ａ１（试）〔2019〕12号"), "a1试201912号");
        assert_eq!(fold_letters("Pǔ jī").as_deref(), Some("puji"));
        assert_eq!(fold_letters("LÜ'liang").as_deref(), Some("lvliang"));
        assert_eq!(fold_letters("xi'an"), Some("xian".to_owned()));
        assert_eq!(fold_letters("普ji"), None);
        assert_eq!(fold_letters("pu3ji1").as_deref(), Some("puji"));
        assert_eq!(fold_letters("12"), None);
        assert_eq!(fold_letters("11990101MB0000"), None);
    }
}
