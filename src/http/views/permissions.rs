//! Who sees and who changes what, as data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::{CHANGING, Extent, Relation, SEEING};
use crate::model::{Kind, Role};

/// 权限表: rules add up, and what no rule gives is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Permissions {
    /// Who sees what.
    pub seeing: Vec<SeeingRule>,
    /// Who makes, changes and deletes what.
    pub changing: Vec<ChangingRule>,
}

/// A rule of who sees what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeeingRule {
    /// Whose; null is whoever has not signed in.
    pub role: Option<&'static str>,
    /// The role in Chinese.
    pub role_label: &'static str,
    /// Of which records.
    pub kinds: Vec<KindName>,
    /// To which records of these kinds.
    pub relation: &'static str,
    /// The relation in Chinese.
    pub relation_label: &'static str,
    /// `public`, `matched` or `full`.
    pub view: &'static str,
    /// The view in Chinese.
    pub view_label: &'static str,
    /// Whether contacts are seen.
    pub contact: bool,
}

/// A rule of who changes what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangingRule {
    /// Whose.
    pub role: &'static str,
    /// The role in Chinese.
    pub role_label: &'static str,
    /// Of which records.
    pub kinds: Vec<KindName>,
    /// To which records of these kinds.
    pub relation: &'static str,
    /// The relation in Chinese.
    pub relation_label: &'static str,
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindName {
    /// Its English name.
    pub kind: &'static str,
    /// Its Chinese name.
    pub label: &'static str,
}

/// The matrix as it is told.
pub fn permissions() -> Permissions {
    let seeing = SEEING.iter().map(|rule| {
        let (relation, relation_label) = relation_names(rule.relation);
        let (view, view_label) = extent_names(rule.extent);
        SeeingRule {
            role: rule.role.map(Role::as_str),
            role_label: rule.role.map_or("未登录", Role::label),
            kinds: kinds(rule.kinds),
            relation,
            relation_label,
            view,
            view_label,
            contact: rule.contact,
        }
    });
    let changing = CHANGING.iter().map(|rule| {
        let (relation, relation_label) = relation_names(rule.relation);
        ChangingRule {
            role: rule.role.as_str(),
            role_label: rule.role.label(),
            kinds: kinds(rule.kinds),
            relation,
            relation_label,
        }
    });
    Permissions { seeing: seeing.collect(), changing: changing.collect() }
}

fn kinds(kinds: &[Kind]) -> Vec<KindName> {
    kinds.iter().map(|kind| KindName { kind: kind.as_str(), label: kind.label() }).collect()
}

fn extent_names(extent: Extent) -> (&'static str, &'static str) {
    match extent {
        Extent::Nothing => ("nothing", "不可见"),
        Extent::Public => ("public", "公开摘要"),
        Extent::Matched => ("matched", "匹配可见"),
        Extent::Full => ("full", "全文"),
    }
}

fn relation_names(relation: Relation) -> (&'static str, &'static str) {
    match relation {
        Relation::Anything => ("anything", "所有记录"),
        Relation::Own => ("own", "本企业或本院所的"),
        Relation::Area => ("area", "本辖区企业的"),
        Relation::Party => ("party", "对接线索中的对方"),
        Relation::Accepted => ("accepted", "双方已接受的线索中的对方"),
        Relation::Themselves => ("self", "本人的"),
    }
}
