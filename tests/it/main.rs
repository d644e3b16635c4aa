//! One binary for all tests across boundaries: a module per boundary.

mod support;

// Accounts from outside: what is in files and logs, other processes, the command line.
mod accounts;
// The storeys and invariants of ARCHITECTURE.md, read from the source.
mod architecture;
// Assignment: solver, checker, regrets and conflicts against exhaustive search.
mod assignment;
// The audit log: who looked at a contact, what is sealed, proved and erased, and who may.
mod audit;
// Backup and restore: consistent, verified, atomic.
mod backup;
// The command line: JSON alone on stdout, exit codes, stories.
mod cli;
// Unit and image of deploy/: what they call exists.
mod deploy;
// Segmentation: domain terms inside compounds, false friends across word borders.
mod domain_terms;
// Records told twice: found, merged, parted again.
mod duplicates;
// Faults of the machine: no room, no permission, a clock that jumps.
mod faults;
// Structured fit and policies: another achievement never lowers a lab; what is asked is named.
mod fit_laws;
// The JSON door: shapes, errors, who sees what, stopping.
mod http;
// The folder of the index deleted, cut, flipped, replaced: no wrong answer, and mended.
mod index_faults;
// What is new is told to those whose park or university it is, once, with reasons.
mod inbox;
// Files → drafts: the shipped data, and one law for every encoding and format.
mod intake;
// Processes killed at random moments: nothing acknowledged is lost, nothing is there by half.
mod kills;
// The pages in a real browser: each by pointer and by keyboard, on a desk, a telephone, on paper.
mod pages;
// Nobody is told what they may not see: random worlds and calls against the matrix as oracle.
mod permissions;
// The Nanjing case: its facts are those of the reference data, and it is a case.
mod nanjing_case;
mod nanjing_plan;
// The laws that every store keeps, run on each of them.
mod store_contract;
// From a lab or an achievement to needs: the same numbers as the other way round.
mod reverse;
// The rules of the programmes: listed, explained, replaced by a folder, refused as a whole.
mod rules;
// The sample as a whole: good answers are found, needs that nobody answers are told so.
mod sample_quality;
// Free search: the measured failures of default segmentation, phrases, synonyms, decoys.
mod search;
// Laws of the analyser on random text.
mod text_laws;
// Quantities: requirement against evidence, spans, laws on random text.
mod quantities;
// Matching: scores against brute force, sums, ties, filters, the index against its rebuild.
mod matching_laws;
// An index behind the store: scores, spans and counts are those of the present texts.
mod stale_index;
// Two engines on one home: each sees what the other writes.
mod two_processes;
