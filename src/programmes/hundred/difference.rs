//! Two plans beside each other.

use std::collections::BTreeMap;

use super::case::Posting;

/// What has become of a commissioner's postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// 新增: goes now, did not before.
    Added,
    /// 取消: went before, stays now.
    Dropped,
    /// 改派: goes elsewhere.
    Moved,
    /// 调批: goes to the same place in another batch.
    Shifted,
}

impl Difference {
    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Dropped => "dropped",
            Self::Moved => "moved",
            Self::Shifted => "shifted",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Dropped => "取消",
            Self::Moved => "改派",
            Self::Shifted => "调批",
        }
    }
}

/// 差异: of one commissioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingDifference {
    /// Id of the commissioner.
    pub commissioner: String,
    /// What has become of their postings.
    pub kind: Difference,
    /// Those that are no more.
    pub before: Vec<Posting>,
    /// Those that were not before.
    pub after: Vec<Posting>,
}

/// What has changed, by commissioner, and how many postings are the same.
pub fn difference(before: &[Posting], after: &[Posting]) -> (Vec<PostingDifference>, usize) {
    let mut all: BTreeMap<&str, (Vec<Posting>, Vec<Posting>)> = BTreeMap::new();
    for own in before {
        all.entry(&own.commissioner).or_default().0.push(own.clone());
    }
    for own in after {
        all.entry(&own.commissioner).or_default().1.push(own.clone());
    }
    let mut kept = 0;
    let mut changed = Vec::new();
    for (commissioner, (mut gone, mut come)) in all {
        let count = gone.len();
        gone.retain(|own| !after.contains(own));
        come.retain(|own| !before.contains(own));
        kept += count - gone.len();
        gone.sort();
        come.sort();
        let same_places =
            gone.iter().map(|own| &own.institution).eq(come.iter().map(|own| &own.institution));
        let kind = match (gone.is_empty(), come.is_empty()) {
            (true, true) => continue,
            (true, false) => Difference::Added,
            (false, true) => Difference::Dropped,
            (false, false) if same_places => Difference::Shifted,
            (false, false) => Difference::Moved,
        };
        let commissioner = commissioner.to_owned();
        changed.push(PostingDifference { commissioner, kind, before: gone, after: come });
    }
    (changed, kept)
}
