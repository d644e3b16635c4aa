//! Which problems an operation may meet, for the description of the API.
//!
//! They follow from its name (a verb and a noun), its address and whether it has a body, so that a
//! new operation of a known sort needs nothing here.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{RefOr, Required};

use super::error::ProblemCode as Code;
use super::rate;

/// Of what is named in the address.
const NAMED: [Code; 3] = [Code::BadUrl, Code::NotFound, Code::Ambiguous];
/// Of what is named there and not everybody's to change.
const GUARDED: [Code; 4] = [Code::BadUrl, Code::Forbidden, Code::NotFound, Code::Ambiguous];
/// Of parameters behind the address, and of pages.
const PAGED: [Code; 4] = [Code::BadUrl, Code::UnknownField, Code::InvalidValue, Code::TooLarge];
/// Of what is written.
const WRITTEN: [Code; 2] = [Code::StorageFull, Code::StorageReadOnly];
/// Of what asks the index.
const ASKED: [Code; 2] = [Code::Busy, Code::NotReady];

/// The problems that an operation may meet; some stand there twice.
pub(super) fn codes(path: &str, operation: &Operation) -> Vec<Code> {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let (verb, noun) = id.split_once('_').unwrap_or((id, ""));
    let mut codes = common_codes(path, operation);
    if path.starts_with("/api/") && !BEFORE_THE_PASSWORD_IS_CHANGED.contains(&id) {
        codes.push(Code::PasswordChangeRequired);
    }
    codes.extend(account_codes(id));
    codes.extend(plan_codes(id));
    codes.extend(match verb {
        "search" | "list" => reading_codes(path, verb, noun),
        "create" => creating_codes(noun),
        _ => verb_codes(verb),
    });
    if path == "/readyz" {
        codes.push(Code::NotReady);
    }
    if id == "list_jobs" {
        codes.push(Code::NotSignedIn);
    }
    if needs_precondition(operation) {
        codes.extend([Code::PreconditionRequired, Code::RevisionConflict, Code::InvalidValue]);
        codes.extend(GUARDED);
        codes.push(Code::Conflict);
    }
    if path.starts_with("/api/") || matches!(path, "/readyz" | "/metrics") {
        codes.extend([Code::StorageLocked, Code::StorageFailed]);
    }
    codes
}

/// What every request may meet, and every one with a body.
fn common_codes(path: &str, operation: &Operation) -> Vec<Code> {
    let mut codes = vec![Code::ForeignHost, Code::MethodNotAllowed, Code::Timeout, Code::Internal];
    codes.push(Code::BadToken);
    codes.extend([Code::BadRequest, Code::HeadTimeout, Code::HeadTooLarge]);
    codes.push(Code::TooManyConnections);
    if path != rate::HEALTH {
        codes.push(Code::RateLimited);
    }
    if operation.request_body.is_some() {
        codes.extend([Code::BadJson, Code::UnknownField, Code::InvalidValue]);
        codes.extend([Code::BodyTimeout, Code::TooLarge, Code::UnsupportedMediaType]);
    }
    codes
}

/// Of hits and lists.
fn reading_codes(path: &str, verb: &str, noun: &str) -> Vec<Code> {
    let mut codes = PAGED.to_vec();
    if noun.starts_with("lead") || noun == "activities" {
        codes.extend([Code::NotFound, Code::Ambiguous]);
    }
    if verb == "search" {
        codes.extend(ASKED);
    }
    if path == "/api/v1/duplicates" {
        codes.push(Code::Forbidden);
        codes.extend(ASKED);
    }
    if path == "/api/v1/audit" {
        codes.extend([Code::Forbidden, Code::NotFound, Code::Ambiguous]);
    }
    codes
}

/// Of what is made.
fn creating_codes(noun: &str) -> Vec<Code> {
    let mut codes = Vec::new();
    if ["lead", "lead_activity", "activity", "dismissal"].contains(&noun) {
        codes.extend(NAMED);
        codes.push(Code::KeyReused);
    }
    codes.extend([Code::Forbidden, Code::Exists, Code::Conflict]);
    codes.extend([Code::NotFound, Code::KeyReused]);
    codes.extend(WRITTEN);
    codes
}

/// Of the other operations, by what they do.
fn verb_codes(verb: &str) -> Vec<Code> {
    let (named, guarded, written) = (NAMED.as_slice(), GUARDED.as_slice(), WRITTEN.as_slice());
    let parts: &[&[Code]] = match verb {
        "history" => &[guarded, &PAGED[1..]],
        "bulk" | "import" => &[&[Code::BadUrl, Code::Forbidden, Code::Busy, Code::TooManyJobs]],
        "cancel" => &[&[Code::BadUrl, Code::NotFound]],
        "watch" => &[&[Code::BadUrl, Code::NotFound, Code::Busy]],
        "sign" | "change" | "reset" | "revoke" => &[written],
        "match" | "coverage" | "why" | "compare" => &[&[Code::NotFound, Code::Ambiguous], &ASKED],
        "points" => &[&[Code::NotFound, Code::Ambiguous, Code::Busy]],
        "report" => &[&PAGED[..3], &[Code::Forbidden, Code::NotFound, Code::Ambiguous]],
        "move" | "accept" | "plan" | "publish" => &[
            guarded,
            &[Code::PreconditionRequired, Code::RevisionConflict, Code::Conflict],
            &[Code::IllegalStep, Code::KeyReused],
            written,
        ],
        "delete" => &[guarded, written],
        "find" => &[named],
        "merge" | "undo" => &[guarded, &[Code::InvalidValue], written],
        "audit" => &[&[Code::Forbidden]],
        "read" => &[&PAGED, &[Code::NotSignedIn]],
        "mark" => &[&[Code::NotSignedIn], written],
        _ => &[],
    };
    parts.concat()
}

/// Whether an operation changes only what its caller has read.
fn needs_precondition(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| {
        matches!(parameter, RefOr::T(parameter)
            if parameter.name == "If-Match" && parameter.required == Required::True)
    })
}

/// The problems of plans that an operation may meet beside those of its verb.
fn plan_codes(id: &str) -> &'static [Code] {
    match id {
        "create_plan" => &[Code::Ambiguous, Code::TooManyJobs, Code::Busy],
        "delete_plan" => &[Code::IllegalStep],
        "find_plan_explanations" => &[Code::UnknownField, Code::InvalidValue, Code::Busy],
        "find_plan_difference" => &[Code::UnknownField, Code::InvalidValue],
        "what_if_plan" => {
            &[Code::BadUrl, Code::Forbidden, Code::NotFound, Code::Ambiguous, Code::Busy]
        }
        "export_plan" => {
            &[Code::BadUrl, Code::NotFound, Code::Ambiguous, Code::UnknownField, Code::InvalidValue]
        }
        "list_postings" => &[Code::NotFound, Code::Ambiguous],
        "read_desk" => {
            &[Code::Forbidden, Code::NotFound, Code::Ambiguous, Code::Busy, Code::NotReady]
        }
        _ => &[],
    }
}

/// What may be asked for with a one-time password.
const BEFORE_THE_PASSWORD_IS_CHANGED: [&str; 5] =
    ["sign_in", "sign_out", "sign_out_everywhere", "who_am_i", "change_password"];

/// The problems of accounts that an operation may meet.
fn account_codes(id: &str) -> &'static [Code] {
    match id {
        "sign_in" => &[Code::WrongLogin, Code::LockedOut, Code::Busy],
        "sign_out" | "sign_out_everywhere" | "who_am_i" | "list_offices" => &[Code::NotSignedIn],
        "change_password" => {
            &[Code::NotSignedIn, Code::LockedOut, Code::Busy, Code::RevisionConflict]
        }
        "list_tokens" => &[Code::NotSignedIn, Code::Forbidden, Code::NotFound],
        "create_token" => &[Code::NotSignedIn, Code::NotFound],
        "revoke_token" => &[Code::BadUrl, Code::NotFound],
        "list_users" | "find_user" => &[Code::Forbidden],
        "create_user" => &[Code::Busy],
        "reset_password" => {
            &[Code::BadUrl, Code::Forbidden, Code::NotFound, Code::Busy, Code::RevisionConflict]
        }
        "change_user" | "change_office" => &[
            Code::BadUrl,
            Code::Forbidden,
            Code::NotFound,
            Code::Ambiguous,
            Code::Conflict,
            Code::RevisionConflict,
        ],
        _ => &[],
    }
}
