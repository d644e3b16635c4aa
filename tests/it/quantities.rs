//! What is required against what is found: a table of pairs, and laws on random text.

use proptest::prelude::*;

use duijie::text::{Interval, Quantity, Statement, Verdict, compare, quantities};

const PAIRS: &str = include_str!("cases/quantities.tsv");

/// The one verdict on two texts: that of the quantities that can be held against each other.
fn verdict(required: &str, found: &str) -> Verdict {
    let mut known = Vec::new();
    for want in quantities(required) {
        for have in quantities(found) {
            let verdict = compare(&want, required, &have, found);
            if verdict != Verdict::Unknown && !known.contains(&verdict) {
                known.push(verdict);
            }
        }
    }
    assert!(known.len() < 2, "{required} | {found}: satisfied and violated at once");
    known.pop().unwrap_or(Verdict::Unknown)
}

#[test]
fn every_pair_of_the_table_has_its_verdict() {
    let rows: Vec<&str> = PAIRS.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(rows.len() >= 200, "{} pairs", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let [required, found, want] = cells[..] else { panic!("three columns: {row}") };
        let got = format!("{:?}", verdict(required, found)).to_lowercase();
        if got != want {
            let read: Vec<_> = [required, found].map(quantities).into_iter().flatten().collect();
            wrong.push(format!("{row}, not {got}: {read:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_no_quantity_is_not_taken_for_one() {
    for text in [
        "2019年",
        "2019年12月31日",
        "第3代",
        "第三",
        "GB/T 4754-2017",
        "ISO 9001",
        "PA66",
        "IP67",
        "QX-3000",
        "4H-SiC",
        "5G",
        "4K",
        "3D打印",
        "1、2.3.",
        "（1）",
        "①",
        "1:3",
        "12:1",
        "七八万次",
        "几十台",
        "数百公里",
        "十五规划",
        "一次性",
        "二次开发",
        "3元",
        "2000万元",
        "304N",
        "H2O",
        "CO2",
        "ZL202499887766.5",
        "1/10",
        "一般",
        "统一",
        "万一",
        "千瓦级",
        "640×640",
        "三元正极",
        "15项",
        "120人",
        "1.2.3",
        "二〇一九年",
    ] {
        let found = quantities(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn spans_mark_what_the_author_wrote() {
    for (text, want, subject) in [
        ("要求耐温不低于 ２００ 摄氏度。", "不低于 ２００ 摄氏度", "耐温"),
        ("耐溫\u{200b}≥200℃", "≥200℃", "耐溫"),
        ("面積為５㎡以上", "５㎡以上", "面積"),
        ("孔径5～8 nm，", "5～8 nm", "孔径"),
        ("丝速在每秒7mm上下", "每秒7mm上下", "丝速"),
        ("检出率降到 1％ 以下", "降到 1％ 以下", "检出率"),
        ("采用 3 mm厚钢板", "3 mm", ""),
    ] {
        let found = quantities(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].span.slice(text), want, "{text}");
        let got = found[0].subject.map(|s| s.slice(text)).unwrap_or_default();
        assert_eq!(got, subject, "{text}");
    }
}

/// A quantity on a property that is read from one text, so that only the numbers matter.
fn about(interval: Interval, like: &Quantity) -> Quantity {
    Quantity { interval, statement: Statement::Absolute, ..like.clone() }
}

fn interval() -> impl Strategy<Value = Interval> {
    (-50i32..50, 0i32..40, 0u8..4, any::<bool>(), any::<bool>()).prop_map(
        |(low, width, kind, low_open, high_open)| {
            let (low, high) = (f64::from(low), f64::from(low + width));
            let open = width > 0;
            match kind {
                0 => Interval { low_open, ..Interval::at_least(low) },
                1 => Interval { high_open, ..Interval::at_most(high) },
                _ => {
                    Interval { low, high, low_open: low_open && open, high_open: high_open && open }
                }
            }
        },
    )
}

/// Prose with numbers as they come, and rubbish.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[≥≤<>±~-]?[0-9]{1,5}(\\.[0-9]{1,3})?",
        "(mm|μm|℃|%|MPa|kW·h|W/\\(m·K\\)|t/h|年|个月|次|度|万|亿|倍|m2|cm-2|元)",
        "(不低于|小于|约|达到|提高|降到|由|每分钟|零下|百分之|以上|以内|左右|多|级|至|到|×10|的)",
        "[一二三十百千万亿半两零几]{1,5}",
        "(耐温|厚度|孔径|检出率|工作温度|Ra|φ|HRC|pH)",
        "[，。；（）() \\n/]",
        "\\PC{0,4}",
        "[\u{300}-\u{36f}\u{200b}㎡℃①⁰-⁹ﾀﾞ㍿]{0,3}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_and_its_spans_are_in_order_inside_it(text in prose()) {
        let chars = text.chars().count() as u32;
        let mut last = 0;
        for quantity in quantities(&text) {
            let span = quantity.span;
            prop_assert!(last <= span.start && span.start < span.end && span.end <= chars);
            last = span.end;
            prop_assert!(quantity.interval.low <= quantity.interval.high, "{quantity:?}");
            if let Some(subject) = quantity.subject {
                prop_assert!(subject.start < subject.end && subject.end <= chars);
            }
        }
    }

    #[test]
    fn a_statement_never_violates_itself(text in prose()) {
        for quantity in quantities(&text) {
            prop_assert_ne!(compare(&quantity, &text, &quantity, &text), Verdict::Violated);
        }
    }

    #[test]
    fn full_width_says_the_same(text in prose()) {
        let wide: String = text.chars().map(full_width).collect();
        prop_assert_eq!(quantities(&wide), quantities(&text));
    }

    #[test]
    fn the_unit_that_is_written_does_not_matter(
        required in 1u32..5_000, found in 1u32..5_000, sign in 0usize..6,
    ) {
        let sign = ["≥", "≤", "大于", "不超过", "约", ""][sign];
        for (small, large, name) in
            [("μm", "mm", "厚度"), ("mA", "A", "电流"), ("g", "公斤", "重量"), ("Pa", "kPa", "压力")]
        {
            let small_text = format!("{name}{sign}{required}{small}");
            let large_text = format!("{name}{sign}{}{large}", f64::from(required) / 1000.0);
            let evidence = format!("{name}{found} {small}");
            let in_large = format!("{name}{} {large}", f64::from(found) / 1000.0);
            let want = verdict(&small_text, &evidence);
            prop_assert_eq!(verdict(&large_text, &evidence), want);
            prop_assert_eq!(verdict(&small_text, &in_large), want);
            prop_assert_eq!(verdict(&large_text, &in_large), want);
        }
    }

    #[test]
    fn what_may_be_more_never_turns_satisfied_into_violated(
        wanted in interval(), given in interval(), by in 0u32..30, down in any::<bool>(),
        reach in any::<bool>(),
    ) {
        let text = if reach { "工作温度20℃" } else { "水温20℃" };
        let like = &quantities(text)[0];
        let wider = |i: Interval| if down {
            Interval { low: i.low - f64::from(by), low_open: false, ..i }
        } else {
            Interval { high: i.high + f64::from(by), high_open: false, ..i }
        };
        let held = |wanted, given| compare(&about(wanted, like), text, &about(given, like), text);
        if held(wanted, given) == Verdict::Satisfied {
            prop_assert_ne!(held(wider(wanted), given), Verdict::Violated);
            prop_assert_ne!(held(wanted, wider(given)), Verdict::Violated);
        }
    }
}

/// The full-width form of a character, of those that have one and whose ASCII form is not
/// written otherwise in Chinese.
fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(c as u32 - '!' as u32 + '！' as u32).unwrap_or(c),
        c => c,
    }
}
