//! The tree of offices: city, districts, parks. Everybody who has signed in sees it.

use super::change::{LOCAL, change, draft};
use super::users::may_administer;
use crate::engine::records::{LIST_LIMIT_MAX, check_limit};
use crate::engine::{Engine, EngineError, RecordView, Viewer};
use crate::model::{Alias, Body, Kind, Office, OfficeLevel, RecordId, Visibility};
use crate::store::{Existing, Write};

/// 新机构
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffice {
    /// What it is called by programs; a new UUID if `None`.
    pub external_id: Option<String>,
    /// City, district or park, for good.
    pub level: OfficeLevel,
    /// The rest.
    pub to: OfficeChange,
}

/// What is said of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeChange {
    /// Name; of a park the one that enterprises give.
    pub name: String,
    /// The office above by id, external id or `source:external_id`; a city has none.
    pub parent: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
}

impl Engine {
    /// Creates an office.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::Exists`]; [`EngineError::BadRequest`] and
    /// [`EngineError::Refused`] for what cannot be used.
    pub async fn create_office(
        &self,
        viewer: Viewer,
        new: NewOffice,
    ) -> Result<RecordView, EngineError> {
        may_administer(viewer)?;
        let office = self.office_from(new.level, new.to).await?;
        let external_id = new.external_id.unwrap_or_else(|| RecordId::generate().to_string());
        let draft = draft(LOCAL, &external_id, Visibility::Public, Body::Office(office));
        let write = Write { draft: draft.checked()?, existing: Existing::Refused };
        let mut written = self.write_accounts(&[write], &viewer.author()).await?;
        Ok(written.swap_remove(0))
    }

    /// The office of that id, external id or `source:external_id`.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Ambiguous`].
    pub async fn find_office(&self, viewer: Viewer, name: &str) -> Result<RecordView, EngineError> {
        Ok(self.named(viewer, Kind::Office, name).await?.record)
    }

    /// A page of offices behind `after`, in the order of their ids, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`]; [`EngineError::TooLarge`] if `limit` is over
    /// [`LIST_LIMIT_MAX`].
    pub async fn list_offices(
        &self,
        viewer: Viewer,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        if !viewer.sees_all(Kind::Office) {
            return Err(EngineError::NotSignedIn);
        }
        check_limit(limit, LIST_LIMIT_MAX)?;
        let mut page = self.store.list(Kind::Office, after, limit + 1).await?;
        let more = page.len() > limit;
        page.truncate(limit);
        Ok((page.into_iter().map(|stored| stored.record).collect(), more))
    }

    /// Changes an office, if it is still at `revision`. Its level stays.
    ///
    /// # Errors
    /// As [`Engine::create_office`]; [`EngineError::NotFound`]; [`EngineError::Store`] with
    /// `RevisionConflict`.
    pub async fn change_office(
        &self,
        viewer: Viewer,
        name: &str,
        to: OfficeChange,
        revision: Option<u64>,
    ) -> Result<RecordView, EngineError> {
        may_administer(viewer)?;
        let record = self.named(viewer, Kind::Office, name).await?.record;
        let missing = || EngineError::NotFound { kind: Kind::Office, name: name.to_owned() };
        let Body::Office(before) = &record.body else { return Err(missing()) };
        let mut office = self.office_from(before.level, to).await?;
        // A name that stays keeps the time that it was valid.
        for alias in &mut office.aliases {
            if let Some(known) = before.aliases.iter().find(|known| known.name == alias.name) {
                *alias = known.clone();
            }
        }
        let write = change(&record, Body::Office(office), revision);
        let mut written = self.write_accounts(&[write], &viewer.author()).await?;
        Ok(written.swap_remove(0))
    }

    /// An office whose parent is on a higher level, so that there are no circles.
    async fn office_from(
        &self,
        level: OfficeLevel,
        to: OfficeChange,
    ) -> Result<Office, EngineError> {
        let parent_id = self.bound_to("parent", Kind::Office, to.parent).await?;
        let refuse =
            |reason: &str| EngineError::BadRequest { field: "parent", reason: reason.to_owned() };
        match parent_id {
            None if level != OfficeLevel::City => {
                return Err(refuse("没有给出；区属于市，园区属于区或市，请填上级机构的编号"));
            }
            None => {}
            Some(parent_id) => {
                let parent = self.store.get(Kind::Office, parent_id).await?;
                let above = parent.is_some_and(|parent| {
                    matches!(&parent.record.body, Body::Office(parent) if parent.level < level)
                });
                if !above {
                    return Err(refuse("上级机构的层级必须更高：市 > 区 > 园区"));
                }
            }
        }
        let alias = |name| Alias { name, valid_from: None, valid_until: None };
        let aliases = to.aliases.into_iter().map(alias).collect();
        Ok(Office { name: to.name, level, parent_id, aliases }.checked()?)
    }
}
