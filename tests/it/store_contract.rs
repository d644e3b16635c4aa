//! The contract of `Store`, stated once as laws and run on every implementation.
//!
//! A further backend implements [`World`] and gets one line at the end of this file.

mod bodies;
mod changing_laws;
mod clock_laws;
mod creation_laws;
mod crowd_laws;
mod history_laws;
mod obstacles;
mod random_laws;
mod reading_laws;
mod sqlite_only;
pub mod world;
mod writing_laws;

use world::{SqliteWorld, World};

/// Runs every law on a fresh store of that world.
macro_rules! keeps_the_contract {
    ($backend:ident: $world:ty) => {
        mod $backend {
            use super::*;
            laws! { $world;
                writing_laws::a_draft_is_created_updated_or_unchanged,
                writing_laws::importing_the_same_again_changes_nothing,
                writing_laws::every_part_of_a_draft_counts_as_a_change,
                writing_laws::a_dangling_reference_refuses_the_whole_batch,
                writing_laws::a_reference_of_the_wrong_kind_is_refused,
                writing_laws::a_reference_to_a_tombstone_is_refused,
                writing_laws::an_illegal_draft_is_refused,
                writing_laws::the_same_record_twice_in_a_batch_is_written_in_turn,
                writing_laws::many_drafts_at_once_are_written_as_one_after_the_other,
                writing_laws::a_batch_too_large_is_refused,
                writing_laws::a_stale_revision_is_a_conflict,
                writing_laws::deleting_leaves_a_tombstone_that_a_draft_revives,
                writing_laws::deleting_what_is_not_there_is_refused,
                writing_laws::concurrent_puts_both_land,
                writing_laws::a_put_given_up_midway_is_all_or_nothing,
                changing_laws::a_record_is_changed_only_as_it_is_known,
                changing_laws::a_known_record_may_go_on_naming_what_was_deleted,
                changing_laws::of_several_writes_all_are_done_or_none,
                changing_laws::a_request_is_done_once,
                changing_laws::a_request_is_forgotten_after_its_time,
                creation_laws::what_is_created_is_returned_as_it_is_stored,
                creation_laws::what_exists_is_not_created_again,
                creation_laws::a_creation_revives_a_tombstone,
                creation_laws::a_refused_creation_says_why,
                crowd_laws::of_many_writers_each_gets_its_own_answer,
                crowd_laws::a_call_that_is_dropped_breaks_nobody_elses,
                crowd_laws::closing_writes_what_is_waiting,
                clock_laws::order_does_not_come_from_the_clock,
                clock_laws::pages_lose_and_repeat_nothing_while_the_clock_jumps,
                clock_laws::nothing_is_changed_before_it_was_created,
                clock_laws::the_last_change_tells_its_instant,
                history_laws::every_revision_stays_readable,
                history_laws::the_feed_has_one_entry_per_change_in_order,
                history_laws::the_feed_is_read_in_pages,
                history_laws::a_contact_is_kept_but_not_in_the_history,
                history_laws::a_new_store_has_another_epoch,
                reading_laws::pages_lose_and_repeat_nothing_while_records_are_added,
                reading_laws::lists_are_of_one_kind_and_in_the_order_of_ids,
                reading_laws::those_who_name_a_record_are_listed_as_all_are,
                reading_laws::an_external_id_is_found_with_and_without_its_source,
                reading_laws::rows_come_in_the_order_asked_for,
                reading_laws::a_record_is_found_under_its_own_kind_only,
                reading_laws::reopening_finds_everything,
                random_laws::any_legal_body_is_read_back_as_it_was_written,
            }
        }
    };
}

/// One test per law; afterwards the store's own check must find nothing.
macro_rules! laws {
    ($world:ty; $($module:ident::$law:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                let mut world = <$world>::create().await;
                $module::$law(&mut world).await;
                assert_eq!(world.store().check().await.unwrap(), Vec::<String>::new());
            }
        )*
    };
}

keeps_the_contract!(sqlite: SqliteWorld);
