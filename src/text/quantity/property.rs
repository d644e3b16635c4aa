//! Which names of properties mean the same, and in which sense a value meets a demand on them.
//!
//! Two quantities are held against each other only if both name the property, and either in
//! the same words or in words of one row below. What is written in front of a property (缺陷
//! in 缺陷检出率) must be the same too, except that a [specific](Property::specific) property
//! may stand without it on one side: 检出率 says enough, 厚度 does not say of what.

use crate::text::normalize;

/// A property that is named in several ways.
struct Property {
    /// Its names.
    names: &'static str,
    /// Whether the bare name is enough to know what is measured.
    specific: bool,
    /// Whether a value says how far something may be used, as 工作温度 and 量程 do: then the
    /// evidence has to reach or to enclose what is demanded.
    reach: bool,
}

const fn of(names: &'static str) -> Property {
    Property { names, specific: false, reach: false }
}

const fn specific(names: &'static str) -> Property {
    Property { names, specific: true, reach: false }
}

const fn reach(names: &'static str) -> Property {
    Property { names, specific: true, reach: true }
}

/// The table of synonyms.
const PROPERTIES: &[Property] = &[
    reach("耐温 耐热 耐热温度 耐温性 耐高温 耐受温度 工作温度 使用温度 服役温度 最高使用温度"),
    reach("耐寒 耐低温"),
    reach("环境温度 工作环境温度"),
    reach("耐压 耐受电压 耐压值"),
    reach("量程 测量范围"),
    reach("测温范围 温度测量范围"),
    reach("频率范围 工作频率 工作频段 频段"),
    reach("输入电压 输入电压范围"),
    specific("检出率 检测率"),
    specific("识别率 识别准确率 识别正确率"),
    of("准确率 正确率"),
    specific("漏检率 漏检"),
    specific("误报率 误报 虚警率"),
    specific("良率 良品率"),
    specific("合格率"),
    specific("空洞率 空洞"),
    specific("孔隙率 气孔率"),
    specific("导热系数 热导率 导热率"),
    specific("抗拉强度 拉伸强度"),
    specific("屈服强度"),
    specific("抗压强度 压缩强度"),
    specific("剪切强度 抗剪强度"),
    specific("抗弯强度 弯曲强度"),
    specific("延伸率 伸长率 断后伸长率 断裂伸长率"),
    specific("硬度"),
    specific("循环寿命 循环次数"),
    of("寿命 使用寿命 服役寿命 工作寿命"),
    specific("首效 首次效率 首次库仑效率 首次库伦效率"),
    specific("比容量 克容量"),
    specific("容量保持率"),
    specific("能量密度 比能量"),
    specific("功率密度 比功率"),
    specific("振实密度"),
    specific("堆积密度"),
    specific("比表面积"),
    specific("孔径"),
    of("粒径 粒度"),
    specific("纯度"),
    of("厚度 厚"),
    of("宽度 宽"),
    of("长度 长"),
    of("高度 高"),
    of("深度 深"),
    of("直径 径 φ"),
    specific("粗糙度 表面粗糙度 ra"),
    specific("定位精度"),
    specific("重复定位精度 重复精度"),
    specific("定位误差"),
    specific("响应时间"),
    specific("反应时间"),
    of("时延 延时 延迟 延迟时间 延时时间"),
    of("黏度 粘度"),
    of("噪声 噪音"),
    specific("功耗"),
    of("含水率 水分含量"),
    of("收率 产率"),
    of("采样率 采样频率"),
    of("分辨率 分辨力"),
    specific("续航 续航时间"),
    of("重量 质量"),
    specific("摩擦系数"),
    specific("静态电流 静态功耗电流"),
];

/// Names of properties that stand without a row, known so that a long phrase can be cut to them.
const KNOWN: &[&str] = &[
    "强度",
    "效率",
    "精度",
    "误差",
    "偏差",
    "温度",
    "压力",
    "电压",
    "电流",
    "功率",
    "频率",
    "浓度",
    "含量",
    "速度",
    "流量",
    "风量",
    "转速",
    "温差",
    "温升",
    "产能",
    "产量",
    "转化率",
    "去除率",
    "回收率",
    "保持率",
    "成功率",
    "利用率",
    "损耗",
    "能耗",
    "电耗",
    "波动",
    "密度",
    "时间",
    "周期",
    "节拍",
    "帧率",
    "增益",
    "带宽",
    "面积",
    "体积",
    "容量",
    "磨损量",
    "变形量",
    "收缩率",
    "畸变率",
    "稀释率",
    "不良率",
    "压缩比",
    "深宽比",
    "占空比",
    "湿度",
    "角度",
    "转矩",
    "扭矩",
    "力矩",
    "推力",
    "夹紧力",
    "模量",
    "系数",
    "指数",
    "因子",
];

/// Endings of properties of which less is better.
const LESS_IS_BETTER: &[&str] = &[
    "误差",
    "偏差",
    "公差",
    "粗糙度",
    "ra",
    "漏检率",
    "漏检",
    "误报率",
    "误报",
    "误检率",
    "误判率",
    "虚警率",
    "过杀率",
    "不良率",
    "废品率",
    "破损率",
    "损伤率",
    "故障率",
    "失败率",
    "误码率",
    "空洞率",
    "空洞",
    "孔隙率",
    "气孔率",
    "时延",
    "延时",
    "延迟",
    "响应时间",
    "反应时间",
    "耗时",
    "用时",
    "噪声",
    "噪音",
    "功耗",
    "能耗",
    "电耗",
    "损耗",
    "温差",
    "温升",
    "波动",
    "畸变率",
    "磨损量",
    "磨耗量",
    "变形量",
    "翘曲",
    "漏电流",
    "缺陷密度",
    "串扰",
    "抖动",
    "成本",
    "节拍",
    "收缩率",
    "稀释率",
    "杂质",
    "含水率",
    "烧损率",
    "背隙",
    "漂移",
];

/// Endings of properties of which more is better.
const MORE_IS_BETTER: &[&str] = &[
    "强度",
    "硬度",
    "寿命",
    "效率",
    "准确率",
    "正确率",
    "识别率",
    "检出率",
    "良率",
    "合格率",
    "保持率",
    "成功率",
    "利用率",
    "回收率",
    "去除率",
    "转化率",
    "收率",
    "产率",
    "产能",
    "产量",
    "纯度",
    "续航",
    "耐温",
    "循环次数",
    "导热系数",
    "热导率",
    "能量密度",
    "功率密度",
    "比容量",
    "克容量",
    "首效",
    "信噪比",
    "延伸率",
    "伸长率",
];

/// Words that say which of the values of a property is meant; they set it apart.
const OTHER_VALUE: &[&str] = &[
    "平均", "瞬时", "瞬间", "短时", "短期", "峰值", "局部", "理论", "仿真", "设计", "目标", "计划",
    "预期", "传统", "现有", "原有", "目前", "常规", "普通", "国外", "同类", "对照", "行业", "理想",
    "初始", "原",
];

/// Degrees in front of a property that do not change what is measured.
const EXTREMES: &[&str] = &["最高", "最大", "最低", "最小", "最佳", "最多", "最少"];

/// What two names of one property share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// See [`Property::reach`].
    pub reach: bool,
    /// Less of it is better, as the name tells.
    pub less_is_better: bool,
}

/// The one property that two noun phrases name; `None` where that is not certain.
pub fn shared(left: &str, right: &str) -> Option<Shared> {
    let [left, right] = [left, right].map(bare);
    let sense = |reach| Shared { reach, less_is_better: less_is_better(&left, false) };
    let (Some((row, one)), Some((other_row, other))) = (row(&left), row(&right)) else {
        return (left == right && !left.is_empty()).then(|| sense(false));
    };
    if row != other_row {
        return None;
    }
    let property = &PROPERTIES[row];
    let apart = |words: &str| OTHER_VALUE.iter().any(|w| words.contains(w));
    let one_is_bare = property.specific && (one.is_empty() || other.is_empty());
    let agree = one == other || (one_is_bare && !apart(one) && !apart(other));
    agree.then(|| sense(property.reach))
}

/// A name normalised, without its degree.
fn bare(name: &str) -> String {
    let name = normalize(name).as_str().replace(' ', "");
    let stripped = EXTREMES.iter().find_map(|word| name.strip_prefix(word));
    stripped.map_or_else(|| name.clone(), str::to_owned)
}

/// The row whose longest name ends `name`, and what stands in front of it.
fn row(name: &str) -> Option<(usize, &str)> {
    let mut best: Option<(usize, &str, usize)> = None;
    for (idx, property) in PROPERTIES.iter().enumerate() {
        for word in property.names.split(' ') {
            let Some(front) = name.strip_suffix(word) else { continue };
            // One character (厚, φ) is a name only when alone.
            let alone = word.chars().count() > 1 || front.is_empty();
            if alone && best.is_none_or(|(_, _, len)| word.len() > len) {
                best = Some((idx, front, word.len()));
            }
        }
    }
    best.map(|(idx, front, _)| (idx, front))
}

/// Whether less of `name` is better. A 精度 in per cent may be meant either way.
pub fn less_is_better(name: &str, of_ratio: bool) -> bool {
    let name = normalize(name);
    let name = name.as_str();
    LESS_IS_BETTER.iter().any(|word| name.ends_with(word)) || (name.ends_with("精度") && !of_ratio)
}

/// Whether more of `name` is better.
pub fn more_is_better(name: &str) -> bool {
    MORE_IS_BETTER.iter().any(|word| name.ends_with(word))
}

/// The number of characters of the longest known property that `name` ends with.
pub fn known_suffix(name: &str) -> Option<usize> {
    let names = PROPERTIES.iter().flat_map(|p| p.names.split(' ')).chain(KNOWN.iter().copied());
    let lens = names.filter(|n| name.ends_with(n)).map(|n| n.chars().count());
    lens.filter(|len| *len > 1).max()
}

/// Whether a temperature called so is a difference, not a point on the thermometer.
pub fn is_difference(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "差",
        "温升",
        "波动",
        "精度",
        "误差",
        "偏差",
        "变化",
        "均匀性",
        "均匀度",
        "温度均匀性",
        "幅度",
        "梯度",
        "过热度",
        "过冷度",
        "升温",
        "降温",
        "不均匀性",
        "漂移",
        "分辨率",
        "灵敏度",
        "波动度",
        "一致性",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether 度 behind a number is of heat, when the number is of `name`.
pub fn is_thermal(name: &str) -> bool {
    ["温", "热", "寒", "冷"].iter().any(|word| name.contains(word))
}

/// Whether 度 behind a number is of an angle, when the number is of `name`.
pub fn is_angular(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "角",
        "旋转",
        "扭转",
        "倾斜",
        "坡度",
        "方位",
        "垂直面",
        "水平面",
        "姿态",
        "俯仰",
        "波束",
        "扫描范围",
    ];
    WORDS.iter().any(|word| name.contains(word)) && !is_thermal(name)
}

/// Whether a bare number behind `name` is its value: coefficients and the like have no unit.
pub fn is_unitless(name: &str) -> bool {
    let ends = [
        "系数",
        "误码率",
        "指数",
        "因子",
        "因数",
        "碱度",
        "折射率",
        "屈比",
        "信噪比",
        "介电常数",
        "强屈比",
    ];
    ends.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_is_one_by_its_names_and_never_by_its_unit() {
        for (left, right) in [
            ("耐温", "工作温度"),
            ("最高工作温度", "使用温度"),
            ("检出率", "缺陷检出率"),
            ("涂层厚度", "涂层厚度"),
            ("热导率", "导热系数"),
            ("熔深", "熔深"),
        ] {
            assert!(shared(left, right).is_some(), "{left} {right}");
            assert!(shared(right, left).is_some(), "{right} {left}");
        }
        for (left, right) in [
            ("孔径", "厚度"),
            ("厚度", "涂层厚度"),
            ("抗拉强度", "屈服强度"),
            ("强度", "抗拉强度"),
            ("检出率", "传统检出率"),
            ("检出率", "漏检率"),
            ("划痕检出率", "气孔检出率"),
            ("耐温", "油温"),
            ("寿命", "循环寿命"),
            ("", ""),
        ] {
            assert_eq!(shared(left, right), None, "{left} {right}");
        }
    }
}
