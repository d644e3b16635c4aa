//! What clients send about leads, for the description of the API.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// Defines the shape of a body whose keys may all be absent.
macro_rules! body {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
        pub struct $name {
            $($(#[$fmeta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)+
        }
    };
}

body! {
    /// 新线索. `need` and `lab` are required.
    LeadBody {
        /// The need by id, external id or `source:external_id`.
        #[schema(required = true)]
        need: String,
        /// The lab, likewise.
        #[schema(required = true)]
        lab: String,
        /// `achievement`, `talent`, `graduate` or `instrument`; `achievement` if absent.
        resource: String,
        /// Who looks after it, by id or login; whoever makes it, if they are in charge.
        owner: String,
        /// The next step is due then.
        due_on: String,
        /// A word about it.
        note: String,
    }
}

body! {
    /// 流转请求. `to` is required; what else is, `/api/v1/lead-transitions` tells.
    StepBody {
        /// The state that follows.
        #[schema(required = true)]
        to: String,
        /// What has happened.
        note: String,
        /// Why it is closed; only with `closed`.
        reason: String,
        /// The step after this one is due then; on no day if absent.
        due_on: String,
        /// Who looks after it from now on, by id or login.
        owner: String,
        /// What was agreed; only where the step needs it.
        contract: ContractBody,
    }
}

body! {
    /// 合同要素. `mode` and one of `amount` and `amount_fen` are required.
    ContractBody {
        /// `technology_transfer`, `patent_licence`, `joint_development`, `equity`, `joint_lab`,
        /// or other words.
        #[schema(required = true)]
        mode: String,
        /// Amount with its unit: `80万元`.
        amount: String,
        /// Amount in fen (分, a hundredth of a yuan).
        amount_fen: i64,
        /// The fields of the mode.
        terms: BTreeMap<String, String>,
    }
}

body! {
    /// 接受. `side` is required.
    AcceptBody {
        /// `enterprise` or `institution`.
        #[schema(required = true)]
        side: String,
        /// False takes it back; true if absent.
        accepted: bool,
        /// On what ground, if somebody else puts it down for that side.
        note: String,
    }
}

body! {
    /// 安排: what is absent stays as it is, null takes it away.
    PlanBody {
        /// Who looks after it, by id or login.
        owner: String,
        /// The next step is due then.
        due_on: String,
        /// A word about the change.
        note: String,
    }
}

body! {
    /// 新活动. `kind` and `text` are required.
    ActivityBody {
        /// The lead it was done for, by id; not with the address of a lead.
        lead: String,
        /// The posting on which it was done, by id.
        posting: String,
        /// `note`, `visit`, `call`, `meeting` or `promotion`.
        #[schema(required = true)]
        kind: String,
        /// `publicist`, `sower` or `adviser`.
        role: String,
        /// When; today if absent, never later.
        on: String,
        /// Where.
        place: String,
        /// What came of it.
        #[schema(required = true)]
        text: String,
    }
}

body! {
    /// 忽略. All are required.
    DismissalBody {
        /// The need by id, external id or `source:external_id`.
        #[schema(required = true)]
        need: String,
        /// The lab, likewise.
        #[schema(required = true)]
        lab: String,
        /// Why.
        #[schema(required = true)]
        reason: String,
    }
}
