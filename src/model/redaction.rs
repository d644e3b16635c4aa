//! What is left of a record once what it may say of persons is erased.

use super::{Achievement, Activity, Body, Dismissal, Enterprise, Lab, Lead, Need, Token, User};

/// What stands where a text must not be empty.
pub const REDACTED: &str = "（已抹除）";

impl Body {
    /// The body without anything that may tell of a person: ids, states, dates and figures stay.
    /// `None` for kinds that hold no personal data, or that account for others: an event is no
    /// less than that it happened.
    pub fn redacted(&self) -> Option<Self> {
        let (gone, nothing) = (|| REDACTED.to_owned(), String::new);
        Some(match self.clone() {
            Self::Institution(_)
            | Self::Office(_)
            | Self::Plan(_)
            | Self::Posting(_)
            | Self::Merge(_)
            | Self::Event(_) => return None,
            Self::User(body) => Self::User(User { name: gone(), password_hash: nothing(), ..body }),
            Self::Token(body) => Self::Token(Token { label: gone(), ..body }),
            Self::Lead(body) => {
                let close_reason = if body.close_reason.is_empty() { nothing() } else { gone() };
                let contract = body.contract.map(|mut contract| {
                    contract.terms.clear();
                    contract
                });
                Self::Lead(Lead { note: nothing(), close_reason, contract, ..body })
            }
            Self::Activity(body) => {
                Self::Activity(Activity { text: gone(), place: nothing(), ..body })
            }
            Self::Dismissal(body) => Self::Dismissal(Dismissal { reason: gone(), ..body }),
            Self::Lab(body) => Self::Lab(Lab {
                name: gone(),
                profile: nothing(),
                contact: nothing(),
                aliases: Vec::new(),
                ..body
            }),
            Self::Achievement(body) => Self::Achievement(Achievement {
                title: gone(),
                summary: nothing(),
                keywords: Vec::new(),
                rights: nothing(),
                ..body
            }),
            Self::Enterprise(body) => Self::Enterprise(Enterprise {
                name: gone(),
                credit_code: None,
                contact: nothing(),
                aliases: Vec::new(),
                ..body
            }),
            Self::Need(body) => Self::Need(Need { title: gone(), body: nothing(), ..body }),
        })
    }
}
