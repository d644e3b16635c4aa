//! What if: a change to a case, and the case that it makes.

use super::basis::Basis;
use super::case::{Commissioner, HostInstitution, Posting};

/// 假设: one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Somebody else can be posted.
    AddCommissioner(Commissioner),
    /// Somebody cannot be posted any more.
    RemoveCommissioner(String),
    /// One more institution.
    AddInstitution(HostInstitution),
    /// An institution is out of the question.
    RemoveInstitution(String),
    /// A posting that there has to be; its batch may be empty (any).
    Force(Posting),
    /// A posting need not be.
    Unforce {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
    },
    /// A pair that there must not be.
    Forbid {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
    },
    /// A pair may be.
    Allow {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
    },
    /// An institution has to be posted to.
    Require(String),
    /// It need not.
    Unrequire(String),
    /// A parameter of a rule has another value.
    Set {
        /// Its key in the rule pack.
        key: String,
        /// Its value.
        value: i64,
    },
    /// A batch has other places; `None` is without a limit.
    Places {
        /// Id of the batch.
        batch: String,
        /// Postings at most.
        places: Option<u32>,
    },
    /// A commissioner can be posted in other batches; none named means any.
    Batches {
        /// Id of the commissioner.
        commissioner: String,
        /// Ids of the batches.
        batches: Vec<String>,
    },
}

/// Why a change cannot be made, a Chinese sentence in each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// It names what the case does not have.
    #[error("案例中没有“{0}”，请核对编号")]
    Unknown(String),
    /// It adds what the case has.
    #[error("案例中已有“{0}”，请换一个编号")]
    Exists(String),
    /// No parameter is called so.
    #[error("没有参数“{key}”；可用参数：{}", .known.join("、"))]
    UnknownParameter {
        /// What was named.
        key: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// A parameter cannot have that value.
    #[error("参数“{key}”不能为{value}，应在{least}到{most}之间")]
    ParameterRange {
        /// The parameter.
        key: String,
        /// What was given.
        value: i64,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
}

impl Basis {
    /// The basis with changes made to it, in their order.
    ///
    /// # Errors
    /// If one of them cannot be made; nothing is changed then.
    pub fn with(&self, changes: &[Change]) -> Result<Self, ChangeError> {
        let mut changed = self.clone();
        for change in changes {
            changed.apply(change)?;
        }
        Ok(changed)
    }

    fn apply(&mut self, change: &Change) -> Result<(), ChangeError> {
        match change {
            Change::AddCommissioner(own) => {
                absent(self.case.commissioners.iter().map(|own| &own.id), &own.id)?;
                for batch in &own.batches {
                    self.has_batch(batch)?;
                }
                self.case.commissioners.push(own.clone());
            }
            Change::RemoveCommissioner(id) => {
                self.has_commissioner(id)?;
                self.case.commissioners.retain(|own| own.id != *id);
                self.case.forced.retain(|own| own.commissioner != *id);
                self.case.forbidden.retain(|(own, _)| own != id);
            }
            Change::AddInstitution(own) => {
                absent(self.case.institutions.iter().map(|own| &own.id), &own.id)?;
                self.case.institutions.push(own.clone());
            }
            Change::RemoveInstitution(id) => {
                self.has_institution(id)?;
                self.case.institutions.retain(|own| own.id != *id);
                self.case.forced.retain(|own| own.institution != *id);
                self.case.forbidden.retain(|(_, own)| own != id);
                self.case.required.retain(|own| own != id);
                self.case.ties.retain(|own| own.institution != *id);
            }
            Change::Force(own) => {
                self.has_pair(&own.commissioner, &own.institution)?;
                if !own.batch.is_empty() {
                    self.has_batch(&own.batch)?;
                }
                for batch in &own.renewed {
                    self.has_batch(batch)?;
                }
                self.unforce(&own.commissioner, &own.institution);
                self.case.forced.push(own.clone());
            }
            Change::Unforce { commissioner, institution } => {
                self.has_pair(commissioner, institution)?;
                self.unforce(commissioner, institution);
            }
            Change::Forbid { commissioner, institution } => {
                self.has_pair(commissioner, institution)?;
                self.case.forbidden.push((commissioner.clone(), institution.clone()));
            }
            Change::Allow { commissioner, institution } => {
                self.has_pair(commissioner, institution)?;
                let pair = (commissioner.clone(), institution.clone());
                self.case.forbidden.retain(|own| *own != pair);
            }
            Change::Require(id) => {
                self.has_institution(id)?;
                if !self.case.required.contains(id) {
                    self.case.required.push(id.clone());
                }
            }
            Change::Unrequire(id) => {
                self.has_institution(id)?;
                self.case.required.retain(|own| own != id);
            }
            Change::Set { key, value } => self.parameters.set(key, *value)?,
            Change::Places { batch, places } => {
                self.has_batch(batch)?;
                let own = self.case.batches.iter_mut().filter(|own| own.id == *batch);
                own.for_each(|own| own.places = *places);
            }
            Change::Batches { commissioner, batches } => {
                self.has_commissioner(commissioner)?;
                for batch in batches {
                    self.has_batch(batch)?;
                }
                let own = self.case.commissioners.iter_mut().filter(|own| own.id == *commissioner);
                own.for_each(|own| own.batches.clone_from(batches));
            }
        }
        Ok(())
    }

    fn unforce(&mut self, commissioner: &str, institution: &str) {
        let is_it =
            |own: &Posting| own.commissioner == commissioner && own.institution == institution;
        self.case.forced.retain(|own| !is_it(own));
    }

    fn has_commissioner(&self, id: &str) -> Result<(), ChangeError> {
        present(self.case.commissioners.iter().map(|own| &own.id), id)
    }

    fn has_institution(&self, id: &str) -> Result<(), ChangeError> {
        present(self.case.institutions.iter().map(|own| &own.id), id)
    }

    fn has_batch(&self, id: &str) -> Result<(), ChangeError> {
        present(self.case.batches.iter().map(|own| &own.id), id)
    }

    fn has_pair(&self, commissioner: &str, institution: &str) -> Result<(), ChangeError> {
        self.has_commissioner(commissioner)?;
        self.has_institution(institution)
    }
}

fn present<'a>(mut ids: impl Iterator<Item = &'a String>, id: &str) -> Result<(), ChangeError> {
    if ids.any(|own| own == id) { Ok(()) } else { Err(ChangeError::Unknown(id.to_owned())) }
}

fn absent<'a>(mut ids: impl Iterator<Item = &'a String>, id: &str) -> Result<(), ChangeError> {
    if ids.any(|own| own == id) { Err(ChangeError::Exists(id.to_owned())) } else { Ok(()) }
}
