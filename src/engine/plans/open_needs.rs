//! Open needs, the newest first: what a commissioner's desk matches, and what a home's fit is
//! measured by. Who may see them is left to whoever asks.

use std::cmp::Reverse;

use crate::engine::directory::{Directory, EnterpriseEntry, NeedEntry};
use crate::engine::need_filter::is_open;
use crate::model::{RecordId, Timestamp};

/// The newest `most` open needs with their firms, of those that are `wanted`.
pub(super) fn newest_open(
    directory: &Directory,
    most: usize,
    wanted: impl Fn(&NeedEntry, &EnterpriseEntry) -> bool,
) -> Vec<(&NeedEntry, &EnterpriseEntry)> {
    let today = Timestamp::now().day_in_china();
    let open = directory.needs().filter_map(|(_, need)| {
        let firm = directory.enterprise(need.enterprise?)?;
        (is_open(need.deadline, today) && wanted(need, firm)).then_some((need, firm))
    });
    let mut open: Vec<_> = open.collect();
    open.sort_unstable_by_key(|(need, _)| Reverse((need.created_at, need.id)));
    open.truncate(most);
    open
}

/// Whether a firm belongs to an office, or to one below it.
pub(super) fn is_in_area(directory: &Directory, firm: &EnterpriseEntry, area: RecordId) -> bool {
    let office = directory.places.office_of(firm);
    office.is_some_and(|office| directory.places.is_within(office, area))
}
