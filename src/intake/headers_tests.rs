use super::*;

fn column_of(kind: Kind, header: &str) -> Option<&'static str> {
    meaning(kind, header).unwrap().map(|meaning| meaning.column.name)
}

#[test]
fn headers_are_read_as_real_forms_print_them() {
    for (kind, header, column) in [
        (Kind::Need, "external_id", "external_id"),
        (Kind::Need, "External ID", "external_id"),
        (Kind::Need, "TITLE", "title"),
        (Kind::Need, "*技术需求名称：", "title"),
        (Kind::Need, "需求\n名称", "title"),
        (Kind::Need, "机构全称", "enterprise_id"),
        (Kind::Need, "需求详情/应用场景", "body"),
        (
            Kind::Need,
            "重大科技需求概述（主要内容，技术指标、预期经济和社会效益等，限500字）",
            "body",
        ),
        (Kind::Need, "需求技术所属领域\n（非基础研究填写）", "areas"),
        (Kind::Achievement, "题名", "title"),
        (Kind::Achievement, "成果名称 *", "title"),
        (Kind::Achievement, "2.关键词", "keywords"),
        (Kind::Achievement, "6.成果完成时间", "date"),
        (Kind::Achievement, "所属实验室", "lab_ids"),
        (Kind::Achievement, "（3）摘　要", "abstract"),
        (Kind::Institution, "单位名称", "name"),
        (Kind::Enterprise, "机构全称", "name"),
        (Kind::Enterprise, "统一社会信用代码（18位）", "credit_code"),
        (Kind::Lab, "依托单位", "institution_ids"),
    ] {
        assert_eq!(column_of(kind, header), Some(column), "{header}");
    }
    assert_eq!(column_of(Kind::Need, "成果水平"), None);
    assert_eq!(column_of(Kind::Need, "序号"), None, "a running number identifies nothing");
}

#[test]
fn the_unit_of_money_is_read_from_the_header() {
    for (header, label) in [
        ("预算（万元）", Some("万元")),
        ("预算(元)", Some("元")),
        ("拟投入资金总额（单位：亿元）", Some("亿元")),
        ("预算金额（人民币万元，限整数）", Some("万元")),
        ("预算/万元", Some("万元")),
        ("预算万元", Some("万元")),
        ("budget（千元）", Some("千元")),
        ("预算", None),
        ("预算（必填）", None),
    ] {
        let found = meaning(Kind::Need, header).unwrap().unwrap();
        assert_eq!(found.column.name, "budget", "{header}");
        assert_eq!(found.unit.map(|unit| unit.label), label, "{header}");
    }
    let foreign = meaning(Kind::Need, "预算（万美元）").unwrap_err();
    assert!(matches!(foreign, IntakeError::ForeignMoney { .. }));
}

#[test]
fn a_unit_above_the_table_is_read() {
    let unit = |cell| table_unit([cell]).map(|unit| unit.label);
    assert_eq!(unit("单位：万元"), Some("万元"));
    assert_eq!(unit("（金额单位：人民币元）"), Some("元"));
    assert_eq!(unit("填报单位：南京某公司"), None);
    assert_eq!(unit("单位：万美元"), None);
}

#[test]
fn one_column_under_two_headers_is_a_fault_but_a_spare_header_gives_way() {
    let map = |headers: &[&'static str]| {
        let placed = headers.iter().enumerate().map(|(at, header)| (place(at, header), *header));
        super::map(Kind::Need, placed.collect::<Vec<_>>(), None)
    };
    assert_eq!(
        map(&["需求名称", "编号", "题名"]).fault.unwrap().to_string(),
        "“A 需求名称”与“C 题名”是同一列（title），请删去或改名其中一列"
    );
    let mapping = map(&["企业名称", "编号", "企业编号"]);
    assert_eq!(mapping.fault, None);
    assert_eq!(mapping.ignored[0].place, "A 企业名称");
    assert_eq!(mapping.ignored[0].reason, "已取“C 企业编号”列");
    assert_eq!(map(&["企业名称", "编号"]).bound.len(), 2, "alone it is taken");
    assert!(map(&["企业名称", "机构全称"]).fault.is_some(), "two spare ones are as bad");
}

#[test]
fn letters_count_as_in_a_spreadsheet() {
    let letters = [0, 25, 26, 51, 52, 701, 702].map(letter);
    assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
}
