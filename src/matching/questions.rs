//! What a need leaves open, as questions to the firm.

use super::points::{Point, PointKind};
use super::query::Section;
use crate::text::{normalize, sentences};

/// Most effects that are asked about.
const INDICATORS_MAX: usize = 3;

/// 追问主题: what a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// 指标: the number that an effect is to reach.
    Indicator,
    /// 现状: what there is and what has been tried.
    CurrentState,
    /// 场景: where and under which conditions it is used.
    Scene,
    /// 材料: what is worked with.
    Material,
    /// 数量: how much of it.
    Quantity,
    /// 约束: what must not be.
    Constraint,
    /// 预算: what it may cost.
    Budget,
    /// 期限: when it is to be done.
    Time,
}

impl Topic {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::CurrentState => "current_state",
            Self::Scene => "scene",
            Self::Material => "material",
            Self::Quantity => "quantity",
            Self::Constraint => "constraint",
            Self::Budget => "budget",
            Self::Time => "time",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Indicator => "指标",
            Self::CurrentState => "现状",
            Self::Scene => "场景",
            Self::Material => "材料",
            Self::Quantity => "数量",
            Self::Constraint => "约束",
            Self::Budget => "预算",
            Self::Time => "期限",
        }
    }
}

/// 追问: something to ask the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What it is about.
    pub topic: Topic,
    /// A Chinese sentence that names the need's own words.
    pub text: String,
}

/// Words by which a need tells something about a topic.
const TOLD: [(Topic, &[&str]); 6] = [
    (
        Topic::CurrentState,
        &[
            "目前", "现有", "现在", "已有", "已经", "当前", "现状", "试过", "尝试", "原来", "以往",
            "基础",
        ],
    ),
    (
        Topic::Scene,
        &[
            "用于",
            "应用于",
            "适用于",
            "场景",
            "工况",
            "环境下",
            "条件下",
            "环境中",
            "现场",
            "领域",
            "用在",
        ],
    ),
    (
        Topic::Quantity,
        &[
            "年产", "日产", "产能", "产量", "批量", "每年", "每月", "每天", "每批", "吨", "万件",
            "万套", "万台", "万支", "规模",
        ],
    ),
    (
        Topic::Constraint,
        &[
            "成本",
            "不能",
            "不得",
            "不影响",
            "不超过",
            "不增加",
            "以内",
            "限制",
            "禁止",
            "避免",
            "兼容",
            "费用",
        ],
    ),
    (Topic::Budget, &["万元", "亿元", "预算", "经费", "出资", "资金", "报价"]),
    (
        Topic::Time,
        &[
            "年底",
            "月底",
            "个月",
            "年内",
            "期限",
            "进度",
            "工期",
            "交付",
            "尽快",
            "之前完成",
            "年前",
            "截止",
        ],
    ),
];

/// 追问: what to ask the firm, concrete enough to be sent as it is; nothing that the text or
/// its points tell. What is not sure to be a point is asked nothing about. In the order of the topics;
/// deterministic.
///
/// A need may tell budget or time beside its text: the caller leaves those questions out.
pub fn questions(title: &str, body: &str, points: &[Point]) -> Vec<Question> {
    let points: Vec<&Point> = points.iter().filter(|point| point.sure).collect();
    let Some(main) = main_point(&points) else { return Vec::new() };
    let name = main.name.as_str();
    let text = normalize(&format!("{title}\n{body}"));
    let tells = |topic: Topic| {
        let words = TOLD.iter().find(|(told, _)| *told == topic).map(|(_, words)| *words);
        words.is_some_and(|words| words.iter().any(|word| text.as_str().contains(word)))
    };
    let has = |kind: PointKind| points.iter().any(|point| point.kind == kind);
    let mut asked = indicators(title, body, &points, name);
    let mut ask = |topic: Topic, text: String| asked.push(Question { topic, text });
    if !tells(Topic::CurrentState) {
        ask(
            Topic::CurrentState,
            format!("「{name}」现在是怎么做的，做到了什么程度，试过哪些办法、效果如何？"),
        );
    }
    if !has(PointKind::Application) && !tells(Topic::Scene) {
        ask(
            Topic::Scene,
            format!("「{name}」用在什么设备或场合，那里的温度、介质、负荷等条件怎样？"),
        );
    }
    if !has(PointKind::Material) && matches!(main.kind, PointKind::Method | PointKind::Effect) {
        ask(Topic::Material, format!("「{name}」针对的是什么材料或对象，牌号、成分或规格是什么？"));
    }
    if matches!(main.kind, PointKind::Material | PointKind::Product) && !tells(Topic::Quantity) {
        ask(Topic::Quantity, format!("「{name}」每年大约需要多少，一批多少？"));
    }
    if !tells(Topic::Constraint) {
        ask(
            Topic::Constraint,
            format!("做「{name}」有哪些不能变的：成本上限、现有设备、尺寸、环保或认证要求？"),
        );
    }
    if !tells(Topic::Budget) {
        ask(Topic::Budget, format!("为「{name}」准备投入多少经费，分几期？"));
    }
    if !tells(Topic::Time) {
        ask(Topic::Time, format!("「{name}」希望什么时候出样品，什么时候用起来？"));
    }
    asked
}

/// The heaviest point that names what the need is about.
fn main_point<'p>(points: &[&'p Point]) -> Option<&'p Point> {
    let rank = |point: &&Point| match point.kind {
        PointKind::Requirement => 0,
        PointKind::Application => 1,
        _ => 2,
    };
    // Of equals the first, hence from the back.
    points
        .iter()
        .copied()
        .rev()
        .max_by(|a, b| rank(a).cmp(&rank(b)).then(a.weight.total_cmp(&b.weight)))
}

/// Asks for the numbers of effects that have none in their sentence; without any effect, for
/// what the need is to be measured by.
fn indicators(title: &str, body: &str, points: &[&Point], name: &str) -> Vec<Question> {
    let asked_for = |point: &Point| {
        let mut subjects = points.iter().filter_map(|other| {
            let subject = other.requirement.as_ref()?.subject?;
            Some(subject.slice(&other.name))
        });
        subjects.any(|subject| point.name.contains(&subject))
    };
    let measured = |point: &Point| {
        if asked_for(point) {
            return true;
        }
        let Some(place) = point.place else { return false };
        let text = match place.section {
            Section::Title => title,
            Section::Body => body,
        };
        let around = sentences(text)
            .into_iter()
            .find(|s| s.span.start <= place.span.start && place.span.start < s.span.end);
        around.is_some_and(|sentence| has_number(&sentence.text))
    };
    let effects = || points.iter().filter(|point| point.kind == PointKind::Effect);
    let question = |text: String| Question { topic: Topic::Indicator, text };
    let told = points.iter().any(|point| point.kind == PointKind::Requirement)
        || sentences(body).iter().any(|sentence| has_number(&sentence.text));
    if effects().next().is_none() && !told {
        let text = format!("「{name}」用哪些指标来验收，现在各是多少，希望各达到多少？");
        return vec![question(text)];
    }
    let open = effects().filter(|point| !measured(point)).take(INDICATORS_MAX);
    open.map(|point| question(format!("「{}」目前是多少，希望达到多少？", point.name))).collect()
}

/// Whether a sentence has a number, its own numbering left out.
fn has_number(sentence: &str) -> bool {
    let normalized = normalize(sentence);
    let text = normalized.as_str().trim_start_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '(' | ')' | '.' | '、' | ',')
    });
    text.contains(|c: char| c.is_ascii_digit()) || text.contains("倍") || text.contains("一半")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{GivenPoint, given_points};

    fn topics(title: &str, body: &str, given: &[(PointKind, &str)]) -> Vec<&'static str> {
        let given: Vec<GivenPoint> = given
            .iter()
            .map(|(kind, name)| GivenPoint { kind: *kind, name: (*name).into(), weight: None })
            .collect();
        let points = given_points(&given, title, body).unwrap();
        questions(title, body, &points).iter().map(|q| q.topic.as_str()).collect()
    }

    #[test]
    fn a_short_text_is_asked_for_everything_in_its_own_words() {
        let given = GivenPoint { kind: PointKind::Effect, name: "空洞率".into(), weight: None };
        let points = given_points(&[given], "降低空洞率", "").unwrap();
        let asked = questions("降低空洞率", "", &points);
        assert_eq!(asked[0].text, "「空洞率」目前是多少，希望达到多少？");
        assert!(asked.iter().all(|q| q.text.contains("「空洞率」") && q.text.ends_with('？')));
        let topics: Vec<&str> = asked.iter().map(|q| q.topic.as_str()).collect();
        let all =
            ["indicator", "current_state", "scene", "material", "constraint", "budget", "time"];
        assert_eq!(topics, all);
    }

    #[test]
    fn what_the_text_tells_is_not_asked() {
        let body =
            "目前空洞率15%，希望不超过5%，用于车载模块，成本不能增加，预算80万元，年底前完成。";
        let points = [(PointKind::Material, "银烧结层"), (PointKind::Effect, "空洞率")];
        assert_eq!(topics("银烧结层", body, &points), ["quantity"]);
        let more = format!("{body}年产能30万片。");
        assert_eq!(topics("银烧结层", &more, &points), Vec::<&str>::new());
    }

    #[test]
    fn an_effect_is_not_asked_for_a_number_that_stands_elsewhere() {
        let points = [(PointKind::Effect, "空洞率控制"), (PointKind::Requirement, "空洞率≤5%")];
        let asked = topics("银烧结层的空洞率控制", "要求空洞率≤5%。", &points);
        assert!(!asked.contains(&"indicator"), "{asked:?}");
        let asked = topics("银烧结层的空洞率控制", "要求剪切强度≥40MPa。", &points[..1]);
        assert!(asked.contains(&"indicator"), "{asked:?}");
    }

    #[test]
    fn without_points_there_is_nothing_to_ask_about() {
        assert_eq!(questions("", "", &[]), []);
    }
}
