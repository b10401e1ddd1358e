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
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
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
