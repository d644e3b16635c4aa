//! A case's digest: two cases with the same one are the same, whatever files they came from.

use sha2::{Digest, Sha256};

use crate::programmes::hundred::{Case, Posting, Sent};

/// SHA-256 over all that a case says, in hexadecimal digits.
pub fn case_digest(case: &Case) -> String {
    let mut sum = Sum(Sha256::new());
    sum.text(&case.name);
    sum.text(&case.start.to_string());
    sum.each(&case.batches, |sum, batch| {
        sum.text(&batch.id);
        sum.text(&batch.name);
        sum.text(&batch.start.to_string());
        sum.text(&batch.end.to_string());
        sum.number(batch.places);
    });
    sum.each(&case.commissioners, |sum, one| {
        sum.text(&one.id);
        sum.text(one.district.as_deref().unwrap_or_default());
        sum.text(one.park.as_deref().unwrap_or_default());
        sum.each(&one.batches, |sum, batch| sum.text(batch));
        sum.number(Some(one.load));
    });
    sum.each(&case.institutions, |sum, host| {
        sum.text(&host.id);
        sum.each(&host.classes, |sum, class| sum.text(class.as_str()));
        sum.text(&host.city);
        sum.text(match host.sent {
            Sent::Yes => "yes",
            Sent::No => "no",
            Sent::Unknown => "unknown",
        });
        sum.number(host.distance_km);
        sum.each(&host.disciplines, |sum, name| sum.text(name));
        sum.each(&host.key_labs, |sum, name| sum.text(name));
        sum.number(host.richness);
    });
    sum.each(&case.ties, |sum, tie| {
        sum.text(&tie.institution);
        sum.each(&tie.evidence, |sum, evidence| {
            sum.text(evidence.kind.as_str());
            sum.text(&evidence.date.to_string());
            sum.text(&evidence.text);
            sum.text(&evidence.source);
        });
    });
    sum.each(&case.forced, Sum::posting);
    sum.each(&case.published, Sum::posting);
    sum.each(&case.forbidden, |sum, (commissioner, institution)| {
        sum.text(commissioner);
        sum.text(institution);
    });
    sum.each(&case.required, |sum, institution| sum.text(institution));
    sum.each(&case.parameters, |sum, (key, value)| {
        sum.text(key);
        sum.text(&value.to_string());
    });
    sum.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash to which lengths are added with texts and lists, so that nothing runs into its neighbour.
struct Sum(Sha256);

impl Sum {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    fn number(&mut self, number: Option<u32>) {
        self.text(&number.map(|number| number.to_string()).unwrap_or_default());
    }

    fn each<T>(&mut self, list: &[T], add: impl Fn(&mut Self, &T)) {
        self.0.update((list.len() as u64).to_le_bytes());
        for entry in list {
            add(self, entry);
        }
    }

    fn posting(&mut self, posting: &Posting) {
        self.text(&posting.commissioner);
        self.text(&posting.institution);
        self.text(&posting.batch);
        self.each(&posting.renewed, |sum, batch| sum.text(batch));
    }
}
