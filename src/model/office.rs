//! The offices that parks belong to.

use super::id::RecordId;
use super::institution::Alias;
use super::text_field::{NAME_CHARS_MAX, Refusal, required};

super::record::named_values! {
    /// 层级: where an office stands in the tree.
    OfficeLevel, "level" {
        /// 市
        City = "city", "市", [];
        /// 区
        District = "district", "区", ["区县"];
        /// 园区
        Park = "park", "园区", ["高新园区", "开发区"];
    }
}

/// 机构（市、区、园区）: a node of the tree of programme offices. A park is a leaf; an enterprise
/// belongs to the park that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Name; of a park the one that enterprises give.
    pub name: String,
    /// City, district or park.
    pub level: OfficeLevel,
    /// The office above; a city has none.
    pub parent_id: Option<RecordId>,
    /// Other names.
    pub aliases: Vec<Alias>,
}

impl Office {
    /// Checks the texts, and that only a city is without an office above.
    ///
    /// # Errors
    /// If the name is blank or too long, or a city has an office above.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = required("name", &self.name, NAME_CHARS_MAX)?;
        self.aliases = Alias::check_all(self.aliases)?;
        if self.level == OfficeLevel::City && self.parent_id.is_some() {
            return Err(Refusal::new("parent_id", "市级机构没有上级", "请去掉该项"));
        }
        Ok(self)
    }
}
