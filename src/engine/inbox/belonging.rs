//! Which notices are somebody's: about a need or a lab of theirs, and theirs to see.

use std::collections::HashSet;

use super::super::directory::{Directory, LabEntry, NeedEntry};
use super::super::need_filter::is_open;
use super::super::permission::{Relation, Standing};
use super::super::{Engine, EngineError, Identity, Viewer};
use crate::model::{Body, Kind, Timestamp};
use crate::store::{Audience, BATCH_MAX, Notice};

/// 关联: why a notice is for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// The need is of a firm in their area or park.
    Area,
    /// The need is their firm's.
    OwnNeed,
    /// The lab is their institution's.
    OwnLab,
}

impl Tie {
    /// Stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::OwnNeed => "own_need",
            Self::OwnLab => "own_lab",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Area => "本区域（园区）的需求",
            Self::OwnNeed => "本企业的需求",
            Self::OwnLab => "本单位的实验室",
        }
    }
}

/// A notice that is somebody's, with its need and its lab.
pub(super) struct Belonging<'a> {
    pub notice: Notice,
    pub need: &'a NeedEntry,
    pub lab: &'a LabEntry,
    pub ties: Vec<Tie>,
}

/// Everybody but the anonymous has an inbox; that of whoever sits at the machine has everything.
pub(super) fn visitor(viewer: Viewer) -> Result<String, EngineError> {
    match viewer {
        Viewer::Anonymous => Err(EngineError::NotSignedIn),
        other => Ok(other.author()),
    }
}

impl Engine {
    /// On whose behalf the engine is asked when it is asked for a user, by login or id.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is no such user.
    pub async fn viewer_of_user(&self, name: &str) -> Result<Viewer, EngineError> {
        let record = self.named(Viewer::Local, Kind::User, name).await?.record;
        let Body::User(user) = record.body else {
            return Err(EngineError::NotFound { kind: Kind::User, name: name.to_owned() });
        };
        Ok(Viewer::User(Identity {
            user: record.meta.id,
            role: user.role,
            office: user.office_id,
            institution: user.institution_id,
            enterprise: user.enterprise_id,
        }))
    }

    /// The notices behind `since` up to `until`. Linear in their number.
    pub(super) async fn notices_between(
        &self,
        since: i64,
        until: i64,
    ) -> Result<Vec<Notice>, EngineError> {
        let (mut all, mut after) = (Vec::new(), since);
        while after < until {
            let page = self.store.notices(after, BATCH_MAX).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            all.extend(page.into_iter().filter(|notice| notice.id <= until));
        }
        Ok(all)
    }

    /// Those of them that are the viewer's, without what they have dismissed.
    pub(super) async fn belonging<'a>(
        &self,
        viewer: Viewer,
        directory: &'a Directory,
        notices: Vec<Notice>,
    ) -> Result<Vec<Belonging<'a>>, EngineError> {
        let today = Timestamp::now().day_in_china();
        let mut found: Vec<Belonging<'a>> = notices
            .into_iter()
            .filter_map(|notice| {
                let need = directory.need(notice.what.need.0)?;
                let lab = directory.lab(notice.what.lab.0)?;
                let ties = ties(viewer, directory, need, lab);
                let theirs = viewer == Viewer::Local || !ties.is_empty();
                let seen = viewer.sight_of_need(directory, need).is_any()
                    && viewer.sight_of_lab(directory, lab).is_any();
                let told = theirs && seen && hears(viewer, notice.what.audience);
                (told && is_open(need.deadline, today)).then_some(Belonging {
                    notice,
                    need,
                    lab,
                    ties,
                })
            })
            .collect();
        let pairs: HashSet<_> = found.iter().map(|b| (b.need.id, b.lab.id)).collect();
        let dismissed = self.dismissed(viewer, &pairs).await?;
        found.retain(|belonging| !dismissed.contains(&(belonging.need.id, belonging.lab.id)));
        Ok(found)
    }
}

/// Whether what comes of that evidence is for the viewer.
fn hears(viewer: Viewer, audience: Audience) -> bool {
    match audience {
        Audience::Everybody => true,
        Audience::Insiders => !viewer.public_only(),
        Audience::Outsiders => viewer.public_only(),
    }
}

fn ties(viewer: Viewer, directory: &Directory, need: &NeedEntry, lab: &LabEntry) -> Vec<Tie> {
    let Viewer::User(who) = &viewer else { return Vec::new() };
    let standing = Standing { who, directory };
    let to_need = standing.to_need(Some(need.id), need.enterprise);
    let to_lab = standing.to_lab_entry(lab);
    let ties = [
        (Tie::Area, to_need.has(Relation::Area)),
        (Tie::OwnNeed, to_need.has(Relation::Own)),
        (Tie::OwnLab, to_lab.has(Relation::Own)),
    ];
    ties.into_iter().filter(|(_, has)| *has).map(|(tie, _)| tie).collect()
}
