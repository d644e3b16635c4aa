//! Reports as they are told.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine;
use crate::model::{CommissionerRole, Fen};

/// 报告
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// `week`, `month`, `year` or `range`.
    pub period: &'static str,
    /// What it is called: 周报, 月报, 年报, 阶段报告, 述职报告.
    pub title: &'static str,
    /// The period as people read it.
    pub label: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Id of the commissioner whose work alone it is about.
    pub commissioner: Option<String>,
    /// The figures, each with what it is a part of.
    pub figures: Vec<ReportFigure>,
    /// The leads by `state`, `mode`, `park` and `university`; the parts of each sum to all.
    pub groups: Vec<ReportGroup>,
    /// Ways through the states.
    pub days: Vec<ReportDays>,
    /// Activities by role.
    pub roles: Vec<ReportRole>,
    /// Activities by commissioner and role.
    pub commissioners: Vec<ReportCommissioner>,
}

/// 指标
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportFigure {
    /// Its stable English name.
    pub name: &'static str,
    /// Its Chinese name.
    pub label: &'static str,
    /// The figure.
    pub value: i64,
    /// `count` or `fen`.
    pub unit: &'static str,
    /// As people read it.
    pub text: String,
    /// Of how many.
    pub of: i64,
    /// Of how many of what.
    pub of_label: &'static str,
    /// Whether it is the sum over the parts of a period.
    pub additive: bool,
}

/// 分组
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportGroup {
    /// `state`, `mode`, `park` or `university`.
    pub name: &'static str,
    /// Its Chinese name.
    pub label: &'static str,
    /// Its values; what is not known is one of them.
    pub parts: Vec<ReportPart>,
}

/// 分组的一项
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportPart {
    /// The value; null if it is not known.
    pub name: Option<String>,
    /// As people read it.
    pub label: String,
    /// Leads at the end of the period.
    pub leads: i64,
    /// Of all leads.
    pub of: i64,
    /// Of these, made in the period.
    pub created: i64,
    /// Of these, signed in the period.
    pub signed: i64,
    /// What these come to, in fen.
    pub signed_amount_fen: i64,
}

/// 停留天数
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReportDays {
    /// The state.
    pub state: &'static str,
    /// The state in Chinese.
    pub label: &'static str,
    /// Leads that came into it in the period.
    pub entered: i64,
    /// Leads that left it in the period: the median is of them.
    pub left: i64,
    /// Median of the days that they were in it; null if none left it.
    pub median_days: Option<f64>,
}

/// 角色计数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportRole {
    /// `publicist`, `sower` or `adviser`; null if it was not said.
    pub role: Option<&'static str>,
    /// The role in Chinese.
    pub label: &'static str,
    /// Activities in the period.
    pub activities: i64,
    /// Of all activities in the period.
    pub of: i64,
    /// Visits among them.
    pub visits: i64,
}

/// 专员计数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportCommissioner {
    /// Id of the user; null if it was not written down by one.
    pub user_id: Option<String>,
    /// As 宣传员.
    pub publicist: i64,
    /// As 播种机.
    pub sower: i64,
    /// As 参谋长.
    pub adviser: i64,
    /// In a role that was not said.
    pub unspecified: i64,
}

/// A report as it is told.
pub fn report(report: &engine::Report) -> Report {
    let period = report.period;
    let all = |name: &str| report.figures.iter().find(|f| f.name == name).map_or(0, |f| f.of);
    let (leads, activities) = (all("leads_created"), all("activities"));
    let part = |part: &engine::Part| ReportPart {
        name: (!part.name.is_empty()).then(|| part.name.clone()),
        label: part.label.clone(),
        leads: part.leads,
        of: leads,
        created: part.created,
        signed: part.signed,
        signed_amount_fen: part.signed_fen,
    };
    let group = |group: &engine::Group| ReportGroup {
        name: group.name,
        label: group.label,
        parts: group.parts.iter().map(part).collect(),
    };
    let days = |days: &engine::Days| ReportDays {
        state: days.state.as_str(),
        label: days.state.label(),
        entered: days.entered,
        left: days.left,
        median_days: days.median,
    };
    let role = |count: &engine::RoleCount| ReportRole {
        role: count.role.map(CommissionerRole::as_str),
        label: count.role.map_or("未注明", CommissionerRole::label),
        activities: count.activities,
        of: activities,
        visits: count.visits,
    };
    Report {
        period: period.kind.as_str(),
        title: if report.commissioner.is_some() { "述职报告" } else { period.kind.title() },
        label: period.to_string(),
        from: period.from.to_string(),
        until: period.until.to_string(),
        commissioner: report.commissioner.map(|id| id.to_string()),
        figures: report.figures.iter().map(figure).collect(),
        groups: report.groups.iter().map(group).collect(),
        days: report.days.iter().map(days).collect(),
        roles: report.roles.iter().map(role).collect(),
        commissioners: report.commissioners.iter().map(report_commissioner).collect(),
    }
}

/// What somebody did in which role.
pub(super) fn report_commissioner(count: &engine::CommissionerCount) -> ReportCommissioner {
    ReportCommissioner {
        user_id: count.user.map(|id| id.to_string()),
        publicist: count.publicist,
        sower: count.sower,
        adviser: count.adviser,
        unspecified: count.unspecified,
    }
}

fn figure(figure: &engine::Figure) -> ReportFigure {
    let (unit, text) = match figure.unit {
        engine::Unit::Count => ("count", figure.value.to_string()),
        engine::Unit::Fen => ("fen", money(figure.value)),
    };
    ReportFigure {
        name: figure.name,
        label: figure.label,
        value: figure.value,
        unit,
        text,
        of: figure.of,
        of_label: figure.of_label,
        additive: figure.additive,
    }
}

/// An amount as people read it; sums may be larger than what one amount may be.
pub(super) fn money(fen: i64) -> String {
    Fen::new(fen).map_or_else(|| format!("{}元", fen / 100), |amount| amount.to_string())
}
