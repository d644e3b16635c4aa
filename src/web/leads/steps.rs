//! The steps that a lead can take from where it is, as forms show them.

use crate::engine::LeadView;
use crate::model::{
    ContractField, ContractFields, LeadState, Mode, Requirement, Role, Transition, Transitions,
    ValueSort,
};

/// 方向: where a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the next state.
    Forward,
    /// To an earlier one, or out of closed.
    Back,
    /// Out of it.
    Close,
}

/// 可走的一步
#[derive(Debug, Clone)]
pub struct StepTold {
    /// What its form is called on the page.
    pub form: String,
    /// The state that follows.
    pub to: LeadState,
    pub direction: Direction,
    pub needs_note: bool,
    pub needs_contract: bool,
    /// Sides that have to accept first.
    pub waits_for: Vec<&'static str>,
    /// What holds no more afterwards.
    pub clears: Vec<&'static str>,
}

impl StepTold {
    /// Those that somebody of that role may take; `None` may take all.
    pub fn all(lead: &LeadView, rules: &Transitions, role: Option<Role>) -> Vec<Self> {
        let own = rules.all().iter().filter(|rule| rule.from == lead.lead.state);
        let own = own.filter(|rule| role.is_none_or(|role| rule.roles.contains(&role)));
        own.map(|rule| Self::of(lead, rule)).collect()
    }

    fn of(lead: &LeadView, rule: &Transition) -> Self {
        let lead = &lead.lead;
        let needs = |requirement| rule.needs.contains(&requirement);
        let sides =
            [(lead.accepted_by_enterprise, "企业"), (lead.accepted_by_institution, "高校院所")];
        let missing = sides.into_iter().filter(|(accepted, _)| !accepted).map(|(_, side)| side);
        Self {
            form: form_of(rule.to),
            to: rule.to,
            direction: match (rule.from, rule.to) {
                (_, LeadState::Closed) => Direction::Close,
                (LeadState::Closed, _) => Direction::Back,
                (from, to) if to as usize > from as usize => Direction::Forward,
                _ => Direction::Back,
            },
            needs_note: needs(Requirement::Note),
            needs_contract: needs(Requirement::Contract) && lead.contract.is_none(),
            waits_for: if needs(Requirement::Accepted) { missing.collect() } else { Vec::new() },
            clears: rule.clears.iter().map(|effect| effect.label()).collect(),
        }
    }

    /// Whether it needs nothing but to be taken.
    pub fn is_bare(&self) -> bool {
        let asks = self.needs_note || self.needs_contract || self.closes();
        !asks && self.waits_for.is_empty()
    }

    pub fn is_forward(&self) -> bool {
        self.direction == Direction::Forward
    }

    pub fn closes(&self) -> bool {
        self.direction == Direction::Close
    }

    /// What it does, as a heading says it.
    pub fn title(&self) -> String {
        match self.direction {
            Direction::Forward => format!("推进到“{}”", self.to.label()),
            Direction::Back => format!("退回到“{}”", self.to.label()),
            Direction::Close => "关闭这条线索".to_owned(),
        }
    }
}

/// What the form of a step is called.
pub fn form_of(to: LeadState) -> String {
    format!("step-{}", to.as_str())
}

/// 合同表单: the fields of a contract of one mode.
pub struct ContractForm {
    /// English names and labels of the modes to choose from.
    pub modes: Vec<(String, String)>,
    /// The one that is chosen.
    pub mode: String,
    /// Any other, in words.
    pub is_other: bool,
    pub fields: Vec<FieldTold>,
}

/// A field beside mode and amount.
pub struct FieldTold {
    pub name: String,
    pub label: String,
    pub required: bool,
    pub hint: &'static str,
    /// The words of which one is meant, if not any text.
    pub words: Vec<String>,
}

/// What stands for any other mode.
pub const OTHER: &str = "other";

impl ContractForm {
    /// That of a mode; of the first if it is none of the five.
    pub fn of(mode: Option<&str>, known: &ContractFields) -> Self {
        let five = [
            Mode::TechnologyTransfer,
            Mode::PatentLicence,
            Mode::JointDevelopment,
            Mode::Equity,
            Mode::JointLab,
        ];
        let chosen = mode.map(Mode::parse);
        let is_other = matches!(&chosen, Some(Mode::Other(name)) if name == OTHER);
        let chosen = chosen.filter(|mode| is_other || five.contains(mode));
        let chosen = chosen.unwrap_or(Mode::TechnologyTransfer);
        let name = |mode: &Mode| (mode.as_str().to_owned(), mode.label().to_owned());
        let mut modes: Vec<_> = five.iter().map(name).collect();
        modes.push((OTHER.to_owned(), "其他".to_owned()));
        let fields = known.of(&chosen).map(FieldTold::of).collect();
        Self { modes, mode: chosen.as_str().to_owned(), is_other, fields }
    }
}

impl FieldTold {
    fn of(field: &ContractField) -> Self {
        let (hint, words) = match &field.value {
            ValueSort::Text => ("", Vec::new()),
            ValueSort::Money => ("带单位，如 80万元", Vec::new()),
            ValueSort::Percent => ("0 到 100，如 30%", Vec::new()),
            ValueSort::OneOf(words) => ("", words.clone()),
        };
        Self {
            name: term_name(&field.field),
            label: field.label.clone(),
            required: field.required,
            hint,
            words,
        }
    }
}

/// What a field of a contract is called in forms.
pub fn term_name(field: &str) -> String {
    format!("term-{field}")
}
