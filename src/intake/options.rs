//! What the caller knows about a file beforehand.

use std::fmt;
use std::str::FromStr;

use super::encoding::Encoding;
use super::error::IntakeError;
use crate::model::EXTERNAL_ID_CHARS_MAX;

/// 文件格式: how records are laid out in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table in text; csv and tsv are told apart by the delimiter found.
    Csv,
    /// One JSON object per line.
    Jsonl,
}

impl Format {
    /// The format that a file's name or, failing that, its text suggests.
    pub(super) fn sniff(file: &str, text: &str) -> Self {
        let extension = file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match extension.as_deref() {
            Some("csv" | "tsv" | "txt") => Self::Csv,
            Some("jsonl" | "ndjson") => Self::Jsonl,
            _ => {
                let first = text.lines().find(|line| {
                    let line = line.trim_start();
                    !line.is_empty() && !line.starts_with('#')
                });
                let is_object = first.is_some_and(|line| line.trim_start().starts_with('{'));
                if is_object { Self::Jsonl } else { Self::Csv }
            }
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        })
    }
}

impl FromStr for Format {
    type Err = IntakeError;

    /// Reads `csv`, `tsv`, `jsonl` or `ndjson`.
    ///
    /// # Errors
    /// [`IntakeError::UnknownFormat`].
    fn from_str(name: &str) -> Result<Self, IntakeError> {
        match name.trim().to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Ok(Self::Csv),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            _ => Err(IntakeError::UnknownFormat { name: name.to_owned() }),
        }
    }
}

/// How to read a file. What is `None` is sniffed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name of the file, as refusals name it; its ending suggests the format.
    pub file: String,
    /// Format.
    pub format: Option<Format>,
    /// Encoding.
    pub encoding: Option<Encoding>,
    /// Delimiter of a csv file: an ASCII character, but no quote, letter, digit or line end.
    pub delimiter: Option<char>,
    /// Source of the rows that name none. Part of a record's identity: the same external id
    /// under another source is another record.
    pub source: String,
}

impl Options {
    /// Options that sniff everything; rows without a source are from `import`.
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            format: None,
            encoding: None,
            delimiter: None,
            source: "import".to_owned(),
        }
    }

    /// The same for rows from `source`.
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// Refuses a delimiter that is none and a source that would make every row a bad one.
    pub(super) fn check(&self) -> Result<(), IntakeError> {
        let delimits = |c: char| c == '\t' || c == ' ' || (c.is_ascii_punctuation() && c != '"');
        if let Some(delimiter) = self.delimiter.filter(|delimiter| !delimits(*delimiter)) {
            return Err(IntakeError::BadDelimiter { delimiter });
        }
        let name = self.source.trim();
        let reason = if name.is_empty() {
            "不能为空"
        } else if name.contains(':') {
            "不能含冒号，冒号用来分隔来源与编号"
        } else if name.chars().count() > EXTERNAL_ID_CHARS_MAX {
            "过长"
        } else if name.chars().any(char::is_control) {
            "含有控制字符"
        } else {
            return Ok(());
        };
        Err(IntakeError::BadSource { name: self.source.clone(), reason })
    }
}
