//! What is refused in a case, and with which words; what is understood.

use super::*;
use crate::data::Data;
use crate::programmes::fault::FAULTS_MAX;
use crate::programmes::hundred::{Class, Sent, TieKind};

const CASE: &str = "name = \"案例\"\nstart = \"2019-12\"\n";
const BATCHES: &str =
    "批次编号,开始日期,结束日期,名额\n一,2020-01-01,2020年12月31日,2\n二,2021-01,2021-12,\n";
const COMMISSIONERS: &str =
    "专员编号,区,园区,批次,现有任务数\nc1,江宁,,一；二,3\nc2,,江宁开发区,,\n";
const INSTITUTIONS: &str = "高校院所,类别,城市,科技镇长团,距离（公里）,学科,重点实验室\n\
    甲大学,985；重点双一流,北京,是,900,力学；化学,甲、乙实验室\n\
    乙研究所,大院大所,上海,,,,\n";
const TIES: &str = "院校,类型,日期,内容,来源\n乙研究所,框架协议,2019,签约,公开报道\n";

/// A case of the files above with some in place of others, or besides.
fn read(changed: &[(&str, &str)]) -> Result<Case, CaseErrors> {
    let mut files = vec![
        ("case.toml", CASE),
        ("batches.csv", BATCHES),
        ("commissioners.csv", COMMISSIONERS),
        ("institutions.csv", INSTITUTIONS),
        ("ties.csv", TIES),
    ];
    files.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    files.extend(changed);
    let files: Vec<_> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    read_files(&files)
}

fn read_files(files: &[(String, Vec<u8>)]) -> Result<Case, CaseErrors> {
    let data = Data::embedded();
    read_case(files, &Places::load(&data).unwrap(), &RuleBook::load(&data).unwrap())
}

/// The sentences that a file in place of the good one leads to.
fn sentences(name: &str, text: &str) -> Vec<String> {
    let faults = read(&[(name, text)]).unwrap_err();
    faults.told().iter().map(Fault::to_string).collect()
}

/// A sentence on a good table with one text put for another.
fn told_of(name: &str, text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    let told = sentences(name, &text.replacen(from, to, 1));
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].clone()
}

#[test]
fn chinese_headers_aliases_and_gaps_are_understood() {
    let case = read(&[]).unwrap();
    let [first, second] = &case.batches[..] else { panic!("{case:?}") };
    assert_eq!((first.id.as_str(), first.name.as_str(), first.places), ("一", "一", Some(2)));
    assert_eq!((second.end.to_string(), second.places), ("2021-12".to_owned(), None));
    let [c1, c2] = &case.commissioners[..] else { panic!("{case:?}") };
    assert_eq!((c1.home(), c1.load, c1.batches.len()), ("江宁区", 3, 2));
    assert_eq!((c2.home(), c2.district.as_deref()), ("江宁经济技术开发区", Some("江宁区")));
    let [other, first] = &case.institutions[..] else { panic!("{case:?}") };
    assert_eq!((first.sent, first.distance_km, first.disciplines.len()), (Sent::Yes, Some(900), 2));
    assert_eq!(first.classes, [Class::C985, Class::KeyDoubleFirstClass]);
    assert_eq!(first.key_labs, ["甲、乙实验室"]);
    assert_eq!((other.sent, other.distance_km), (Sent::Unknown, None));
    assert_eq!(case.ties[0].evidence[0].kind, TieKind::Framework);
}

#[test]
fn gbk_and_other_names_of_files_make_the_same_case() {
    let names = ["案例.toml", "某处/批次.csv", "专员.csv", "院校.csv", "合作关系.csv"];
    let texts = [CASE, BATCHES, COMMISSIONERS, INSTITUTIONS, TIES];
    let files: Vec<_> = names
        .iter()
        .zip(texts)
        .map(|(name, text)| ((*name).to_owned(), encoding_rs::GBK.encode(text).0.into_owned()))
        .chain([("README.md".to_owned(), b"x".to_vec())])
        .collect();
    let same = read(&[]).unwrap();
    assert_eq!(read_files(&files).unwrap(), same);
    let tabs = INSTITUTIONS.replace(',', "\t");
    assert_eq!(read(&[("institutions.csv", &tabs)]).unwrap(), same);
}

#[test]
fn the_order_of_rows_says_nothing() {
    let rows: Vec<&str> = COMMISSIONERS.lines().collect();
    let turned = [rows[0], rows[2], rows[1]].join("\n");
    assert_eq!(read(&[("commissioners.csv", &turned)]).unwrap(), read(&[]).unwrap());
}

#[test]
fn a_commissioner_is_from_a_district_or_park_of_nanjing() {
    let told = |from: &str, to: &str| told_of("commissioners.csv", COMMISSIONERS, from, to);
    assert_eq!(
        told("c1,江宁,", "c1,,"),
        "commissioners.csv 第 2 行“区”：区和园区都没有填写；至少填一项"
    );
    assert_eq!(
        told("c1,江宁,", "c1,江宇区,"),
        "commissioners.csv 第 2 行“区”：没有南京市的区“江宇区”；相近的有：江宁区、江北新区"
    );
    let park = told(",江宁开发区,", ",江宁高新开发区,");
    assert!(
        park.starts_with("commissioners.csv 第 3 行“园区”：没有南京市的园区“江宁高新开发区”"),
        "{park}"
    );
    assert!(park.contains("江宁"), "{park}");
    assert_eq!(
        told("c2,,江宁开发区", "c2,玄武区,江宁开发区"),
        "commissioners.csv 第 3 行“园区”：江宁经济技术开发区在江宁区，不在玄武区；\
         区与园区应一致，只填园区也可"
    );
    assert_eq!(
        told(",3\n", ",-1\n"),
        "commissioners.csv 第 2 行“现有任务数”：“-1”不是 0 以上的整数；如 0、3、12"
    );
    assert!(told("一；二", "一；三").contains("没有批次“三”"));
    assert!(told("c2,", "c1,").contains("第 3 行“专员编号”：“c1”与第 2 行重复"));
}

#[test]
fn batches_have_an_order() {
    let told = |from: &str, to: &str| told_of("batches.csv", BATCHES, from, to);
    assert_eq!(
        told("2021-01,", "2020-12-31,"),
        "batches.csv 第 3 行“开始日期”：“二”（2020-12-31 起）与“一”（到 2020-12-31）重叠；\
         各批次的日期不得重叠"
    );
    let early = BATCHES.replace("2020年12月31日", "2019-12-31");
    let early = sentences("batches.csv", &early);
    assert!(
        early[0].contains("第 2 行“结束日期”：结束 2019-12-31 早于开始 2020-01-01"),
        "{early:?}"
    );
    let late = BATCHES.replace("2021-12", "2021-13");
    assert!(sentences("batches.csv", &late)[0].contains("“2021-13”不是日期"));
    let many: String =
        (0..=BATCHES_MAX).map(|n| format!("b{n},{},{},\n", 1901 + n, 1901 + n)).collect();
    let many = sentences("batches.csv", &format!("编号,开始,结束,名额\n{many}"));
    assert!(many[0].contains("批次超过 64 行"), "{many:?}");
}

#[test]
fn institutions_have_known_classes_and_are_there_once() {
    let told = |from: &str, to: &str| told_of("institutions.csv", INSTITUTIONS, from, to);
    assert_eq!(
        told("985；", "211；"),
        "institutions.csv 第 2 行“类别”：不认识“211”；\
         应为 985、key_double_first_class、major_institute 之一"
    );
    assert!(
        told(",是,", ",也许,")
            .contains("第 2 行“科技镇长团”：不认识“也许”；应为 yes、no、unknown 之一")
    );
    assert!(told(",900,", ",近,").contains("“近”不是 0 以上的整数"));
    let twice = INSTITUTIONS.replace("乙研究所", "甲大学");
    let ties = TIES.replace("乙研究所", "甲大学");
    let faults = read(&[("institutions.csv", &twice), ("ties.csv", &ties)]).unwrap_err();
    assert!(faults.to_string().contains("第 3 行“高校院所”：“甲大学”与第 2 行重复"), "{faults}");
    assert!(told_of("ties.csv", TIES, "乙研究所", "丙研究所").contains("没有高校院所“丙研究所”"));
    assert!(told_of("ties.csv", TIES, "2019", "去年").contains("“去年”不是日期"));
    assert!(told_of("ties.csv", TIES, "框架协议", "友谊").contains("不认识“友谊”"));
}

#[test]
fn what_an_office_has_found_out_is_taken_and_contradictions_are_told() {
    let head = "院校,是否派出科技镇长团,来源\n";
    let case = read(&[("核实.csv", &format!("{head}乙研究所,否,去函\n"))]).unwrap();
    assert_eq!(case.institutions[0].sent, Sent::No);
    let told = |row: &str| sentences("核实.csv", &format!("{head}{row}"));
    assert!(told("甲大学,否,去函\n")[0].contains("与院校表中的不一致"));
    assert!(told("乙研究所,否,\n")[0].contains("“来源”：没有填写"));
    assert!(told("乙研究所,否,去函\n乙研究所,是,去函\n")[0].contains("与第 2 行重复"));
}

#[test]
fn postings_name_what_there_is_and_one_batch() {
    let head = "类型,专员,院校,批次,续派批次\n";
    let rows = "已发布,c1,甲大学,一,二\n指定,c2,乙研究所,,\n必派,,甲大学,,\n";
    let case = read(&[("派驻.csv", &format!("{head}{rows}"))]).unwrap();
    assert_eq!((case.published.len(), case.forced.len(), case.required.len()), (1, 1, 1));
    assert_eq!((&*case.published[0].batch, &*case.published[0].renewed[0]), ("一", "二"));
    let told = |rows: &str| {
        let told = sentences("postings.csv", &format!("{head}{rows}"));
        assert_eq!(told.len(), 1, "{told:?}");
        told[0].clone()
    };
    assert!(told("已发布,c9,甲大学,一,\n").contains("“专员”：没有专员“c9”"));
    assert!(told("已发布,c1,丙大学,一,\n").contains("“院校”：没有高校院所“丙大学”"));
    assert_eq!(
        told("已发布,c1,甲大学,三,\n"),
        "postings.csv 第 2 行“批次”：“三”不在任何批次之内；应为已有批次之一：一、二"
    );
    assert!(told("已发布,c1,甲大学,,\n").contains("要写明批次"));
    assert!(told("已发布,c1,甲大学,一；二,\n").contains("有 2 个批次，没有续派"));
    assert!(told("已发布,c1,甲大学,二,一\n").contains("“一”不晚于“二”"));
    let apart = told("已发布,c1,甲大学,一,\n已发布,c1,乙研究所,二,\n");
    assert!(
        apart.contains("第 3 行“批次”：“c1”在第 2 行派于“一”，这里又派于“二”，没有续派"),
        "{apart}"
    );
    assert!(told("已发布,c1,甲大学,一,\n已发布,c1,甲大学,一,\n").contains("与第 2 行重复"));
    assert!(told("必派,c1,甲大学,,\n").contains("必派院校只写院校"));
    assert!(told("建议,c1,甲大学,一,\n").contains("应为 forced、published、required 之一"));
    let pairs = "专员,院校\nc1,甲大学\nc1,甲大学\n";
    assert_eq!(read(&[("exclusions.csv", pairs)]).unwrap().forbidden.len(), 1);
    assert!(sentences("排除.csv", "专员,院校\nc9,甲大学\n")[0].contains("没有专员“c9”"));
}

#[test]
fn parameters_are_those_of_the_rules() {
    let told = |line: &str| sentences("case.toml", &format!("{CASE}[parameters]\n{line}\n"));
    let case = read(&[("case.toml", &format!("{CASE}[parameters]\nyears = 4\nfit_min = 0\n"))]);
    assert_eq!(case.unwrap().parameters, [("years".to_owned(), 4), ("fit_min".to_owned(), 0)]);
    assert_eq!(
        told("year = 4"),
        ["case.toml 第 4 行“parameters.year”：没有这个参数；相近的有：years、rich_half_life_years"]
    );
    assert_eq!(
        told("years = 400"),
        ["case.toml 第 4 行“parameters.years”：400 超出范围；应在 1 到 30 之间（年）"]
    );
    assert!(told("years = 4.5")[0].contains("应为一组“参数 = 整数”"));
    assert!(sentences("case.toml", "name = \"x\"\nbegin = \"2019\"\n").len() == 2);
}

#[test]
fn the_form_of_files_is_checked() {
    let of = |from: &str, to: &str| told_of("commissioners.csv", COMMISSIONERS, from, to);
    assert_eq!(
        of("现有任务数", "任务"),
        "commissioners.csv 第 1 行：没有“任务”这一列；相近的有：现有任务数"
    );
    assert!(of("专员编号", "专员号,编号").contains("没有“专员号”这一列"));
    assert!(of("区,园区", "区,区").contains("“区”：与前面的列同为 district"));
    assert!(of("c1,江宁,,", "c1,江宁,").contains("第 2 行：有 4 格，表头有 5 列"));
    assert!(of("一；二,3\n", "\"一；二,3\n").contains("第 2 行：单元格里有换行"));
    assert!(of("c1", &"长".repeat(CELL_CHARS_MAX + 1)).contains("有一格过长"));
    let wide = "列,".repeat(crate::intake::COLUMNS_MAX + 1);
    assert!(sentences("commissioners.csv", &wide)[0].contains("列；最多"));
    let long = format!("{CASE}notes = \"{}\"", "长".repeat(30_000));
    assert!(sentences("case.toml", &long)[0].contains("超过上限 65536 字节"));
    assert!(sentences("commissioners.csv", "")[0].contains("没有表头"));
    assert!(sentences("commissioners.csv", "PK\u{3}\u{4}")[0].contains("xlsx"));
    assert!(sentences("列表.xlsx", "")[0].contains("列表.xlsx：不认识这个文件"));
    assert!(sentences("批次.csv", BATCHES)[0].contains("同类文件有两个"));
    let faults = read_files(&[]).unwrap_err().to_string();
    for file in ["case.toml", "batches.csv", "commissioners.csv", "institutions.csv"] {
        assert!(faults.contains(&format!("{file}：缺少文件")), "{faults}");
    }
}

#[test]
fn all_faults_of_all_files_are_told_up_to_a_limit() {
    let rows: String = (0..FAULTS_MAX).map(|n| format!("d{n},昆山,,,\n")).collect();
    let commissioners = format!("{COMMISSIONERS}{rows}");
    let batches = BATCHES.replace("2021-12", "去年");
    let faults = read(&[("commissioners.csv", &commissioners), ("batches.csv", &batches)]);
    let faults = faults.unwrap_err();
    assert_eq!(faults.told().len(), FAULTS_MAX);
    // The batch that could not be read is missed by the commissioner who wants it.
    assert_eq!(faults.total(), FAULTS_MAX + 2);
    assert!(faults.to_string().contains("另有 2 处错误没有列出"));
}

#[test]
fn a_case_has_so_many_rows_and_no_more() {
    let rows: String = (0..=COMMISSIONERS_MAX).map(|n| format!("c{n},江宁区\n")).collect();
    let told_people = sentences("commissioners.csv", &format!("编号,区\n{rows}"));
    assert!(told_people[0].contains("专员超过 10000 行"), "{told_people:?}");
    let rows: String = (0..=INSTITUTIONS_MAX).map(|n| format!("u{n},985,北京\n")).collect();
    let told_hosts = sentences("institutions.csv", &format!("院校,类别,城市\n{rows}"));
    assert!(told_hosts[0].contains("高校院所超过 10000 行"), "{told_hosts:?}");
}
