//! Which state of a lead may follow which, who may take the step, and what it needs: the rules
//! of `data/leads/transitions.tsv`, applied. Whether somebody may touch a lead at all is decided
//! by the permissions.

use super::date::{CivilDate, Timestamp};
use super::lead::{Contract, Lead, LeadState, Side, Stay};
use super::rule_table::{RuleError, listed, rows};
use super::text_field::Refusal;
use super::user::Role;

/// The file's path under the data folder.
const FILE: &str = "leads/transitions.tsv";

super::record::named_values! {
    /// 条件: what a step of a lead needs.
    Requirement, "needs" {
        /// 双方接受
        Accepted = "accepted", "双方接受", [];
        /// 合同要素
        Contract = "contract", "合同要素", [];
        /// 说明
        Note = "note", "说明", [];
        /// 关闭原因
        Reason = "reason", "关闭原因", [];
    }
}

super::record::named_values! {
    /// 清除: what holds no more after a step.
    Effect, "clears" {
        /// 双方的接受
        Accepted = "accepted", "双方的接受", [];
        /// 合同要素
        Contract = "contract", "合同要素", [];
    }
}

/// 流转: a step that a lead can take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// From this state.
    pub from: LeadState,
    /// To this one.
    pub to: LeadState,
    /// Who may take it.
    pub roles: Vec<Role>,
    /// What it needs.
    pub needs: Vec<Requirement>,
    /// What holds no more afterwards.
    pub clears: Vec<Effect>,
}

/// A step as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state that follows.
    pub to: LeadState,
    /// What has happened.
    pub note: String,
    /// Why it is closed; empty for other states.
    pub reason: String,
    /// The step after this one is due then.
    pub due_on: Option<CivilDate>,
    /// What was agreed.
    pub contract: Option<Contract>,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepRefusal {
    /// No rule leads from the one to the other.
    NoWay {
        /// The state that the lead is in.
        from: LeadState,
        /// The states that may follow, in the order of the rules.
        ways: Vec<LeadState>,
    },
    /// The step is there, but not for that role.
    NotYours,
    /// The sides that have not accepted.
    NotAccepted(Vec<Side>),
    /// A side is bound by now and cannot take its acceptance back.
    Bound {
        /// The state that binds.
        state: LeadState,
    },
    /// Something that has to be given with it, or must not be.
    Given(Refusal),
}

impl From<Refusal> for StepRefusal {
    fn from(refusal: Refusal) -> Self {
        Self::Given(refusal)
    }
}

/// 流转表: all steps that there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transitions(Vec<Transition>);

impl Transitions {
    /// Reads `data/leads/transitions.tsv`.
    ///
    /// # Errors
    /// The first line that has an unknown name, stands there twice, or leads from a state to
    /// itself.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let mut steps: Vec<Transition> = Vec::new();
        for row in rows(FILE, text, ["from", "to", "roles", "needs", "clears"])? {
            let [from, to, roles, needs, clears] = row.cells;
            let fault = |refusal: Refusal| row.fault(refusal.to_string());
            let step = Transition {
                from: from.parse().map_err(fault)?,
                to: to.parse().map_err(fault)?,
                roles: listed(roles).map(str::parse).collect::<Result<_, _>>().map_err(fault)?,
                needs: listed(needs).map(str::parse).collect::<Result<_, _>>().map_err(fault)?,
                clears: listed(clears).map(str::parse).collect::<Result<_, _>>().map_err(fault)?,
            };
            if step.from == step.to {
                return Err(row.fault("from and to are the same"));
            }
            if step.to == LeadState::Closed && !step.needs.contains(&Requirement::Reason) {
                return Err(row.fault("closing needs a reason"));
            }
            if steps.iter().any(|known| (known.from, known.to) == (step.from, step.to)) {
                return Err(row.fault("this step stands there twice"));
            }
            steps.push(step);
        }
        Ok(Self(steps))
    }

    /// All steps, in the order of the file.
    pub fn all(&self) -> &[Transition] {
        &self.0
    }

    /// The states that may follow a state, in the order of the file.
    pub fn ways(&self, from: LeadState) -> impl Iterator<Item = LeadState> {
        self.0.iter().filter(move |step| step.from == from).map(|step| step.to)
    }

    /// Whether a lead in that state has always been accepted by both sides: every step into it
    /// needs that.
    pub fn binds(&self, state: LeadState) -> bool {
        let mut into = self.0.iter().filter(|step| step.to == state).peekable();
        into.peek().is_some() && into.all(|step| step.needs.contains(&Requirement::Accepted))
    }

    /// The lead after a step that somebody of that role takes at that instant; `None` stands for
    /// the command line on the machine, which may take all steps. The due date is the step's:
    /// that of the step before is over.
    ///
    /// # Errors
    /// If there is no such step from its state, none for the role, or something is missing.
    pub fn take(
        &self,
        lead: &Lead,
        step: Step,
        role: Option<Role>,
        at: Timestamp,
    ) -> Result<Lead, StepRefusal> {
        let from = lead.state;
        let rule = self.0.iter().find(|rule| (rule.from, rule.to) == (from, step.to));
        let Some(rule) = rule else {
            return Err(StepRefusal::NoWay { from, ways: self.ways(from).collect() });
        };
        if role.is_some_and(|role| !rule.roles.contains(&role)) {
            return Err(StepRefusal::NotYours);
        }
        let needs = |requirement| rule.needs.contains(&requirement);
        if needs(Requirement::Accepted) && !lead.accepted() {
            return Err(StepRefusal::NotAccepted(missing_sides(lead)));
        }
        if needs(Requirement::Note) && step.note.trim().is_empty() {
            return Err(Refusal::new("note", "没有写说明", "写明为什么走这一步").into());
        }
        if step.to != LeadState::Closed && !step.reason.trim().is_empty() {
            return Err(
                Refusal::new("reason", "只有关闭才写原因", "请去掉该项，或写在 note").into()
            );
        }
        if !needs(Requirement::Contract) && step.contract.is_some() {
            return Err(Refusal::new("contract", "这一步不填合同要素", "请去掉该项").into());
        }
        let mut next = lead.clone();
        next.earlier.push(Stay { state: from, since: lead.state_since });
        next.state = step.to;
        // A clock that was set back does not make a stay negative.
        next.state_since = at.max(lead.state_since);
        next.note = step.note;
        next.due_on = step.due_on;
        next.close_reason = step.reason;
        next.contract = step.contract.or(next.contract);
        for effect in &rule.clears {
            match effect {
                Effect::Contract => next.contract = None,
                Effect::Accepted => {
                    (next.accepted_by_enterprise, next.accepted_by_institution) = (false, false);
                }
            }
        }
        if needs(Requirement::Contract) && next.contract.is_none() {
            let right = "请填写 contract：合作方式 mode、金额 amount 与该方式的要素 terms";
            return Err(Refusal::new("contract", "没有写合同要素", right).into());
        }
        Ok(next.checked()?)
    }

    /// The lead after a side has accepted it, or taken that back. A side speaks for itself;
    /// those in charge may put it down for them, with a note.
    ///
    /// # Errors
    /// If the role may not speak for that side, those in charge give no note, the lead is closed
    /// or the side is bound.
    pub fn accept(
        &self,
        lead: &Lead,
        side: Side,
        accepted: bool,
        note: String,
        role: Option<Role>,
    ) -> Result<Lead, StepRefusal> {
        match (role, side) {
            (Some(Role::Enterprise), Side::Enterprise)
            | (Some(Role::Institution), Side::Institution) => {}
            (None | Some(Role::Office | Role::Commissioner), _) => {
                if note.trim().is_empty() {
                    let right = "代为登记须写明依据，如 2026-05-06 电话确认";
                    return Err(Refusal::new("note", "没有写说明", right).into());
                }
            }
            _ => return Err(StepRefusal::NotYours),
        }
        if lead.state == LeadState::Closed {
            let ways = self.ways(LeadState::Closed).collect();
            return Err(StepRefusal::NoWay { from: LeadState::Closed, ways });
        }
        if !accepted && self.binds(lead.state) {
            return Err(StepRefusal::Bound { state: lead.state });
        }
        let mut next = Lead { note, ..lead.clone() };
        *next.accepted_by(side) = accepted;
        Ok(next.checked()?)
    }
}

/// The sides that have not accepted.
fn missing_sides(lead: &Lead) -> Vec<Side> {
    let mut lead = lead.clone();
    Side::ALL.iter().copied().filter(|side| !*lead.accepted_by(*side)).collect()
}

#[cfg(test)]
#[path = "transitions_tests.rs"]
mod tests;
