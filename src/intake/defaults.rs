//! What a record gets where its file says nothing. All defaults of the intake stand here.
//!
//! | column | default |
//! | --- | --- |
//! | `source` | [`super::Options::source`] |
//! | `visibility` | public, for every kind |
//! | `kind` of an institution | by its name, [`institution_kind`] |
//! | `kind` of a lab | by its name, [`lab_kind`] |
//! | `kind` of an achievement | [`ACHIEVEMENT_KIND`] |
//! | unit of a bare amount | by the header, else by a row `单位：万元` above it, else yuan |
//! | every other column | empty |
//!
//! A default is taken for a blank cell as for a missing column, never for a bad cell.

use crate::model::{AchievementKind, InstitutionKind, LabKind, Visibility};

/// Who may see a record that says nothing about it.
pub(super) const VISIBILITY: Visibility = Visibility::Public;

/// Kind of an achievement that says nothing about it: the least specific one.
pub(super) const ACHIEVEMENT_KIND: AchievementKind = AchievementKind::Project;

/// A university if the name ends in 大学 or 学院, or is that of a branch (…大学…分校), else an
/// institute. An academy of sciences (…科学院) is an institute, although it ends in 学院.
pub(super) fn institution_kind(name: &str) -> InstitutionKind {
    let name = without_remark(name);
    let academy = name.ends_with("科学院");
    let school = name.ends_with("大学") || name.ends_with("学院");
    let branch = name.contains("大学") && (name.ends_with("校区") || name.ends_with("分校"));
    if (school || branch) && !academy {
        InstitutionKind::University
    } else {
        InstitutionKind::Institute
    }
}

/// By the ending of the name: …中心 a centre, …平台 a platform, …团队 or …课题组 a team,
/// anything else a laboratory.
pub(super) fn lab_kind(name: &str) -> LabKind {
    let name = without_remark(name);
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends_in(&["中心"]) {
        LabKind::Centre
    } else if ends_in(&["平台"]) {
        LabKind::Platform
    } else if ends_in(&["团队", "课题组"]) {
        LabKind::Team
    } else {
        LabKind::Laboratory
    }
}

/// `name` without a remark in brackets at its end: 哈尔滨工业大学（威海）.
fn without_remark(name: &str) -> &str {
    let name = name.trim();
    if !name.ends_with(['）', ')']) {
        return name;
    }
    name.rfind(['（', '(']).map_or(name, |start| name[..start].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_says_what_it_is_by_the_end_of_its_name() {
        for (name, kind) in [
            ("重质油国家重点实验室", LabKind::Laboratory),
            ("氢能工程技术研究中心（筹）", LabKind::Centre),
            ("中试平台", LabKind::Platform),
            ("膜电极课题组", LabKind::Team),
            ("数据安全与隐私计算研究团队", LabKind::Team),
            ("中心实验室", LabKind::Laboratory),
            ("先进材料研究所", LabKind::Laboratory),
        ] {
            assert_eq!(lab_kind(name), kind, "{name}");
        }
    }

    #[test]
    fn an_academy_is_no_university_although_it_ends_like_one() {
        for (name, kind) in [
            ("哈尔滨工业大学（威海）", InstitutionKind::University),
            ("南京工程学院", InstitutionKind::University),
            ("东北大学秦皇岛分校", InstitutionKind::University),
            ("中国科学院大学", InstitutionKind::University),
            ("江苏省农业科学院", InstitutionKind::Institute),
            ("中国科学院", InstitutionKind::Institute),
            ("南京大学深圳研究院", InstitutionKind::Institute),
        ] {
            assert_eq!(institution_kind(name), kind, "{name}");
        }
    }
}
