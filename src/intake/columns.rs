//! The columns of each kind of record, and the words that stand above them.
//!
//! Words are written as [`super::headers::normalised`] leaves them. A *spare* word stands for
//! its column only where no other header does: 企业名称 names a need's enterprise unless
//! there is a column 企业编号.

use crate::model::Kind;

/// One canonical column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Canonical name.
    pub(super) name: &'static str,
    /// A table without this column cannot be imported.
    pub(super) required: bool,
    /// A cell holds a list.
    pub(super) list: bool,
    /// Usual Chinese headers; the first is the one to recommend.
    pub(super) words: &'static [&'static str],
    /// Headers that stand for the column if nothing better does.
    pub(super) spare: &'static [&'static str],
}

impl Column {
    /// Whether its cells hold money, so that its header may name a unit.
    pub(super) fn is_money(&self) -> bool {
        self.name == "budget"
    }

    /// Canonical name and recommended header: `title（需求名称）`.
    pub(super) fn display(&self) -> String {
        match self.words.first() {
            Some(word) => format!("{}（{word}）", self.name),
            None => self.name.to_owned(),
        }
    }

    const fn must(mut self) -> Self {
        self.required = true;
        self
    }

    const fn many(mut self) -> Self {
        self.list = true;
        self
    }

    const fn or(mut self, spare: &'static [&'static str]) -> Self {
        self.spare = spare;
        self
    }
}

const fn column(name: &'static str, words: &'static [&'static str]) -> Column {
    Column { name, required: false, list: false, words, spare: &[] }
}

/// The columns of a kind, in the order of the contract, then those that every kind may have.
pub(super) fn columns(kind: Kind) -> impl Iterator<Item = &'static Column> {
    let own: &'static [Column] = match kind {
        Kind::Institution => &INSTITUTION,
        Kind::Lab => &LAB,
        Kind::Achievement => &ACHIEVEMENT,
        Kind::Enterprise => &ENTERPRISE,
        Kind::Need => &NEED,
        // Not imported; `read` refuses them.
        _ => &[],
    };
    own.iter().chain(&COMMON)
}

/// What a column is called on a page: the header to recommend; its own name if it has none.
pub fn column_label(kind: Kind, name: &'static str) -> &'static str {
    let known = columns(kind).find(|column| column.name == name);
    known.and_then(|column| column.words.first().copied()).unwrap_or(name)
}

/// The canonical columns of a kind in the order of the contract, with whether a cell holds a
/// list. Doors that know no header synonyms check their names against them.
pub fn column_names(kind: Kind) -> impl Iterator<Item = (&'static str, bool)> {
    columns(kind).map(|column| (column.name, column.list))
}

static COMMON: [Column; 5] = [
    column("visibility", &["可见范围", "公开范围", "公开方式"]),
    column("owner", &["归属机构", "归属单位", "所有者"]),
    column("source", &["来源系统", "数据来源"]),
    column("source_url", &["来源网址", "来源链接", "原文链接"]),
    column("as_of", &["数据日期", "资料日期"]),
];

const CREDIT_CODE: Column = column(
    "credit_code",
    &["统一社会信用代码", "社会信用代码", "信用代码", "组织机构统一社会信用代码"],
);
const PROVINCE: Column =
    column("province", &["省份", "省", "所在省", "所在省份", "所属省份", "省市自治区"]);
const CITY: Column = column("city", &["城市", "市", "所在市", "所在城市", "所属城市", "地市"]);
const ALIASES: Column =
    column("aliases", &["别名", "曾用名", "其他名称", "原名称"]).or(&["简称"]).many();
const CONTACT: Column =
    column("contact", &["联系方式", "联系人及电话", "联系人及联系方式", "联系信息"])
        .or(&["联系人"]);
const MODES: [&str; 10] = [
    "合作方式",
    "合作模式",
    "技术需求合作模式",
    "意向合作方式",
    "拟合作方式",
    "合作需求",
    "转化方式",
    "拟转化方式",
    "拟采取的转化方式",
    "技术合作方法",
];
const INDUSTRY: [&str; 9] = [
    "行业",
    "所属行业",
    "行业代码",
    "行业分类",
    "应用行业",
    "国民经济行业",
    "国民经济行业代码",
    "所属国民经济行业",
    "需求技术应用行业",
];
const AREAS: [&str; 9] = [
    "技术领域",
    "所属领域",
    "领域",
    "所属技术领域",
    "技术所属领域",
    "研究领域",
    "需求技术所属领域",
    "技术需求领域",
    "所属高新技术领域",
];

static INSTITUTION: [Column; 10] = [
    column("external_id", &["编号", "机构编号", "院校编号", "单位编号", "外部编号"]).must(),
    column(
        "name",
        &["名称", "单位名称", "机构名称", "机构全称", "单位全称", "院校名称", "学校名称"],
    )
    .or(&["高校名称", "高校院所"])
    .must(),
    column("kind", &["类别", "类型", "院校类别", "机构类别", "机构类型"])
        .or(&["单位性质", "机构属性"]),
    column("classes", &["建设层次", "院校层次", "层次", "入选名单"]).many(),
    PROVINCE,
    CITY,
    CREDIT_CODE,
    column("school_code", &["学校代码", "院校代码", "高校代码", "学校标识码"]),
    ALIASES,
    column("website", &["网址", "单位网址", "官网", "网站", "主页"]),
];

static LAB: [Column; 9] = [
    column("external_id", &["编号", "实验室编号", "团队编号", "中心编号", "平台编号", "外部编号"])
        .must(),
    column("institution_ids", &["依托单位编号", "依托单位", "所属机构编号", "依托高校"])
        .or(&["所属单位", "所属高校", "所属院校", "所属学校", "所属机构", "所在单位", "单位名称"])
        .many(),
    column("name", &["名称", "实验室名称", "团队名称", "中心名称", "平台名称", "科研单元名称"])
        .must(),
    column("kind", &["类别", "类型", "实验室类别", "平台类型", "单元类别", "科研单元类别"]),
    column("areas", &AREAS).or(&["研究方向"]).many(),
    column("profile", &["简介", "实验室简介", "团队简介", "中心简介", "平台简介", "介绍", "概况"])
        .or(&["描述", "内容", "研究内容", "详细描述", "主要内容"]),
    CONTACT,
    column("expires_on", &["有效期至", "到期日期", "更新期限"]).or(&["有效期"]),
    ALIASES,
];

static ACHIEVEMENT: [Column; 10] =
    [
        column("external_id", &["编号", "成果编号", "外部编号"])
            .or(&["登记号", "批准登记号", "成果登记号"])
            .must(),
        column("lab_ids", &["实验室编号", "所属实验室编号", "所属实验室", "团队编号"])
            .or(&["实验室", "完成实验室", "所属团队", "完成团队", "所属平台"])
            .many(),
        column("title", &["成果名称", "题名", "标题", "题目", "名称", "论文题目", "专利名称"])
            .or(&["项目名称", "产品名称"])
            .must(),
        column("abstract", &["摘要", "成果简介", "简介", "成果介绍", "成果描述", "成果概述"])
            .or(&["内容", "描述", "成果内容", "详细描述", "主要内容"]),
        column("keywords", &["关键词", "关键字", "成果关键词", "成果关键字"]).many(),
        column("kind", &["成果类型", "类型", "成果形式"]).or(&["类别", "成果体现形式", "体现形式"]),
        column("date", &["日期", "完成时间", "完成日期", "成果完成时间", "发表时间", "授权日期"])
            .or(&["发表日期", "年份", "年度"]),
        column("maturity", &["成熟度", "技术成熟度", "技术成熟度等级", "trl"]),
        column("modes", &MODES).many(),
        column("rights", &["知识产权", "知识产权情况", "知识产权状态", "权属", "权属情况"]),
    ];

static ENTERPRISE: [Column; 9] = [
    column("external_id", &["编号", "企业编号", "单位编号", "外部编号"]).must(),
    column(
        "name",
        &["企业名称", "名称", "单位名称", "公司名称", "企业全称", "机构全称", "机构名称"],
    )
    .or(&["单位全称", "所属单位或公司名称"])
    .must(),
    CREDIT_CODE,
    column("park", &["园区", "所属园区", "所在园区", "高新园区"]),
    column("industry", &INDUSTRY),
    PROVINCE,
    CITY,
    CONTACT,
    ALIASES,
];

static NEED: [Column; 10] = [
    column("external_id", &["需求编号", "编号", "外部编号"]).must(),
    column("enterprise_id", &["企业编号", "需求单位编号", "所属企业编号"]).or(&[
        "企业",
        "企业名称",
        "单位名称",
        "公司名称",
        "机构全称",
        "需求单位",
        "需求企业",
        "所属企业",
        "提出单位",
        "真实需求企业",
        "所属单位或公司名称",
    ]),
    column("title", &["需求名称", "技术需求名称", "需求标题", "题名", "标题", "名称"])
        .or(&["技术难题名称", "难题名称", "项目名称"])
        .must(),
    column(
        "body",
        &[
            "需求内容",
            "需求描述",
            "需求详情",
            "需求详情/应用场景",
            "需求概述",
            "需求说明",
            "技术需求概述",
            "技术需求描述",
            "技术需求内容",
            "重大科技需求概述",
            "具体需求",
            "正文",
            "问题描述",
            "详细描述",
        ],
    )
    .or(&["内容", "描述", "详情", "主要内容", "主要问题", "拟解决的技术难题", "技术难题"]),
    column("industry", &INDUSTRY),
    column("areas", &AREAS).many(),
    column(
        "budget",
        &[
            "预算",
            "预算金额",
            "项目预算",
            "经费预算",
            "研发预算",
            "拟投入资金",
            "拟投入资金总额",
            "拟投入经费",
            "投入资金",
        ],
    )
    .or(&["预算资金", "计划总投资", "预期经费"]),
    column("modes", &MODES).many(),
    column("deadline", &["截止日期", "截止时间", "需求截止日期", "完成期限", "解决期限"]).or(&[
        "需求时限",
        "有效期",
        "有效期至",
    ]),
    column(
        "maturity_wanted",
        &["期望成熟度", "要求成熟度", "成熟度要求", "期望技术成熟度", "技术成熟度", "成熟度"],
    ),
];

#[cfg(test)]
mod tests {
    use super::super::headers::normalised;
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_word_is_normalised_and_means_one_column_of_its_kind() {
        for kind in &Kind::IMPORTED {
            let mut meaning: HashMap<String, &str> = HashMap::new();
            for column in columns(*kind) {
                let words = column.words.iter().chain(column.spare).chain([&column.name]);
                for word in words {
                    if *word != column.name {
                        assert_eq!(normalised(word), *word);
                    }
                    let other = meaning.insert(normalised(word), column.name);
                    assert_eq!(other, None, "{kind:?}: {word} of {}", column.name);
                }
            }
        }
    }

    #[test]
    fn the_columns_are_those_of_the_contract() {
        let names = |kind| columns(kind).map(|c| c.name).collect::<Vec<_>>();
        assert!(names(Kind::Need).starts_with(&[
            "external_id",
            "enterprise_id",
            "title",
            "body",
            "industry",
            "areas",
            "budget",
            "modes",
            "deadline",
            "maturity_wanted",
            "visibility"
        ]));
        assert!(names(Kind::Achievement).starts_with(&[
            "external_id",
            "lab_ids",
            "title",
            "abstract",
            "keywords",
            "kind",
            "date",
            "maturity",
            "modes",
            "rights"
        ]));
    }
}
