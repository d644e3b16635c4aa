//! A report for people: as a table for spreadsheets, and as text to be printed.

use super::report::{Report, money};
use super::sheet;

/// A row: section, name, value, of how many.
type Row = [String; 4];

/// A report as CSV: UTF-8 with BOM, one figure a line. No cell is a formula.
pub fn report_csv(report: &Report) -> String {
    let header = ["部分", "指标", "数值", "总数"].map(str::to_owned);
    let title = ["报告".to_owned(), report.title.to_owned(), report.label.clone(), String::new()];
    sheet::spreadsheet([header, title].into_iter().chain(rows(report)))
}

/// A report as text for a printer or a terminal, aligned.
pub fn report_text(report: &Report) -> String {
    let mut text = format!("{}　{}\n", report.title, report.label);
    let rows: Vec<Row> = rows(report).collect();
    for section in rows.chunk_by(|a, b| a[0] == b[0]) {
        let [name, ..] = &section[0];
        let rows = section.iter().map(|[_, name, value, of]| [name, value, of].map(String::clone));
        let table = sheet::printed([name, "数值", "总数"], rows, &[1, 2]);
        text.push_str(&format!("\n{table}\n"));
    }
    text
}

fn rows(report: &Report) -> impl Iterator<Item = Row> {
    let row = |section: &str, name: String, value: String, of: String| -> Row {
        [section.to_owned(), name, value, of]
    };
    let mut rows: Vec<Row> = Vec::new();
    for figure in &report.figures {
        let of = format!("{}（{}）", figure.of, figure.of_label);
        rows.push(row("指标", figure.label.to_owned(), figure.text.clone(), of));
    }
    for group in &report.groups {
        let section = format!("按{}", group.label);
        for part in &group.parts {
            let of = |of: i64| of.to_string();
            let name = |what: &str| format!("{}：{what}", part.label);
            rows.push(row(&section, name("期末线索"), of(part.leads), of(part.of)));
            rows.push(row(&section, name("新增"), of(part.created), of(part.leads)));
            rows.push(row(&section, name("签约"), of(part.signed), of(part.leads)));
            let amount = money(part.signed_amount_fen);
            rows.push(row(&section, name("签约金额"), amount, of(part.signed)));
        }
    }
    for days in &report.days {
        let median = days.median_days.map_or_else(|| "未知".to_owned(), |days| format!("{days}"));
        let name = |what: &str| format!("{}：{what}", days.label);
        rows.push(row("各状态", name("进入"), days.entered.to_string(), String::new()));
        rows.push(row(
            "各状态",
            name("停留天数中位"),
            median,
            format!("{}（离开的线索）", days.left),
        ));
    }
    for role in &report.roles {
        let name = |what: &str| format!("{}：{what}", role.label);
        rows.push(row("按角色", name("活动"), role.activities.to_string(), role.of.to_string()));
        let visits = role.visits.to_string();
        rows.push(row("按角色", name("走访"), visits, role.activities.to_string()));
    }
    for person in &report.commissioners {
        let who = person.user_id.as_deref().unwrap_or("未知");
        let all = person.publicist + person.sower + person.adviser + person.unspecified;
        for (role, count) in [
            ("宣传员", person.publicist),
            ("播种机", person.sower),
            ("参谋长", person.adviser),
            ("未注明", person.unspecified),
        ] {
            rows.push(row("按专员", format!("{who}：{role}"), count.to_string(), all.to_string()));
        }
    }
    rows.into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::lead_examples;
    use super::*;

    #[test]
    fn spreadsheets_get_a_bom_and_no_formula() {
        let mut report = lead_examples::report();
        report.groups[0].parts[0].label = "=cmd|' /C calc'!A0".to_owned();
        let csv = report_csv(&report);
        assert!(csv.starts_with("\u{FEFF}部分,指标,数值,总数\r\n报告,周报,"), "{csv}");
        assert!(csv.contains("'=cmd|' /C calc'!A0：期末线索"), "{csv}");
        let cells = csv.lines().flat_map(|line| line.split(','));
        assert!(cells.into_iter().all(|cell| !cell.starts_with(sheet::FORMULA)));
    }

    #[test]
    fn printed_lines_align() {
        let text = report_text(&lead_examples::report());
        assert!(text.starts_with("周报　2026-W19"), "{text}");
        for table in text.split("\n\n").skip(1) {
            let widths: Vec<usize> = table
                .lines()
                .filter(|line| !line.is_empty())
                .map(unicode_width::UnicodeWidthStr::width)
                .collect();
            assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
        }
        assert!(text.contains("期末需求"), "{text}");
    }
}
