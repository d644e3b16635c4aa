//! Who sees and who changes what, as data: the matrix of roles and kinds of record.
//!
//! A rule tells how much a role sees of records of some kinds to which its holder stands in a relation
//! (`relation`). Rules add up: the largest extent counts, and a contact is shown if one of the
//! rules says so. What no rule gives is not there for the caller. The command line on the machine
//! itself (`Viewer::Local`) is outside the matrix.

use super::relation::Relation;
use crate::model::{Kind, Role};
use Kind::{
    Achievement, Activity, Dismissal, Enterprise, Institution, Lab, Lead, Merge, Need, Office,
    Plan, Posting, Token, User,
};

/// 可见程度: how much of a record is shown; larger is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// Not even that there is such a record.
    Nothing,
    /// 公开摘要: what everybody may know. Only of records whose visibility is public.
    Public,
    /// 匹配可见: what the parties of a lead may know.
    Matched,
    /// 全文.
    Full,
}

/// A line of the matrix.
pub struct Rule {
    /// Whose; `None` is whoever has not signed in.
    pub role: Option<Role>,
    /// Of which records.
    pub kinds: &'static [Kind],
    /// To which records of these kinds.
    pub relation: Relation,
    /// What they see.
    pub extent: Extent,
    /// Whether they also see how to reach those whom the record is about.
    pub contact: bool,
}

const fn rule(
    role: Role,
    kinds: &'static [Kind],
    relation: Relation,
    extent: Extent,
    contact: bool,
) -> Rule {
    Rule { role: Some(role), kinds, relation, extent, contact }
}

/// What institutions offer.
const OFFERED: &[Kind] = &[Institution, Lab, Achievement];
/// What firms have.
const WANTED: &[Kind] = &[Enterprise, Need];
/// What comes of both.
const FOLLOWED: &[Kind] = &[Lead, Activity];
/// What a programme decides. A draft is not public; a published plan and its postings are, for those
/// whom a line names.
const PLANNED: &[Kind] = &[Plan, Posting];
const IMPORTED: &[Kind] = &Kind::IMPORTED;

/// Who sees what.
pub const SEEING: &[Rule] = &[
    rule(Role::Office, WANTED, Relation::Anything, Extent::Public, false),
    rule(Role::Office, WANTED, Relation::Area, Extent::Full, true),
    rule(Role::Office, OFFERED, Relation::Anything, Extent::Full, true),
    rule(Role::Office, FOLLOWED, Relation::Area, Extent::Full, false),
    rule(Role::Office, &[Office, Merge], Relation::Anything, Extent::Full, false),
    rule(Role::Office, PLANNED, Relation::Anything, Extent::Full, false),
    rule(
        Role::Office,
        &[User, Token, Dismissal, Activity],
        Relation::Themselves,
        Extent::Full,
        false,
    ),
    //
    rule(Role::Commissioner, WANTED, Relation::Anything, Extent::Public, false),
    rule(Role::Commissioner, WANTED, Relation::Area, Extent::Full, true),
    rule(Role::Commissioner, WANTED, Relation::Party, Extent::Matched, false),
    rule(Role::Commissioner, WANTED, Relation::Accepted, Extent::Matched, true),
    rule(Role::Commissioner, OFFERED, Relation::Anything, Extent::Full, false),
    rule(Role::Commissioner, OFFERED, Relation::Own, Extent::Full, true),
    rule(Role::Commissioner, OFFERED, Relation::Accepted, Extent::Full, true),
    rule(Role::Commissioner, FOLLOWED, Relation::Area, Extent::Full, false),
    rule(Role::Commissioner, FOLLOWED, Relation::Own, Extent::Full, false),
    rule(Role::Commissioner, &[Office], Relation::Anything, Extent::Full, false),
    rule(Role::Commissioner, PLANNED, Relation::Anything, Extent::Public, false),
    rule(
        Role::Commissioner,
        &[User, Token, Dismissal, Activity],
        Relation::Themselves,
        Extent::Full,
        false,
    ),
    //
    rule(Role::Enterprise, WANTED, Relation::Anything, Extent::Public, false),
    rule(Role::Enterprise, WANTED, Relation::Own, Extent::Full, true),
    rule(Role::Enterprise, OFFERED, Relation::Anything, Extent::Public, false),
    rule(Role::Enterprise, OFFERED, Relation::Party, Extent::Matched, false),
    rule(Role::Enterprise, OFFERED, Relation::Accepted, Extent::Matched, true),
    rule(Role::Enterprise, &[Lead], Relation::Own, Extent::Matched, false),
    rule(Role::Enterprise, &[Office], Relation::Anything, Extent::Full, false),
    rule(
        Role::Enterprise,
        &[User, Token, Dismissal, Activity],
        Relation::Themselves,
        Extent::Full,
        false,
    ),
    //
    rule(Role::Institution, WANTED, Relation::Anything, Extent::Public, false),
    rule(Role::Institution, WANTED, Relation::Party, Extent::Matched, false),
    rule(Role::Institution, WANTED, Relation::Accepted, Extent::Matched, true),
    rule(Role::Institution, OFFERED, Relation::Anything, Extent::Public, false),
    rule(Role::Institution, OFFERED, Relation::Own, Extent::Full, true),
    rule(Role::Institution, &[Lead], Relation::Own, Extent::Matched, false),
    rule(Role::Institution, &[Office], Relation::Anything, Extent::Full, false),
    rule(Role::Institution, PLANNED, Relation::Anything, Extent::Public, false),
    rule(
        Role::Institution,
        &[User, Token, Dismissal, Activity],
        Relation::Themselves,
        Extent::Full,
        false,
    ),
    //
    rule(Role::Auditor, Kind::ALL, Relation::Anything, Extent::Full, false),
    //
    rule(Role::Admin, IMPORTED, Relation::Anything, Extent::Full, false),
    rule(Role::Admin, &[Office, User, Token, Merge], Relation::Anything, Extent::Full, false),
    rule(Role::Admin, &[Dismissal, Activity], Relation::Themselves, Extent::Full, false),
    //
    Rule {
        role: None,
        kinds: IMPORTED,
        relation: Relation::Anything,
        extent: Extent::Public,
        contact: false,
    },
];

/// A line of the matrix of changes.
pub struct ChangeRule {
    /// Whose.
    pub role: Role,
    /// Of which records.
    pub kinds: &'static [Kind],
    /// To which records of these kinds, as they are and as they become.
    pub relation: Relation,
}

const fn change(role: Role, kinds: &'static [Kind], relation: Relation) -> ChangeRule {
    ChangeRule { role, kinds, relation }
}

/// Who makes, changes and deletes what. Further conditions of leads are in their table of
/// transitions; accounts are the administrator's, but everybody has their own password and tokens.
pub const CHANGING: &[ChangeRule] = &[
    change(Role::Office, WANTED, Relation::Area),
    change(Role::Office, OFFERED, Relation::Anything),
    change(Role::Office, FOLLOWED, Relation::Area),
    change(Role::Office, &[Merge, Plan, Posting], Relation::Anything),
    change(Role::Office, &[Dismissal, Activity, Token], Relation::Themselves),
    change(Role::Commissioner, WANTED, Relation::Area),
    change(Role::Commissioner, &[Lab, Achievement], Relation::Own),
    change(Role::Commissioner, FOLLOWED, Relation::Area),
    change(Role::Commissioner, FOLLOWED, Relation::Own),
    change(Role::Commissioner, &[Dismissal, Activity, Token], Relation::Themselves),
    change(Role::Enterprise, WANTED, Relation::Own),
    change(Role::Enterprise, &[Lead], Relation::Own),
    change(Role::Enterprise, &[Dismissal, Token], Relation::Themselves),
    change(Role::Institution, &[Lab, Achievement], Relation::Own),
    change(Role::Institution, &[Lead], Relation::Own),
    change(Role::Institution, &[Dismissal, Token], Relation::Themselves),
    change(Role::Admin, IMPORTED, Relation::Anything),
    change(Role::Admin, &[Office, User, Token, Merge], Relation::Anything),
    change(Role::Admin, &[Dismissal], Relation::Themselves),
];
