//! The shapes of all JSON that leaves or enters: model and engine know none.
//!
//! The command line prints the same shapes: [`match_answer`], [`needs_answer`], [`points_answer`],
//! [`coverage_answer`], [`search_answer`], [`record`],
//! [`index_status`]. Enumerations are in English with a Chinese `label` beside them.

mod account_examples;
mod accounts;
mod audit;
mod coverage;
mod coverage_examples;
mod desk;
mod duplicates;
pub mod examples;
mod imports;
mod inbox;
mod inbox_examples;
mod job_examples;
mod jobs;
mod lead_examples;
mod lead_requests;
mod leads;
mod matching;
mod permissions;
mod plan_accounts;
mod plan_examples;
mod plan_figures;
mod plan_forks;
mod plan_requests;
mod plan_sheet;
mod plans;
mod points;
mod problem;
mod records;
mod report;
mod report_sheet;
mod requests;
mod rules;
mod search;
mod sheet;
mod status;

pub use accounts::{
    Me, NewOffice, NewToken, NewUser, Office, OfficeChange, OneTimePassword, PasswordChange,
    Session, SessionsEnded, SignIn, Token, TokenWithSecret, User, UserChange, UserWithPassword,
    office, session, token, user,
};
pub use audit::{
    AuditEntry, LogVerification, Seal, SealedLog, audit_entry, log_verification, sealed_log,
};
pub use coverage::{
    Cell, CompareAnswer, Comparison, CoverageAnswer, Difference, LabCoverage, Member, ScorePart,
    Team, WhyNotAnswer, compare_answer, coverage_answer, verdict, why_not_answer,
};
pub use desk::{Desk, DeskMatch, DeskNeed, OfficeName, desk};
pub use duplicates::{
    Duplicate, DuplicateRecord, Duplicates, Merge, MergeBody, duplicate, duplicates, merge,
};
pub use imports::{ImportColumn, ImportReport, RefusedCell, import_report};
pub use inbox::{
    AchievementName, Inbox, InboxDay, InboxGroup, InboxSeen, InboxSeenBody, InboxSummary,
    KindCount, Notice, NoticeReason, PlaceCount, Tie, inbox, inbox_summary,
};
pub use jobs::{Job, JobEvent, Jobs, job, job_without_report};
pub use lead_requests::{
    AcceptBody, ActivityBody, ContractBody, DismissalBody, LeadBody, PlanBody, StepBody,
};
pub use leads::{
    Activity, Board, Column, Contract, ContractField, Dismissal, Lead, LeadStep, LeadSteps,
    Transition, TransitionState, Transitions, activity, board, dismissal, lead, lead_step,
    transitions,
};
pub use matching::{
    Contribution, Evidence, InstitutionName, LabMatch, LabName, MatchAnswer, NeedMatch, NeedName,
    NeedsAnswer, SubjectName, match_answer, needs_answer,
};
pub use permissions::{ChangingRule, KindName, Permissions, SeeingRule, permissions};
pub use plan_accounts::{
    PlanAlternative, PlanCheck, PlanClassCoverage, PlanCoverage, PlanCoverageStep, PlanEvidence,
    PlanExplanation, PlanExplanations, PlanFinding, PlanIdle, PlanMeasure, PlanPart,
    PlanRelationship, PlanRelationships, PlanRuleCount, plan_check, plan_coverage,
    plan_explanations, plan_relationships,
};
pub use plan_figures::{PlanLevel, levels as plan_levels};
pub use plan_forks::{
    PlanDifference, PlanForkResult, PlanForks, PlanPlace, PlanPostingDifference, plan_difference,
    plan_forks,
};
pub use plan_requests::{
    CaseBatch, CaseCommissioner, CaseEvidence, CaseInstitution, CasePair, CasePosting, CaseTie,
    PlanCase, PlanChange, PlanFork, PlanOrder, WhatIfBody, plan_change,
};
pub use plan_sheet::{plan_csv, plan_text};
pub use plans::{
    Plan, PlanCollision, PlanCommissioners, PlanHead, PlanParameter, PlanPosting, PlanRefusal,
    PlanRelaxation, PlanResult, PlanUncovered, Posting, Postings, plan, plan_head, plan_refusal,
    posting,
};
pub use points::{Point, PointsAnswer, Question, Requirement, points_answer};
pub use problem::Problem;
pub use records::{
    Achievement, Alias, Common, Enterprise, Institution, Lab, Need, Page, Record, record,
};
pub use report::{
    Report, ReportCommissioner, ReportDays, ReportFigure, ReportGroup, ReportPart, ReportRole,
    report,
};
pub use report_sheet::{report_csv, report_text};
pub use requests::{
    CompareBody, CoverageBody, GivenPoint, MatchBody, MatchFilters, NeedFilters, NeedsBody,
    NewAchievement, NewCommon, NewEnterprise, NewInstitution, NewLab, NewNeed, PointsBody,
    WhyNotBody,
};
pub use rules::{Rule, RuleBook, RulePack, RuleParameter, rule, rule_book};
pub use search::{FacetValue, Hit, SearchAnswer, Snippet, search_answer};
pub use sheet::spreadsheet;
pub use status::{Health, InboxStatus, IndexStatus, Readiness, index_status, readiness};
