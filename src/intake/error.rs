//! Why a file could not be read at all. A bad row is no such error, it is [`super::Refused`].

use super::limits::{COLUMNS_MAX, FILE_BYTES_MAX, HEADER_ROWS_MAX, MIB, ROWS_MAX};
use crate::model::Kind;

/// Why nothing of a file was read. The messages are Chinese sentences for the person who
/// chose the file, and say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Records of that kind come of daily work, not from files.
    #[error("{}不能从文件导入；可导入：高校院所、实验室、成果、企业、技术需求", kind.label())]
    NotImported {
        /// The kind asked for.
        kind: Kind,
    },
    /// The file is larger than [`FILE_BYTES_MAX`].
    /// The file is larger than [`FILE_BYTES_MAX`].
    #[error("文件有 {size_bytes} 字节，超过上限 {} MiB，请拆成几个文件", FILE_BYTES_MAX / MIB)]
    FileTooLarge {
        /// Its size.
        size_bytes: usize,
    },
    /// The file has more rows than [`ROWS_MAX`].
    #[error("文件有 {rows} 行数据，超过上限 {ROWS_MAX} 行，请拆成几个文件")]
    TooManyRows {
        /// Its rows, header and notes not counted.
        rows: usize,
    },
    /// The header row has more columns than [`COLUMNS_MAX`].
    #[error("第 {row} 行有 {columns} 列，超过上限 {COLUMNS_MAX} 列")]
    TooManyColumns {
        /// The header row.
        row: u32,
        /// Its columns.
        columns: usize,
    },
    /// The file is of a kind that holds no plain text.
    #[error("这不是文本文件，而是{what}，请另存为 UTF-8 编码的 csv 再导入")]
    NotText {
        /// What it seems to be.
        what: &'static str,
    },
    /// A byte sequence that the encoding does not have.
    #[error(
        "第 {offset} 个字节（从 0 数起）起不是合法的 {encoding}，请另存为 UTF-8，或指定正确的编码"
    )]
    IllegalBytes {
        /// The encoding, or the encodings, that were tried.
        encoding: String,
        /// Offset of the first byte of the sequence in the file, counted from 0.
        offset: usize,
    },
    /// The bytes are legal GB18030, but look like another encoding.
    #[error(
        "文件不是 UTF-8（第 {offset} 个字节，从 0 数起），也不像 GBK，而像 {guess}；\
         请另存为 UTF-8，或指定编码"
    )]
    ForeignEncoding {
        /// Name of the encoding it looks like.
        guess: &'static str,
        /// Offset of the first byte that is not UTF-8, counted from 0.
        offset: usize,
    },
    /// No encoding of that name is known.
    #[error("不认识编码“{name}”，可用：utf-8、gb18030（gbk）、utf-16le、utf-16be")]
    UnknownEncoding {
        /// The name given.
        name: String,
    },
    /// No format of that name is known.
    #[error("不认识文件格式“{name}”，可用：csv、tsv、jsonl")]
    UnknownFormat {
        /// The name given.
        name: String,
    },
    /// There is no header row with the required columns.
    #[error(
        "前 {HEADER_ROWS_MAX} 行里没有合用的表头：缺少必填列 {}；找到的列：{}",
        .missing.join("、"),
        if .found.is_empty() { "无".to_owned() } else { .found.join("、") }
    )]
    MissingColumns {
        /// The missing columns: canonical name and the usual Chinese header.
        missing: Vec<String>,
        /// The headers of the row that comes nearest to a header row.
        found: Vec<String>,
    },
    /// Two headers mean the same column.
    #[error("“{first}”与“{second}”是同一列（{column}），请删去或改名其中一列")]
    DuplicateColumn {
        /// Canonical name of the column.
        column: &'static str,
        /// The header further left.
        first: String,
        /// The header further right.
        second: String,
    },
    /// A header of a money column names a unit that is not of renminbi.
    #[error("“{header}”的单位不是人民币，可用：元、千元、万元、亿元")]
    ForeignMoney {
        /// The header.
        header: String,
    },
    /// The delimiter given cannot be one.
    #[error("“{delimiter}”不能作分隔符，可用英文逗号、分号、制表符等 ASCII 字符")]
    BadDelimiter {
        /// The character given.
        delimiter: char,
    },
    /// The source's name cannot be one.
    #[error("来源名“{name}”不可用：{reason}")]
    BadSource {
        /// The name given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}
