use super::super::{Options, Tables, Unresolved, read};
use crate::model::{Body, Draft, InstitutionKind, Kind, LabKind, RecordId, Visibility};

const AREAS: &str = include_str!("../../data/reference/areas.tsv");
const INDUSTRIES: &str = include_str!("../../data/reference/industries.tsv");
const REGIONS: &str = include_str!("../../data/reference/regions.tsv");

fn tables() -> Tables {
    Tables::from_tsv(AREAS, INDUSTRIES, REGIONS).unwrap()
}

/// The refusals of a table as `row column|value|reason`.
fn refused(kind: Kind, table: &str) -> Vec<String> {
    let tables = tables();
    let sheet = read(kind, table.as_bytes(), &Options::new("t.csv"), &tables).unwrap();
    let all = sheet.filter_map(Result::err).flatten();
    all.map(|r| format!("{} {}|{}|{}", r.row, r.column.unwrap_or_default(), r.value, r.reason))
        .collect()
}

fn drafts(kind: Kind, table: &str) -> Vec<Draft> {
    let tables = tables();
    let sheet = read(kind, table.as_bytes(), &Options::new("t.csv"), &tables).unwrap();
    sheet.map(|row| row.unwrap().draft().clone()).collect()
}

#[test]
fn all_bad_cells_of_a_row_are_named_in_the_order_of_the_columns() {
    let table = "编号,需求名称,预算（万元）,技术领域,行业,截止日期,期望成熟度,可见范围\n\
                 ,,面议,NSFC:Z99；新材料；NSFC:Z98,9999,明天,10,秘密\n";
    assert_eq!(
        refused(Kind::Need, table),
        [
            "2 A 编号||不能为空",
            "2 B 需求名称||不能为空",
            "2 C 预算（万元）|面议|“面议”不是金额",
            "2 D 技术领域|NSFC:Z99；新材料；NSFC:Z98|没有技术领域代码“NSFC:Z99”、“NSFC:Z98”",
            "2 E 行业|9999|没有行业代码“9999”",
            "2 F 截止日期|明天|“明天”不是日期",
            "2 G 期望成熟度|10|“10”不是成熟度",
            "2 H 可见范围|秘密|没有“秘密”这个取值",
        ]
    );
}

#[test]
fn texts_that_the_model_refuses_are_all_named_too() {
    let long = "长".repeat(401);
    let table = format!("编号,名称,园区,联系方式,来源系统\ne,{long},{long},a\u{7}b,x:y\n");
    let columns: Vec<String> = refused(Kind::Enterprise, &table)
        .iter()
        .map(|refusal| refusal.split('|').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(columns, ["2 B 名称", "2 C 园区", "2 D 联系方式", "2 E 来源系统"]);
}

#[test]
fn enumerations_are_read_in_both_languages_and_bad_entries_of_a_list_are_all_named() {
    let table = "编号,名称,类别,建设层次\n1,甲,University,985；双一流\n2,乙,研究所,甲等;211;乙等\n";
    assert_eq!(
        refused(Kind::Institution, table),
        ["3 D 建设层次|甲等;211;乙等|没有“甲等”这个取值；没有“乙等”这个取值"]
    );
}

#[test]
fn what_the_file_leaves_open_is_filled_as_documented() {
    let Body::Lab(lab) = &drafts(Kind::Lab, "编号,名称\n1,氢能研究中心\n")[0].body else {
        unreachable!()
    };
    assert_eq!(lab.kind, LabKind::Centre);
    let table = "编号,名称,类别,省份\n1,江苏省农业科学院,,江苏省\n2,某大学,,香港\n";
    let drafts = drafts(Kind::Institution, table);
    assert_eq!((drafts[0].visibility, drafts[0].source.as_str()), (Visibility::Public, "import"));
    let Body::Institution(academy) = &drafts[0].body else { unreachable!() };
    assert_eq!((academy.kind, academy.province.as_str()), (InstitutionKind::Institute, "江苏"));
}

#[test]
fn a_region_that_is_no_province_is_refused() {
    let table = "编号,名称,省份\n1,甲,南京\n2,乙,苏\n3,丙,内蒙古自治区\n";
    assert_eq!(
        refused(Kind::Institution, table),
        ["2 C 省份|南京|“南京市”不是省级行政区", "3 C 省份|苏|没有“苏”这个省级行政区"]
    );
}

#[test]
fn the_kind_that_a_name_suggests_is_the_one_that_the_reference_data_give() {
    let table = include_str!("../../data/reference/institutions.csv");
    let mut wrong = Vec::new();
    for draft in drafts(Kind::Institution, table) {
        let Body::Institution(body) = draft.body else { continue };
        if super::defaults::institution_kind(&body.name) != body.kind {
            wrong.push(body.name);
        }
    }
    assert!(wrong.len() <= 14, "more than one in a hundred: {wrong:?}");
}

#[test]
fn an_area_whose_name_holds_a_separator_stays_whole() {
    let tables = Tables::from_tsv("E01\t金属、合金\nE02\t陶瓷", "", "").unwrap();
    let table = "编号,名称,技术领域\n1,甲,金属、合金；陶瓷、新材料、陶瓷\n";
    let mut sheet = read(Kind::Lab, table.as_bytes(), &Options::new("t.csv"), &tables).unwrap();
    let Body::Lab(lab) = sheet.next().unwrap().unwrap().draft().body.clone() else {
        unreachable!()
    };
    let areas: Vec<_> = lab.areas.iter().map(|area| area.as_text()).collect();
    assert_eq!(areas, ["NSFC:E01", "NSFC:E02", "新材料"]);
}

#[test]
fn references_are_resolved_once_each_or_all_refused_in_one_cell() {
    let tables = Tables::default();
    let table = "编号,题名,所属实验室\n1,甲,l-1；l-2、old:l-1；l-1\n2,乙,l-9；l-8\n";
    let pending: Vec<_> =
        read(Kind::Achievement, table.as_bytes(), &Options::new("t.csv"), &tables)
            .unwrap()
            .map(Result::unwrap)
            .collect();
    let (one, two) = (RecordId::generate(), RecordId::generate());
    let find = |kind: Kind, name: &str| {
        assert_eq!(kind, Kind::Lab);
        match name {
            "l-1" | "old:l-1" => Ok(one),
            "l-2" => Ok(two),
            "l-8" => Err(Unresolved::Ambiguous(vec!["甲库".into(), "乙库".into()])),
            _ => Err(Unresolved::Missing),
        }
    };
    let names: Vec<&str> = pending[0].references().1.iter().map(String::as_str).collect();
    assert_eq!(names, ["l-1", "l-2", "old:l-1"]);
    let mut resolved = pending.into_iter().map(|draft| draft.resolve(find));
    let Body::Achievement(first) = resolved.next().unwrap().unwrap().body else { unreachable!() };
    assert_eq!(first.lab_ids, [one, two]);
    let refused = resolved.next().unwrap().unwrap_err();
    let [refused] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!((refused.row, refused.column.as_deref()), (3, Some("C 所属实验室")));
    assert_eq!(refused.value, "l-9；l-8");
    assert_eq!(refused.reason, "没有编号为“l-9”的实验室；“l-8”在几个来源里都有：甲库、乙库");
}
