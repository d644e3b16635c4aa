//! The noun phrase that a quantity measures, right before or right after it.
//!
//! Read off the characters, without a dictionary: it ends at punctuation and at function
//! words. What comes out wrong is a phrase that no other text has, so nothing is compared.

use super::characters::{Characters, is_chinese};
use super::property;

/// A phrase, as a range of characters.
pub type Range = (usize, usize);

/// Longest phrase, in characters; a longer one is cut to the property it ends with.
const SUBJECT_CHARS_MAX: usize = 12;
/// How far back a phrase is looked for.
const LOOK_CHARS_MAX: usize = 24;
/// Longest bracket passed: 硬度（HRC）.
const BRACKET_CHARS_MAX: usize = 12;

/// Characters that end a phrase.
const BORDERS: &str = "的在从由和与将使把被对以及或并且可能需要应时下中内后前其了有含于至到为是达约仅则而但也还都很较比每各该本只个让给向经按用等上我们它这那若当因且又再已未不无没候一两掉";

/// Words that have one of [`BORDERS`] in them.
const WHOLE_WORDS: &[&str] = &[
    "性能",
    "要求",
    "需求",
    "缩比",
    "百分比",
    "一致",
    "均一",
    "统一",
    "单一",
    "唯一",
    "同一",
    "日本",
    "样本",
    "基本",
    "本体",
    "本征",
    "产能",
    "耗能",
    "用能",
    "官能",
    "势能",
    "气候",
    "能量",
    "能耗",
    "能效",
    "能力",
    "功能",
    "节能",
    "储能",
    "动能",
    "热能",
    "电能",
    "比能",
    "键合能",
    "能源",
    "相对",
    "对准",
    "对比度",
    "有机",
    "有效",
    "有功",
    "中心",
    "下限",
    "下降",
    "下垂",
    "后处理",
    "含量",
    "含水",
    "含氧",
    "含油",
    "含盐",
    "含硫",
    "含氮",
    "含碳",
    "含尘",
    "响应",
    "反应",
    "感应",
    "应力",
    "应变",
    "可靠",
    "可用",
    "时间",
    "时延",
    "时长",
    "用时",
    "耗时",
    "延时",
    "工时",
    "内径",
    "内阻",
    "内压",
    "内部",
    "使用",
    "利用",
    "用量",
    "用水",
    "用电",
    "比表面",
    "比容",
    "比能量",
    "比例",
    "比导",
    "占比",
    "比率",
    "比强",
    "比功率",
    "宽比",
    "径比",
    "压缩比",
    "成比",
    "屈比",
    "噪比",
    "液比",
    "固比",
    "短路比",
    "硅比",
    "平均",
    "成本",
    "上限",
    "上升",
    "饱和",
    "中和",
    "和度",
    "冷却",
    "时效",
    "中值",
    "中位",
    "前角",
    "后角",
    "个数",
    "时滞",
    "不均匀",
    "不圆度",
    "无故障",
    "无线",
    "不良率",
    "不平衡",
    "不确定度",
    "本征",
    "等效",
    "约束",
    "上电",
    "向力",
    "轴向",
    "径向",
    "横向",
    "纵向",
    "方向",
    "向误差",
    "定向",
    "自由",
    "从动",
    "未焊",
    "未熔",
    "可视",
    "安时",
    "瓦时",
    "实时",
    "中频",
    "中压",
    "前端",
    "等离子",
];

/// Phrases that measure nothing.
const NO_SUBJECTS: &[&str] = &[
    "平均", "目前", "现在", "其中", "共", "总", "累计", "共计", "总计", "已", "年", "超", "以",
    "最", "每", "包括", "包含", "通过", "完成", "提供", "采用", "支持", "具备", "实现", "形成",
    "拥有", "配备", "建立", "使用", "拟", "近", "原来", "高温", "低温", "处理", "生产", "识别",
    "检出", "分辨", "减少", "增加", "提高", "降低", "进行", "获", "获得", "取得", "申请", "授权",
    "发表", "投入", "连续", "每隔", "分别", "或者", "以及", "左右", "国内", "国际", "全国", "公司",
    "覆盖", "缩短", "大于", "小于", "超过", "低于", "高于", "优于", "依次", "单", "全", "合计",
    "占", "约占", "过去", "未来", "最近", "预计", "通常", "一般", "至", "到", "分", "另", "第",
    "前", "后", "图", "表", "配套", "达", "设", "建", "建有",
];

/// Words at the end of a phrase that are no part of the name.
const TRAILING: &[&str] = &["目标", "指标", "平均", "累计", "通常", "预计", "目前", "要求"];

/// Verbs in front of a phrase: 提高产线利用率 40%.
const CHANGING: &[&str] = &[
    "提高", "提升", "增加", "降低", "减少", "缩短", "改善", "延长", "减小", "分辨", "检出", "发现",
    "定量", "保证", "确保", "实现", "保持",
];

/// So many of them change something.
const CHANGING_TO: usize = 9;

/// The phrase that ends in front of `end` and begins at or behind `floor`.
pub fn before(text: &Characters, end: usize, floor: usize) -> Option<Range> {
    let mut end = text.before_spaces(end);
    if text.before(end) == ')' {
        let from = end.saturating_sub(BRACKET_CHARS_MAX);
        let open = (from..end).rev().find(|idx| text.at(*idx) == '(')?;
        end = text.before_spaces(open);
    }
    let far = end.saturating_sub(LOOK_CHARS_MAX).max(floor.min(end));
    let start = (far..end).rev().find(|idx| !belongs(text, *idx)).map_or(far, |idx| idx + 1);
    trimmed(text, start, end)
}

/// Whether the phrase that ends in front of `end` begins with a verb of change.
pub fn is_changing(text: &Characters, end: usize) -> bool {
    let far = end.saturating_sub(LOOK_CHARS_MAX);
    let start = (far..end).rev().find(|idx| !belongs(text, *idx)).map_or(far, |idx| idx + 1);
    CHANGING[..CHANGING_TO].iter().any(|word| text.starts(start, word))
}

/// The phrase that begins at `start`, for things counted: 12 个通道.
pub fn after(text: &Characters, start: usize) -> Option<Range> {
    let far = start + SUBJECT_CHARS_MAX;
    let end = (start..far).find(|idx| !is_chinese(text.at(*idx)) || is_border(text, *idx));
    trimmed(text, start, end.unwrap_or(far))
}

/// The property that stands behind 的: 98% 的检出率.
pub fn after_of(text: &Characters, at: usize) -> Option<Range> {
    if text.at(at) != '的' {
        return None;
    }
    let (start, end) = after(text, at + 1)?;
    property::known_suffix(&text.string(start, end)).map(|_| (start, end))
}

fn belongs(text: &Characters, at: usize) -> bool {
    let c = text.at(at);
    let letter = c.is_ascii_alphabetic() || c == 'φ';
    (letter || is_chinese(c)) && !is_border(text, at)
}

/// Whether the character at `at` ends a phrase.
pub fn is_border(text: &Characters, at: usize) -> bool {
    let c = text.at(at);
    BORDERS.contains(c)
        && !WHOLE_WORDS.iter().any(|word| {
            let places = word.chars().enumerate().filter(|(_, w)| *w == c);
            places.into_iter().any(|(k, _)| at >= k && text.starts(at - k, word))
        })
}

fn trimmed(text: &Characters, mut start: usize, mut end: usize) -> Option<Range> {
    for word in ["最高", "最大", "最低", "最小", "总体", "整体", "具有"] {
        // Degrees stay in front of one character (最大径), else they are no part of the name.
        let len = word.chars().count();
        if text.starts(start, word) && end > start + len + 1 {
            start += len;
        }
    }
    if let Some(word) = CHANGING.iter().find(|word| text.starts(start, word)) {
        let next = start + word.chars().count();
        // 分辨率 is no verb.
        start = if "率力度性".contains(text.at(next)) { start } else { next };
    }
    for word in ["要求", "希望", "客户", "另外", "需求"] {
        // What stands in front of these is who wants it.
        let len = word.chars().count();
        let last = (start..end).rev().find(|at| text.starts(*at, word) && at + len <= end);
        start = last.map_or(start, |at| at + len);
    }
    while let Some(word) = TRAILING.iter().find(|word| end > start && text.ends(end, word)) {
        end = end.saturating_sub(word.chars().count()).max(start);
    }
    if start >= end {
        return None;
    }
    let phrase = text.string(start, end);
    if NO_SUBJECTS.contains(&phrase.as_str()) {
        return None;
    }
    if end - start > SUBJECT_CHARS_MAX {
        let known = property::known_suffix(&phrase)?;
        return Some((end - known, end));
    }
    // One character says something only if it is a dimension: 深 0.5 μm.
    let one = end - start == 1 && !"厚宽长高深径重φ".contains(text.at(start));
    (!one).then_some((start, end))
}
