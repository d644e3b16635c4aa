//! Examples of coverage, of what a lab lacks and of labs side by side.

use super::examples::{OTHER_ID, lab_name};
use super::{
    Cell, CompareAnswer, CompareBody, Comparison, CoverageAnswer, CoverageBody, Difference,
    Evidence, GivenPoint, LabCoverage, Member, NeedName, Point, Requirement, ScorePart, Team,
    WhyNotAnswer, WhyNotBody,
};

const TEXT: &str = "燃料电池膜电极耐久性不足，希望寿命达到 8000 小时";
const NUMBER: &str = "寿命达到 8000 小时";

pub(super) fn coverage_body() -> CoverageBody {
    CoverageBody {
        text: Some(TEXT.to_owned()),
        limit: Some(10),
        team_size: Some(3),
        ..CoverageBody::default()
    }
}

pub(super) fn why_not_body() -> WhyNotBody {
    WhyNotBody {
        text: Some(TEXT.to_owned()),
        lab: "lab-cnc".to_owned(),
        rank: Some(10),
        ..WhyNotBody::default()
    }
}

pub(super) fn compare_body() -> CompareBody {
    let point = |kind: &str, name: &str| GivenPoint {
        kind: kind.to_owned(),
        name: name.to_owned(),
        weight: None,
    };
    CompareBody {
        text: Some(TEXT.to_owned()),
        points: Some(vec![point("product", "膜电极"), point("requirement", NUMBER)]),
        labs: vec!["lab-h2".to_owned(), "lab-cnc".to_owned()],
        ..CompareBody::default()
    }
}

fn need() -> NeedName {
    NeedName {
        id: None, external_id: None, title: "燃料电池膜电极耐久性不足".to_owned()
    }
}

fn points() -> Vec<Point> {
    let product = Point {
        kind: "product",
        label: "产品",
        name: "膜电极".to_owned(),
        section: Some("title"),
        span: Some([4, 7]),
        weight: 0.6,
        sure: true,
        requirement: None,
    };
    let number = Point {
        kind: "requirement",
        label: "指标",
        name: NUMBER.to_owned(),
        section: Some("title"),
        span: Some([15, 27]),
        weight: 0.4,
        sure: true,
        requirement: Some(Requirement {
            subject: Some("寿命".to_owned()),
            quantity: "达到 8000 小时".to_owned(),
            statement: "reached",
        }),
    };
    vec![product, number]
}

fn evidence(text: &str, offset: u32, spans: Vec<[u32; 2]>) -> Option<Evidence> {
    Some(Evidence {
        achievement: Some(OTHER_ID.to_owned()),
        achievement_external_id: Some("ach-031".to_owned()),
        title: Some("长寿命膜电极及其制备方法".to_owned()),
        field: "abstract",
        text: text.to_owned(),
        offset,
        spans,
        date: Some("2021-06".to_owned()),
    })
}

fn lab() -> LabCoverage {
    let covered = Cell {
        strength: 1.0,
        level: "covered",
        label: "覆盖",
        comparison: None,
        evidence: evidence("提出膜电极的梯度催化层结构。", 0, vec![[2, 5]]),
    };
    let met = Cell {
        strength: 1.0,
        level: "covered",
        label: "覆盖",
        comparison: Some(Comparison {
            verdict: "satisfied",
            label: "达到",
            required: [2, 12],
            found: Some([4, 11]),
        }),
        evidence: evidence("寿命超过 10000 小时。", 14, vec![[0, 2], [2, 13]]),
    };
    LabCoverage {
        rank: Some(1),
        score: 7.25,
        band: "strong",
        label: "强",
        lab: lab_name(),
        contributions: vec![ScorePart {
            kind: "text",
            name: "膜电极".to_owned(),
            field: Some("text"),
            value: 7.25,
        }],
        cells: vec![covered, met],
    }
}

/// The same with nothing in it.
fn other() -> LabCoverage {
    let open =
        || Cell {
            strength: 0.0, level: "open", label: "未覆盖", comparison: None, evidence: None
        };
    LabCoverage {
        rank: None,
        score: 0.0,
        band: "none",
        label: "无",
        contributions: vec![],
        cells: vec![open(), open()],
        ..lab()
    }
}

fn differences(values: [f64; 2]) -> Vec<Difference> {
    vec![Difference { name: "膜电极".to_owned(), values }]
}

pub(super) fn coverage_answer() -> CoverageAnswer {
    CoverageAnswer {
        need: need(),
        statistics: "s-1200".to_owned(),
        position: 1500,
        points: points(),
        labs: vec![lab()],
        team: Team {
            members: vec![Member { lab: 0, lead: true, own: 1.0, adds: 1.0, points: vec![0, 1] }],
            value: 1.0,
            exact: true,
            open: vec![],
        },
    }
}

pub(super) fn why_not_answer() -> WhyNotAnswer {
    let sentences = [
        "“数控机床研究中心”的资料与这条需求没有相同的词，未进入候选；第 1 位“氢能与燃料电池实验室”得分 7.2，比它高 7.2。",
        "若它确有这些方面的工作，请补充相应的成果或简介，再行匹配。",
    ];
    WhyNotAnswer {
        need: need(),
        statistics: "s-1200".to_owned(),
        position: 1500,
        points: points(),
        lab: other(),
        passes_filters: true,
        reference: Some(lab()),
        differences: differences([0.0, 7.25]),
        lacks: vec![0, 1],
        sentences: sentences.map(str::to_owned).to_vec(),
    }
}

pub(super) fn compare_answer() -> CompareAnswer {
    CompareAnswer {
        need: need(),
        statistics: "s-1200".to_owned(),
        position: 1500,
        points: points(),
        labs: vec![lab(), other()],
        differences: differences([7.25, 0.0]),
    }
}
