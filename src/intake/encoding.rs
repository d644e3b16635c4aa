//! Bytes → text. No byte is ever replaced: what cannot be read is an error with its offset.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};

use super::error::IntakeError;

/// Byte order marks.
const MARKS: [(&[u8], Encoding); 3] = [
    (b"\xEF\xBB\xBF", Encoding::Utf8),
    (b"\xFF\xFE", Encoding::Utf16Le),
    (b"\xFE\xFF", Encoding::Utf16Be),
];
/// How many bytes are looked at for a NUL, which no text has.
const NUL_BYTES_SEEN: usize = 4096;
/// How many bytes are looked at to tell GBK from other encodings of East Asia.
const GUESS_BYTES_SEEN: usize = 1 << 20;

/// 文本编码: the encodings in which tables are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first, as Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, which includes GBK and GB2312, as Chinese Excel writes csv.
    Gb18030,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
        })
    }
}

impl FromStr for Encoding {
    type Err = IntakeError;

    /// Reads the usual names, in any case: `utf-8`, `gbk`, `gb2312`, `gb18030`, `utf-16le`,
    /// `utf-16be`.
    ///
    /// # Errors
    /// [`IntakeError::UnknownEncoding`].
    fn from_str(name: &str) -> Result<Self, IntakeError> {
        match name.trim().to_ascii_lowercase().replace(['-', '_'], "").as_str() {
            "utf8" => Ok(Self::Utf8),
            "gbk" | "gb2312" | "gb18030" | "cp936" => Ok(Self::Gb18030),
            "utf16" | "utf16le" => Ok(Self::Utf16Le),
            "utf16be" => Ok(Self::Utf16Be),
            _ => Err(IntakeError::UnknownEncoding { name: name.to_owned() }),
        }
    }
}

/// A file's text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without the byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding that was taken.
    pub encoding: Encoding,
    /// Whether a byte order mark stood in front.
    pub bom: bool,
}

/// Reads `bytes` in the encoding `given`, or in the one they are sniffed to be in: by a byte
/// order mark; else UTF-8 if they are legal UTF-8; else GB18030 if they are legal and look
/// like Chinese text in it.
///
/// A file in UTF-8 with a damaged byte would be legal GB18030 too, and nonsense: it is
/// recognised and refused.
///
/// # Errors
/// [`IntakeError::IllegalBytes`], [`IntakeError::ForeignEncoding`] or [`IntakeError::NotText`].
pub fn decode(bytes: &[u8], given: Option<Encoding>) -> Result<Decoded<'_>, IntakeError> {
    let marked = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark));
    match (given, marked) {
        (None, Some((mark, encoding))) => return decode_in(*encoding, bytes, mark.len()),
        (Some(given), Some((mark, marked))) if given == *marked => {
            return decode_in(given, bytes, mark.len());
        }
        // The mark says that the caller is mistaken; what would be read is nonsense.
        (Some(given), Some(_)) => {
            return Err(IntakeError::IllegalBytes { encoding: given.to_string(), offset: 0 });
        }
        (Some(given), None) => return decode_in(given, bytes, 0),
        (None, None) => {}
    }
    refuse_binary(bytes)?;
    let not_utf8 = match decode_in(Encoding::Utf8, bytes, 0) {
        Ok(decoded) => return Ok(decoded),
        Err(error) => error,
    };
    if mostly_utf8(bytes) {
        return Err(not_utf8);
    }
    let decoded = decode_in(Encoding::Gb18030, bytes, 0).map_err(|error| match error {
        IntakeError::IllegalBytes { offset, .. } => {
            IntakeError::IllegalBytes { encoding: "UTF-8 或 GB18030".to_owned(), offset }
        }
        other => other,
    })?;
    match (foreign_guess(bytes, &decoded.text), not_utf8) {
        (Some(guess), IntakeError::IllegalBytes { offset, .. }) => {
            Err(IntakeError::ForeignEncoding { guess, offset })
        }
        _ => Ok(decoded),
    }
}

/// Reads the bytes behind the first `skipped` (the byte order mark) strictly in `encoding`.
fn decode_in(encoding: Encoding, bytes: &[u8], skipped: usize) -> Result<Decoded<'_>, IntakeError> {
    let rest = &bytes[skipped..];
    let text = match encoding {
        Encoding::Utf8 => {
            std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|error| error.valid_up_to())
        }
        Encoding::Utf16Le => strictly(UTF_16LE, rest).map(Cow::Owned),
        Encoding::Utf16Be => strictly(UTF_16BE, rest).map(Cow::Owned),
        Encoding::Gb18030 => strictly(GB18030, rest).map(Cow::Owned),
    };
    match text {
        Ok(text) => Ok(Decoded { text, encoding, bom: skipped > 0 }),
        Err(offset) => Err(IntakeError::IllegalBytes {
            encoding: encoding.to_string(),
            offset: offset + skipped,
        }),
    }
}

/// The text of `bytes`, or the offset of the first illegal sequence.
fn strictly(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
    let mut read = 0;
    loop {
        let (result, more) =
            decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += more;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(bytes.len() - read + 16),
            DecoderResult::Malformed(length, behind) => {
                return Err(read.saturating_sub(usize::from(length) + usize::from(behind)));
            }
        }
    }
}

/// Refuses what people take for a table although it is no text.
fn refuse_binary(bytes: &[u8]) -> Result<(), IntakeError> {
    let what = if bytes.starts_with(b"PK\x03\x04") {
        "xlsx 工作簿或压缩包"
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        "旧版 Excel 工作簿（xls）"
    } else if bytes.iter().take(NUL_BYTES_SEEN).any(|byte| *byte == 0) {
        "二进制文件，或没有 BOM 的 UTF-16（请指定编码）"
    } else {
        return Ok(());
    };
    Err(IntakeError::NotText { what })
}

/// Whether most bytes beyond ASCII form three-byte sequences of UTF-8, as in Chinese text.
/// In GBK text, whose characters have two bytes, such sequences are rare accidents.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let in_sequences: usize = bytes
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().chars())
        .map(char::len_utf8)
        .filter(|length| *length >= 3)
        .sum();
    let beyond_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    in_sequences * 2 > beyond_ascii
}

/// The encoding that the bytes look like, if it is another one than GBK.
///
/// The detector is told to expect Chinese, so that a single short line in GBK is recognised.
/// Characters for private use are what Big5 turns into when it is read as GBK; where there are
/// any the detector is asked again without that expectation.
fn foreign_guess(bytes: &[u8], text: &str) -> Option<&'static str> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let seen = &bytes[..bytes.len().min(GUESS_BYTES_SEEN)];
    detector.feed(seen, seen.len() == bytes.len());
    let foreign = |domain: Option<&[u8]>| {
        let guess = detector.guess(domain, Utf8Detection::Deny);
        (guess != encoding_rs::GBK && guess != GB18030).then(|| guess.name())
    };
    let private = |c| matches!(c, '\u{E000}'..='\u{F8FF}');
    let doubtful = text.chars().any(private);
    foreign(Some(b"cn")).or_else(|| doubtful.then(|| foreign(None)).flatten())
}

#[cfg(test)]
#[path = "encoding_tests.rs"]
mod tests;
