//! Matches that somebody follows up.

use std::collections::BTreeMap;

use super::date::{CivilDate, Timestamp};
use super::id::RecordId;
use super::mode::Mode;
use super::money::Fen;
use super::text_field::{
    LIST_ITEMS_MAX, NAME_CHARS_MAX, PROSE_CHARS_MAX, Refusal, bounded, optional, required,
};

super::record::named_values! {
    /// 线索状态: how far a lead has come. Which may follow which is a table,
    /// `data/leads/transitions.tsv`.
    LeadState, "state" {
        /// 发现
        Found = "found", "发现", [];
        /// 初筛
        Screened = "screened", "初筛", [];
        /// 接洽
        Contacted = "contacted", "接洽", [];
        /// 调研
        Visited = "visited", "调研", [];
        /// 方案
        Proposed = "proposed", "方案", [];
        /// 签约
        Signed = "signed", "签约", [];
        /// 落地
        Landed = "landed", "落地", [];
        /// 关闭
        Closed = "closed", "关闭", [];
    }
}

super::record::named_values! {
    /// 资源类别: what a firm is to get from a lab.
    Resource, "resource" {
        /// 成果
        Achievement = "achievement", "成果", ["科技成果"];
        /// 高层次人才
        Talent = "talent", "高层次人才", ["人才"];
        /// 毕业生
        Graduate = "graduate", "毕业生", [];
        /// 仪器设备
        Instrument = "instrument", "仪器设备", ["仪器"];
    }
}

super::record::named_values! {
    /// 一方: who has to want a lead for it to be followed up.
    Side, "side" {
        /// 企业: whose need it is.
        Enterprise = "enterprise", "企业", [];
        /// 高校院所: whose lab it is.
        Institution = "institution", "高校院所", [];
    }
}

/// 停留: a state that a lead has been in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The state.
    pub state: LeadState,
    /// Since when.
    pub since: Timestamp,
}

/// 对接线索: a match that somebody follows up, from found to landed or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The need.
    pub need_id: RecordId,
    /// The lab.
    pub lab_id: RecordId,
    /// What the firm is to get.
    pub resource: Resource,
    /// How far it has come.
    pub state: LeadState,
    /// Since when it is in this state.
    pub state_since: Timestamp,
    /// The states before, in their order: what days in each state are counted from.
    pub earlier: Vec<Stay>,
    /// The firm wants it.
    pub accepted_by_enterprise: bool,
    /// The institution wants it.
    pub accepted_by_institution: bool,
    /// The user who looks after it.
    pub owner_id: Option<RecordId>,
    /// The next step is due then.
    pub due_on: Option<CivilDate>,
    /// What was said with the last change.
    pub note: String,
    /// Why it was closed; empty unless it is.
    pub close_reason: String,
    /// What was agreed; there from signed on.
    pub contract: Option<Contract>,
}

/// 合同要素: what a signed lead came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Mode of cooperation.
    pub mode: Mode,
    /// Amount.
    pub amount: Fen,
    /// Further fields of the mode, by their English names (`data/leads/contract_fields.tsv`).
    pub terms: BTreeMap<String, String>,
}

impl Lead {
    /// A lead that has just been found; nobody has accepted it and nobody looks after it.
    pub fn found(need_id: RecordId, lab_id: RecordId, resource: Resource, at: Timestamp) -> Self {
        Self {
            need_id,
            lab_id,
            resource,
            state: LeadState::Found,
            state_since: at,
            earlier: Vec::new(),
            accepted_by_enterprise: false,
            accepted_by_institution: false,
            owner_id: None,
            due_on: None,
            note: String::new(),
            close_reason: String::new(),
            contract: None,
        }
    }

    /// The flag of a side.
    pub fn accepted_by(&mut self, side: Side) -> &mut bool {
        match side {
            Side::Enterprise => &mut self.accepted_by_enterprise,
            Side::Institution => &mut self.accepted_by_institution,
        }
    }

    /// Both sides want it, so each may know how to reach the other.
    pub fn accepted(&self) -> bool {
        self.accepted_by_enterprise && self.accepted_by_institution
    }

    /// Checks the texts, and what states ask for by themselves: a closed lead has a reason,
    /// a signed or landed one a contract.
    ///
    /// # Errors
    /// If one of them is missing, or a text is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.note = optional("note", &self.note, PROSE_CHARS_MAX)?;
        self.earlier = bounded("earlier", self.earlier)?;
        self.close_reason = optional("close_reason", &self.close_reason, NAME_CHARS_MAX)?;
        match self.state {
            LeadState::Closed if self.close_reason.is_empty() => {
                return Err(Refusal::new("close_reason", "关闭线索没有写原因", "请填写关闭原因"));
            }
            LeadState::Signed | LeadState::Landed if self.contract.is_none() => {
                let right = "请填写合作方式 mode 与金额 amount";
                return Err(Refusal::new("contract", "签约没有写合作方式与金额", right));
            }
            _ => {}
        }
        if let Some(contract) = &mut self.contract {
            if contract.terms.len() > LIST_ITEMS_MAX {
                let reason = format!("共 {} 项，过多", contract.terms.len());
                let right = format!("不超过 {LIST_ITEMS_MAX} 项");
                return Err(Refusal::new("terms", reason, right));
            }
            for value in contract.terms.values_mut() {
                *value = optional("terms", value, NAME_CHARS_MAX)?;
            }
        }
        Ok(self)
    }
}

super::record::named_values! {
    /// 专员角色: the three roles that a commissioner plays.
    CommissionerRole, "role" {
        /// 宣传员: makes the city and its policies known.
        Publicist = "publicist", "宣传员", [];
        /// 播种机: brings achievements, talents and graduates to the parks.
        Sower = "sower", "播种机", [];
        /// 参谋长: advises on both sides.
        Adviser = "adviser", "参谋长", [];
    }
}

super::record::named_values! {
    /// 活动类别: what was done.
    ActivityKind, "kind" {
        /// 备注
        Note = "note", "备注", [];
        /// 走访
        Visit = "visit", "走访", ["调研"];
        /// 联络
        Call = "call", "联络", ["电话"];
        /// 会议
        Meeting = "meeting", "会议", ["座谈"];
        /// 推介
        Promotion = "promotion", "推介", ["宣讲", "路演"];
    }
}

/// 活动: something that was done, for a lead or for none in particular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The lead it was done for.
    pub lead_id: Option<RecordId>,
    /// The posting on which it was done.
    pub posting_id: Option<RecordId>,
    /// What was done.
    pub kind: ActivityKind,
    /// In which of the commissioner's roles.
    pub role: Option<CommissionerRole>,
    /// When.
    pub on: CivilDate,
    /// Where; empty if nowhere in particular.
    pub place: String,
    /// What came of it. May name persons.
    pub text: String,
}

impl Activity {
    /// Checks the texts.
    ///
    /// # Errors
    /// If the text is blank, or one is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.text = required("text", &self.text, PROSE_CHARS_MAX)?;
        self.place = optional("place", &self.place, NAME_CHARS_MAX)?;
        Ok(self)
    }
}

/// 忽略的匹配: a match that a user does not want to see again until one of its texts changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissal {
    /// Who does not want to see it.
    pub user_id: RecordId,
    /// The need.
    pub need_id: RecordId,
    /// The lab.
    pub lab_id: RecordId,
    /// Why.
    pub reason: String,
    /// Digests of the texts that it was said of; with other texts it counts no more.
    pub need_digest: String,
    /// That of the lab's profile.
    pub lab_digest: String,
}

impl Dismissal {
    /// Checks the reason.
    ///
    /// # Errors
    /// If it is blank or too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.reason = required("reason", &self.reason, NAME_CHARS_MAX)?;
        Ok(self)
    }
}
