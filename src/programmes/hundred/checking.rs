//! The independent checker: holds postings against every rule, without anything of the solver.
//!
//! It reads the case by itself and counts by itself, so that a mistake in how rules become
//! constraints (`compiled`) is found here. Before a plan is kept, nothing in it may block.

use std::collections::{BTreeMap, BTreeSet};

use super::basis::Basis;
use super::case::{Posting, Sent};
use crate::programmes::rules::Verdict;

/// 核验: what one rule says of one posting or of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule; `case` for what the case itself demands.
    pub rule: &'static str,
    /// What it says.
    pub verdict: Verdict,
    /// Whether a plan with this must not be kept.
    pub blocks: bool,
    /// That in a Chinese sentence.
    pub text: String,
}

fn finding(rule: &'static str, is_right: bool, text: String) -> Finding {
    let verdict = if is_right { Verdict::Pass } else { Verdict::Fail };
    Finding { rule, verdict, blocks: !is_right, text }
}

/// Everything that the rules say of these postings: of each, then of all together. Linear in the
/// postings, but for names looked up.
pub fn check(basis: &Basis, postings: &[Posting]) -> Vec<Finding> {
    let mut findings: Vec<_> = postings.iter().flat_map(|own| check_posting(basis, own)).collect();
    findings.extend(check_counts(basis, postings));
    findings.extend(check_batches(basis, postings));
    findings.extend(check_demands(basis, postings));
    findings
}

/// What is said of one posting by itself.
pub fn check_posting(basis: &Basis, posting: &Posting) -> Vec<Finding> {
    let Posting { commissioner: who, institution: host, batch: batch_id, .. } = posting;
    let commissioner = basis.case.commissioners.iter().find(|own| own.id == *who);
    let institution = basis.case.institutions.iter().find(|own| own.id == *host);
    let batch = basis.case.batches.iter().position(|own| own.id == *batch_id);
    let (Some(commissioner), Some(institution), Some(batch)) = (commissioner, institution, batch)
    else {
        let text = format!("派驻“{who} → {host}（{batch_id}）”中有案例里没有的专员、院校或批次");
        return vec![finding("case", false, text)];
    };
    let mut findings = Vec::new();

    let last_day = basis.deadline();
    let ids = std::iter::once(batch_id).chain(&posting.renewed);
    let late = ids.clone().find(|id| {
        basis.case.batches.iter().any(|own| own.id == **id && own.end.last_day() > last_day)
    });
    findings.push(match late {
        Some(id) => finding("H2", false, format!("批次“{id}”晚于期限{last_day}")),
        None => finding("H2", true, format!("在期限{last_day}之内")),
    });

    findings.push(match (batch, institution.sent) {
        (0, Sent::Yes) => finding("H3", false, format!("首批不安排已派科技镇长团成员的“{host}”")),
        (0, Sent::Unknown) => Finding {
            rule: "H3",
            verdict: Verdict::Unknown,
            blocks: basis.parameters.unknown_sent_blocks.value == 1,
            text: format!("“{host}”是否已派科技镇长团成员尚不清楚，首批派驻前请核实"),
        },
        (0, Sent::No) => finding("H3", true, "首批，该院校未派科技镇长团成员".to_owned()),
        _ => finding("H3", true, "不在首批，不受科技镇长团错位限制".to_owned()),
    });

    let (home, least) = (commissioner.home(), basis.parameters.fit_min.value);
    findings.push(match basis.measured.fit_of(home, host) {
        None => Finding {
            rule: "H5",
            verdict: Verdict::Unknown,
            blocks: true,
            text: format!("“{home}”与“{host}”的匹配度未知，未知不算符合"),
        },
        Some(fit) => {
            let text = format!("“{home}”与“{host}”的匹配度为{}，应不低于{least}", fit.value);
            finding("H5", fit.value >= least, text)
        }
    });

    let may = commissioner.batches.is_empty() || commissioner.batches.contains(batch_id);
    if !may {
        let own = commissioner.batches.join("、");
        findings.push(finding(
            "H6",
            false,
            format!("“{who}”只能参加批次{own}，不能参加“{batch_id}”"),
        ));
    }
    let place = |id: &String| basis.case.batches.iter().position(|own| own.id == *id);
    if let Some(id) = posting.renewed.iter().find(|id| place(id).is_none_or(|own| own <= batch)) {
        findings.push(finding("H6", false, format!("续派批次“{id}”应晚于派驻批次“{batch_id}”")));
    }
    let text =
        format!("“{who}”{}", if posting.renewed.is_empty() { "参加一个批次" } else { "经续派" });
    findings.push(finding("H6", true, text));
    let excluded = basis.case.forbidden.iter().any(|(one, other)| one == who && other == host);
    if excluded {
        findings.push(finding("case", false, format!("案例排除了“{who}”到“{host}”")));
    }
    findings
}

/// H1, H4, H6 by counting.
fn check_counts(basis: &Basis, postings: &[Posting]) -> Vec<Finding> {
    let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut guests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut batches: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for own in postings {
        hosts.entry(&own.commissioner).or_default().push(&own.institution);
        guests.entry(&own.institution).or_default().push(&own.commissioner);
        batches.entry(&own.commissioner).or_default().insert(&own.batch);
    }
    let parameters = &basis.parameters;
    let (count, most) = (hosts.len(), parameters.commissioners_max.value);
    let enough = count <= most as usize;
    let mut findings = vec![finding("H1", enough, format!("共派驻专员{count}名，最多{most}名"))];
    for (who, own) in &hosts {
        let most = parameters.institutions_per_commissioner.value;
        if own.len() > most as usize {
            let text = format!("“{who}”派驻{}所院校，每名专员最多{most}所", own.len());
            findings.push(finding("H4", false, text));
        }
        if own.iter().collect::<BTreeSet<_>>().len() < own.len() {
            findings.push(finding("H4", false, format!("“{who}”在同一所院校重复派驻")));
        }
    }
    for (host, own) in &guests {
        let most = parameters.commissioners_per_institution.value;
        if own.len() > most as usize {
            let text = format!("“{host}”有{}名专员，每所院校最多{most}名", own.len());
            findings.push(finding("H4", false, text));
        }
    }
    for (who, own) in &batches {
        if own.len() > 1 {
            let named = own.iter().copied().collect::<Vec<_>>().join("、");
            findings.push(finding("H6", false, format!("“{who}”参加了多个批次：{named}")));
        }
    }
    findings
}

/// Places of the batches.
fn check_batches(basis: &Basis, postings: &[Posting]) -> Vec<Finding> {
    let taken = |id: &str| {
        postings.iter().filter(|own| own.batch == id || own.renewed.iter().any(|r| r == id)).count()
    };
    let limited = basis.case.batches.iter().filter_map(|own| Some((own, own.places?)));
    let over = limited.filter_map(|(own, places)| {
        let count = taken(&own.id);
        let text = format!("批次“{}”安排{count}个派驻，名额{places}个", own.name);
        (count > places as usize).then(|| finding("case", false, text))
    });
    over.collect()
}

/// What the case itself demands.
fn check_demands(basis: &Basis, postings: &[Posting]) -> Vec<Finding> {
    let missing = basis.case.forced.iter().filter(|want| {
        !postings.iter().any(|own| {
            own.commissioner == want.commissioner
                && own.institution == want.institution
                && (want.batch.is_empty() || own.batch == want.batch)
                && want.renewed.iter().all(|id| own.renewed.contains(id))
        })
    });
    let text =
        |own: &Posting| format!("缺少指定的派驻“{} → {}”", own.commissioner, own.institution);
    let mut findings: Vec<_> = missing.map(|own| finding("case", false, text(own))).collect();
    let unmet = basis.case.required.iter();
    let unmet = unmet.filter(|id| !postings.iter().any(|own| own.institution == **id));
    findings.extend(unmet.map(|id| finding("case", false, format!("必派院校“{id}”没有专员"))));
    findings
}
