//! Cells whose meaning hangs on a reference table, a unit or a separator.

use super::row::Row;
use super::tables::Tables;
use crate::model::{
    Alias, Area, Fen, Industry, LIST_ITEMS_MAX, Mode, NAME_CHARS_MAX, Refusal, RegionTable,
};

/// Separators of every list.
const SEPARATORS: [char; 3] = [';', '；', '、'];
/// Separators of names that may themselves hold 、.
const STRONG_SEPARATORS: [char; 2] = [';', '；'];
/// Separators of keywords.
const KEYWORD_SEPARATORS: [char; 5] = [';', '；', '、', ',', '，'];
/// Provinces that the region table leaves out.
const PROVINCES_BESIDE_TABLE: [&str; 3] = ["香港", "澳门", "台湾"];

/// The entries of a list; a cell with an entry that is too long or not printable is refused.
pub(super) fn list(row: &mut Row, column: &'static str) -> Vec<String> {
    let items = row.items(column, &SEPARATORS);
    checked(row, column, items)
}

/// The entries of a cell of keywords, which may also be parted by commas.
pub(super) fn keywords(row: &mut Row, column: &'static str) -> Vec<String> {
    let items = row.items(column, &KEYWORD_SEPARATORS);
    checked(row, column, items)
}

/// A cell of enumeration values; the refusal names all that are none.
pub(super) fn values<T>(row: &mut Row, column: &'static str) -> Vec<T>
where
    T: std::str::FromStr<Err = Refusal>,
{
    let (mut values, mut reasons, mut expected) = (Vec::new(), Vec::new(), String::new());
    for item in list(row, column) {
        match item
            .parse()
            .or_else(|refusal: Refusal| item.to_lowercase().parse().map_err(|_| refusal))
        {
            Ok(value) => values.push(value),
            Err(refusal) => {
                reasons.push(refusal.reason);
                expected = refusal.expected;
            }
        }
    }
    if !reasons.is_empty() {
        row.refuse(column, reasons.join("；"), expected);
    }
    values
}

/// Other names; dates of their validity are not read from files.
pub(super) fn aliases(row: &mut Row) -> Vec<Alias> {
    list(row, "aliases").into_iter().map(Alias::undated).collect()
}

/// Modes of cooperation, each once.
pub(super) fn modes(row: &mut Row) -> Vec<Mode> {
    unique(list(row, "modes").iter().map(|item| Mode::parse(item)))
}

/// Technology areas, each once. A name that itself holds 、 is taken whole if it is known.
pub(super) fn areas(row: &mut Row, tables: &Tables) -> Vec<Area> {
    let items = row.items("areas", &STRONG_SEPARATORS);
    let items = checked(row, "areas", items);
    let separators: &[char] = if row.is_list("areas") { &[] } else { &['、'] };
    let (mut areas, mut unknown) = (Vec::new(), Vec::new());
    for item in &items {
        let whole = tables.areas.resolve(item).filter(|area| area.code.is_some());
        if let Some(area) = whole {
            areas.push(area);
            continue;
        }
        for piece in item.split(separators).map(str::trim).filter(|piece| !piece.is_empty()) {
            match resolved_area(tables, piece) {
                Some(area) => areas.push(area),
                None => unknown.push(format!("“{piece}”")),
            }
        }
    }
    if !unknown.is_empty() {
        let reason = format!("没有技术领域代码{}", unknown.join("、"));
        row.refuse("areas", reason, "国家自然科学基金申请代码（如 NSFC:E02），或领域名称");
    }
    unique(areas)
}

/// An area by code or name; with an empty table a code is kept in words.
fn resolved_area(tables: &Tables, text: &str) -> Option<Area> {
    if tables.areas.is_empty() {
        return Some(Area { code: None, name: text.to_owned() });
    }
    tables.areas.resolve(text)
}

/// The industry of a row.
pub(super) fn industry(row: &mut Row, tables: &Tables) -> Option<Industry> {
    let text = row.text("industry");
    if text.is_empty() || !printable(row, "industry", &text) {
        return None;
    }
    if tables.industries.is_empty() {
        return Some(Industry { code: None, name: text });
    }
    let industry = tables.industries.resolve(&text);
    if industry.is_none() {
        row.refuse(
            "industry",
            format!("没有行业代码“{text}”"),
            "GB/T 4754-2017 的代码（如 3841 或 GB/T 4754-2017:3841），或行业名称",
        );
    }
    industry
}

/// The province of a row, as written; the model shortens it.
pub(super) fn province(row: &mut Row, tables: &Tables) -> String {
    let text = row.text("province");
    if text.is_empty() || tables.regions.is_empty() {
        return text;
    }
    let short = RegionTable::short_name(&text);
    // A province's code has two digits; 南京 is a region, but none of these.
    let found = tables.regions.find(&text);
    let is_province = found.is_some_and(|region| region.code.len() == 2);
    if is_province || PROVINCES_BESIDE_TABLE.contains(&short) {
        return text;
    }
    let reason = match found {
        Some(region) => format!("“{}”不是省级行政区", region.name),
        None => format!("没有“{text}”这个省级行政区"),
    };
    row.refuse("province", reason, "省、自治区、直辖市的名称，如 江苏 或 江苏省");
    String::new()
}

/// A bare number that comes to less than this, 1,000 yuan, is taken for a forgotten unit.
const BARE_BUDGET_FEN_MIN: i64 = 100_000;

/// The money of a row; a bare number counts in the unit of the header.
pub(super) fn budget(row: &mut Row) -> Option<Fen> {
    let text = row.text("budget");
    if text.is_empty() {
        return None;
    }
    let unit = row.unit("budget");
    let bare = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' '));
    match Fen::parse_in(&text, unit.fen) {
        // 万元 taken for 元 is the error to expect: nobody buys research for 80 yuan.
        Ok(amount) if bare && amount.get() > 0 && amount.get() < BARE_BUDGET_FEN_MIN => {
            let reason = format!("“{text}”按元计只有 {amount}，可能漏写了万元");
            row.refuse("budget", reason, "写明单位，如 80万元");
            None
        }
        Ok(amount) => Some(amount),
        Err(refusal) => {
            let expected = format!(
                "如 80万元、1.5亿元、500000元；只写数字时单位为{}；没有金额请留空",
                unit.label
            );
            row.refuse("budget", refusal.reason, expected);
            None
        }
    }
}

/// `items`, or nothing and a refusal if there are too many or one cannot be a name.
fn checked(row: &mut Row, column: &'static str, items: Vec<String>) -> Vec<String> {
    if items.len() > LIST_ITEMS_MAX {
        let reason = format!("共 {} 项，过多", items.len());
        row.refuse(column, reason, format!("不超过 {LIST_ITEMS_MAX} 项"));
        return Vec::new();
    }
    if items.iter().all(|item| printable(row, column, item)) { items } else { Vec::new() }
}

/// Whether `text` can be a name in a record; if not, the cell is refused.
pub(super) fn printable(row: &mut Row, column: &'static str, text: &str) -> bool {
    let chars = text.chars().count();
    if chars > NAME_CHARS_MAX {
        row.refuse(
            column,
            format!("有一项长 {chars} 字，过长"),
            format!("不超过 {NAME_CHARS_MAX} 字"),
        );
        return false;
    }
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(bad) => {
            let reason = format!("含有不可见的控制字符 U+{:04X}", u32::from(bad));
            row.refuse(column, reason, "请删去该字符");
            false
        }
        None => true,
    }
}

/// The items, each at its first place only.
fn unique<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
