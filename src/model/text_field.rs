//! What a text field may hold, and the refusal that says why it may not.

/// Longest name or title, in Unicode scalar values.
pub const NAME_CHARS_MAX: usize = 400;
/// Longest prose (a need's body, an abstract, a profile), in Unicode scalar values.
pub const PROSE_CHARS_MAX: usize = 30_000;
/// Longest external id, in Unicode scalar values.
pub const EXTERNAL_ID_CHARS_MAX: usize = 200;
/// Most entries of a list field (keywords, labs of one achievement, aliases …).
pub const LIST_ITEMS_MAX: usize = 200;

/// Why a value cannot be a field of a record: what was wrong and what would be right.
///
/// Both sentences are Chinese, since they are shown to the person who entered the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason} (expected: {expected})")]
pub struct Refusal {
    /// Canonical (English) name of the field, as in the import columns.
    pub field: &'static str,
    /// What is wrong with it, one Chinese clause.
    pub reason: String,
    /// What would be accepted, one Chinese clause.
    pub expected: String,
}

impl Refusal {
    /// A refusal of `field` because of `reason`; `expected` says what would be right.
    pub fn new(
        field: &'static str,
        reason: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { field, reason: reason.into(), expected: expected.into() }
    }
}

/// Trims `value` and refuses it if nothing is left or it is longer than `chars_max`.
pub(super) fn required(
    field: &'static str,
    value: &str,
    chars_max: usize,
) -> Result<String, Refusal> {
    let text = optional(field, value, chars_max)?;
    if text.is_empty() {
        return Err(Refusal::new(field, "不能为空", "请填写内容"));
    }
    Ok(text)
}

/// Trims `value` and refuses it if it is longer than `chars_max` or holds a control character.
pub(super) fn optional(
    field: &'static str,
    value: &str,
    chars_max: usize,
) -> Result<String, Refusal> {
    let text = value.trim();
    let chars = text.chars().count();
    if chars > chars_max {
        return Err(Refusal::new(
            field,
            format!("共 {chars} 字，过长"),
            format!("不超过 {chars_max} 字"),
        ));
    }
    if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Refusal::new(
            field,
            format!("含有不可见的控制字符 U+{:04X}", bad as u32),
            "请删去该字符",
        ));
    }
    Ok(text.to_owned())
}

/// Refuses a list of more than [`LIST_ITEMS_MAX`] entries.
pub(super) fn bounded<T>(field: &'static str, items: Vec<T>) -> Result<Vec<T>, Refusal> {
    if items.len() > LIST_ITEMS_MAX {
        return Err(Refusal::new(
            field,
            format!("共 {} 项，过多", items.len()),
            format!("不超过 {LIST_ITEMS_MAX} 项"),
        ));
    }
    Ok(items)
}

/// Trims the entries of a list of names, drops empty ones and repetitions, keeps the order.
pub(super) fn names(field: &'static str, items: Vec<String>) -> Result<Vec<String>, Refusal> {
    let mut kept: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let name = optional(field, &item, NAME_CHARS_MAX)?;
        if !name.is_empty() && !kept.contains(&name) {
            kept.push(name);
        }
    }
    bounded(field, kept)
}
