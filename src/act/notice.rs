//! What an act says when it is refused, or when something is to be looked at.

use crate::code_list;
use crate::domain::{CodeList, Locale};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

code_list! {
    /// Why an act is refused, or what is to be looked at (业务校验代码).
    Problem {
        NotFound = "NOT_FOUND", "对象不存在", "no such object on the day";
        Ended = "ENDED", "已撤销或已结束", "it has ended";
        LaterChange = "LATER_CHANGE", "之后已有变动", "a later change is recorded";
        StillHolds = "STILL_HOLDS", "仍有编制、职数、人员或下属机构", "it still holds establishment, posts, people or bodies";
        WrongKind = "WRONG_KIND", "类别不符", "not for this kind of body or type of establishment";
        NotEnough = "NOT_ENOUGH", "数额不足", "fewer than are to be moved";
        OutOfRange = "OUT_OF_RANGE", "超出允许范围", "a value that is not possible";
        NoChange = "NO_CHANGE", "与现状相同", "it is so already";
        OverEstablishment = "OVER_ESTABLISHMENT", "超编", "more posts are occupied than approved";
        SameName = "SAME_NAME", "同名机构", "another body in the division has the name";
        WrongState = "WRONG_STATE", "程序状态不符", "not from the state in which it is";
        NoConsent = "NO_CONSENT", "乡镇未同意", "the township has not consented";
        NoAnswer = "NO_ANSWER", "乡镇未答复", "the township has not answered";
        OverQuota = "OVER_QUOTA", "超职数", "as many as approved hold the post";
        AlreadyInPost = "ALREADY_IN_POST", "已任其他职务", "the person holds another post";
        TooEarly = "TOO_EARLY", "时限未满", "a term is not over";
        WrongPerson = "WRONG_PERSON", "须由他人办理", "for another person";
        Conflict = "CONFLICT", "期间已有变更", "it was changed since it was read";
        KeyTaken = "IDEMPOTENCY_MISMATCH", "幂等键已用于其他操作", "the key came with something else before";
        Duplicate = "DUPLICATE", "重复登记", "it is registered already";
    }
}

/// A refusal, or a warning: a code, and a sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Code from the closed list.
    #[serde(with = "by_value")]
    pub code: Problem,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
    /// Where in the act, as its input names it; empty for the act as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<String>,
    /// The revisions of later changes that stand in the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<i64>,
}

impl Notice {
    /// A notice with its two sentences.
    #[must_use]
    pub fn new(code: Problem, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { code, en: en.into(), zh: zh.into(), at: Vec::new(), later: Vec::new() }
    }

    /// The same, about a field of the input.
    #[must_use]
    pub fn of(mut self, field: &str) -> Self {
        self.at = vec![field.to_owned()];
        self
    }

    /// The same, where the field is one of a part of the input.
    #[must_use]
    pub fn within(mut self, part: &str) -> Self {
        self.at.insert(0, part.to_owned());
        self
    }

    /// The sentence in a language.
    #[must_use]
    pub fn message(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

/// Whether a text has at most so many characters and at least one, without spaces around it and without signs that nobody sees.
pub fn fits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(is_unseen)
}

/// Signs that nobody sees, by which names that look alike would differ. Variants of characters (U+E0100 on) are part of names.
fn is_unseen(sign: char) -> bool {
    let number = u32::from(sign);
    sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}')
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}')
        || matches!(sign, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e00ff}')
        // No characters at all.
        || matches!(number, 0xfdd0..=0xfdef) || number & 0xfffe == 0xfffe
}

/// Refuses a text that may be absent and does not fit.
pub fn fits_if_any(field: &str, what: [&str; 2], text: Option<&str>, most: usize) -> Result<(), Notice> {
    if text.is_none_or(|text| fits(text, most)) {
        return Ok(());
    }
    let [en, zh] = what;
    Err(Notice::new(
        Problem::OutOfRange,
        format!("{en} has 1 to {most} characters on one line, without spaces around it"),
        format!("{zh}应为 1 至 {most} 个字符的单行文本，首尾无空格"),
    )
    .of(field))
}

/// A code as the graph writes it.
mod by_value {
    use super::{CodeList, Deserialize, Deserializer, Problem, Serializer};

    pub fn serialize<S: Serializer>(code: &Problem, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(code.value())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Problem, D::Error> {
        let text = String::deserialize(from)?;
        Problem::parse(&text).ok_or_else(|| serde::de::Error::custom("an unknown code"))
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn what_nobody_sees_is_no_name() {
        for sign in [
            '\0',
            '\u{7f}',
            '\u{ad}',
            '\u{34f}',
            '\u{115f}',
            '\u{200b}',
            '\u{202e}',
            '\u{2800}',
            '\u{3164}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fdd0}',
            '\u{ffff}',
            '\u{1fffe}',
            '\u{e0001}',
            '\u{e0041}',
        ] {
            assert!(!fits(&format!("办{sign}公室"), 60), "{:x}", u32::from(sign));
        }
        // Rare characters, points in names, and variants of characters are to be seen.
        for name in ["经济发展办公室", "阿依古丽·买买提", "𠮷", "㐂", "葛\u{e0100}城"] {
            assert!(fits(name, 60), "{name}");
        }
    }
}
