//! Faults: what a client is told when something is wrong. A closed list of codes, a sentence that says what to do, in
//! two languages, and nothing else: no database text, no path, no hidden name.

use super::{CodeList, Locale};
use crate::code_list;

code_list! {
    /// Code of an error (错误代码). The list is closed; clients may rely on it.
    ErrorCode {
        BadRequest = "BAD_REQUEST", "请求格式错误", "the request is not a GraphQL request";
        GraphqlParseFailed = "GRAPHQL_PARSE_FAILED", "查询语法错误", "the document is not GraphQL";
        GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED", "查询未通过校验", "the document does not fit the schema";
        OperationNotFound = "OPERATION_NOT_FOUND", "未指定操作", "no operation, or not clear which";
        BadUserInput = "BAD_USER_INPUT", "输入无效", "a value is not acceptable";
        CursorInvalid = "CURSOR_INVALID", "游标无效", "the cursor belongs to another query";
        QueryTooLarge = "QUERY_TOO_LARGE", "查询过大", "the document is larger than allowed";
        QueryTooExpensive = "QUERY_TOO_EXPENSIVE", "查询代价过高", "answering costs more than allowed";
        PayloadTooLarge = "PAYLOAD_TOO_LARGE", "请求体过大", "the body is larger than allowed";
        Unauthenticated = "UNAUTHENTICATED", "身份验证失败", "the token is not valid";
        Forbidden = "FORBIDDEN", "无权操作", "not allowed for the viewer";
        NotFound = "NOT_FOUND", "地址不存在", "no such address";
        MethodNotAllowed = "METHOD_NOT_ALLOWED", "方法不允许", "not with this HTTP method";
        NotAcceptable = "NOT_ACCEPTABLE", "无法按要求的格式应答", "no media type in common";
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", "不支持的请求格式", "the body has to be JSON";
        Timeout = "TIMEOUT", "处理超时", "took longer than allowed";
        Unavailable = "UNAVAILABLE", "暂不可用", "cannot be done just now";
        Internal = "INTERNAL", "内部错误", "a fault of the server";
    }
}

impl ErrorCode {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn retryable(self) -> bool {
        matches!(self, Self::Timeout | Self::Unavailable | Self::Internal)
    }
}

/// A fault in both languages. It has no `Display` on purpose: only the HTTP room turns it into text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Code from the closed list.
    pub code: ErrorCode,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// What is wrong and what to do, in English.
    pub en: String,
}

impl Fault {
    /// A fault with its two sentences.
    #[must_use]
    pub fn new(code: ErrorCode, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { code, zh: zh.into(), en: en.into() }
    }

    /// A value that is not acceptable.
    #[must_use]
    pub fn input(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadUserInput, en, zh)
    }

    /// A fault that has nothing to say beyond its code.
    #[must_use]
    pub fn plain(code: ErrorCode) -> Self {
        let item = code.item();
        Self::new(code, format!("{}.", capital(item.en)), format!("{}。", item.zh))
    }

    /// The sentence in a language.
    #[must_use]
    pub fn message(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
