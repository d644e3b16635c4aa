//! The contract of `Store`, stated once as laws and run on every implementation.
//!
//! A further backend implements [`World`] and gets one line at the end of this file.

mod audit_laws;
mod bodies;
mod changing_laws;
mod clock_laws;
mod creation_laws;
mod crowd_laws;
mod history_laws;
mod merge_laws;
mod notice_laws;
mod obstacles;
mod random_laws;
mod reading_laws;
mod sqlite_only;
mod tampering;
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
                audit_laws::seals_cover_the_feed_in_its_order,
                audit_laws::a_seal_has_a_limit_and_the_next_goes_on,
                audit_laws::of_several_sealers_one_at_a_time_seals,
                audit_laws::what_is_erased_is_gone_and_the_seals_stay_right,
                audit_laws::what_accounts_for_others_is_not_erased,
                audit_laws::old_events_lose_what_they_say_and_nothing_else_does,
                audit_laws::the_log_is_asked_by_record_person_action_and_time,
                merge_laws::a_merged_record_gives_its_place_and_gets_it_back,
                merge_laws::what_others_changed_survives_the_undoing,
                merge_laws::undone_merges_leave_everything_as_it_was,
                merge_laws::a_merged_record_does_not_come_back_by_itself,
                merge_laws::what_cannot_be_merged_or_undone_is_refused_as_a_whole,
                notice_laws::notices_are_written_with_how_far_the_feed_was_met,
                notice_laws::a_notice_lives_as_long_as_what_it_says,
                notice_laws::old_notices_go,
                notice_laws::what_was_seen_stays_seen,
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
