//! Who guesses passwords has to wait, longer each time.
//!
//! Counted are attempts, when they begin, so that many at once are no way around; a sign-in that
//! succeeds takes its attempt back. Logins are counted whether they exist or not. The counts
//! are in memory only: a restart forgets them, and few guesses are won by one.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Failures of a login in a row before the first wait.
const LOGIN_FAILURES_FREE: u32 = 5;
/// Failures from an address before the first wait: a whole office may share one.
const ADDRESS_FAILURES_FREE: u32 = 20;
/// The first wait; each further failure doubles it …
const WAIT_FIRST: Duration = Duration::from_secs(30);
/// … up to this.
const WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// What has been quiet for so long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);
/// Most logins, and most addresses, that are remembered; some 100 bytes each.
const REMEMBERED_MAX: usize = 10_000;

/// 锁定: failed attempts by login and by address.
#[derive(Default)]
pub(super) struct Lockout {
    logins: Counts<String>,
    addresses: Counts<IpAddr>,
}

impl Lockout {
    /// Lets an attempt begin, or says how long to wait. It counts as failed until
    /// [`Self::succeeded`]. `login` is anything that stands for it.
    ///
    /// # Errors
    /// The time to wait.
    pub fn begin(
        &mut self,
        login: &str,
        address: Option<IpAddr>,
        now: Instant,
    ) -> Result<(), Duration> {
        let login = login.to_owned();
        let waits = [
            self.logins.waiting(&login, now),
            address.and_then(|address| self.addresses.waiting(&address, now)),
        ];
        if let Some(wait) = waits.into_iter().flatten().max() {
            return Err(wait);
        }
        self.logins.count(login, LOGIN_FAILURES_FREE, now);
        if let Some(address) = address {
            self.addresses.count(address, ADDRESS_FAILURES_FREE, now);
        }
        Ok(())
    }

    /// The attempt succeeded: its login starts anew. Of the address only this attempt is taken
    /// back; else whoever has one account could guess at all others between two sign-ins.
    pub fn succeeded(&mut self, login: &str, address: Option<IpAddr>) {
        self.logins.0.remove(login);
        if let Some(count) = address.and_then(|address| self.addresses.0.get_mut(&address)) {
            count.failures = count.failures.saturating_sub(1);
            if count.failures < ADDRESS_FAILURES_FREE {
                count.until = None;
            }
        }
    }
}

struct Count {
    failures: u32,
    last: Instant,
    until: Option<Instant>,
}

struct Counts<K>(HashMap<K, Count>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Counts<K> {
    fn waiting(&self, key: &K, now: Instant) -> Option<Duration> {
        let until = self.0.get(key)?.until?;
        until.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    fn count(&mut self, key: K, free: u32, now: Instant) {
        if self.0.len() >= REMEMBERED_MAX && !self.0.contains_key(&key) {
            self.make_room(now);
        }
        let count = self.0.entry(key).or_insert(Count { failures: 0, last: now, until: None });
        if now.saturating_duration_since(count.last) >= FORGOTTEN_AFTER {
            count.failures = 0;
        }
        count.failures = count.failures.saturating_add(1);
        count.last = now;
        count.until = count.failures.checked_sub(free).map(|beyond| now + wait(beyond));
    }

    /// Forgets what has been quiet, and if that is not enough the half that is done waiting first:
    /// those under attack stay.
    fn make_room(&mut self, now: Instant) {
        self.0.retain(|_, count| now.saturating_duration_since(count.last) < FORGOTTEN_AFTER);
        if self.0.len() < REMEMBERED_MAX {
            return;
        }
        let mut keys: Vec<(Instant, K)> = self
            .0
            .iter()
            .map(|(key, count)| (count.until.unwrap_or(count.last), key.clone()))
            .collect();
        keys.sort_by_key(|(until, _)| *until);
        for (_, key) in keys.into_iter().take(REMEMBERED_MAX / 2) {
            self.0.remove(&key);
        }
    }
}

/// The wait after so many failures beyond the first that makes wait.
fn wait(beyond: u32) -> Duration {
    WAIT_FIRST.saturating_mul(2_u32.saturating_pow(beyond)).min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn waits_begin_after_five_failures_and_double_up_to_a_quarter_of_an_hour() {
        let (mut lockout, mut now) = (Lockout::default(), Instant::now());
        let mut waits = Vec::new();
        for _ in 0..14 {
            while let Err(wait) = lockout.begin("a", None, now) {
                waits.push(wait.as_secs());
                now += wait;
            }
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900, 900]);
        assert!(lockout.begin("b", None, now).is_ok(), "nobody else waits");
        lockout.succeeded("a", None);
        for _ in 0..5 {
            assert!(lockout.begin("a", None, now).is_ok(), "a success clears");
        }
    }

    #[test]
    fn an_address_that_tries_many_logins_waits_even_if_one_of_them_is_its_own() {
        let (mut lockout, now) = (Lockout::default(), Instant::now());
        let mut tried = 0;
        while lockout.begin(&format!("victim-{tried}"), Some(HOME), now).is_ok() {
            tried += 1;
            if lockout.begin("own", Some(HOME), now).is_ok() {
                lockout.succeeded("own", Some(HOME));
            }
        }
        assert_eq!(tried, ADDRESS_FAILURES_FREE);
        assert!(lockout.begin("own", None, now).is_ok(), "from elsewhere");
    }

    proptest! {
        /// However attempts are spread over logins, addresses and time: no more than the free
        /// ones, and one for each wait that has passed, are let in.
        #[test]
        fn guesses_are_few(steps in prop::collection::vec((0..3_u8, 0..2_u8, 0..20_u64), 1..150)) {
            // Less than an hour in all, so that nothing is forgotten.
            let mut lockout = Lockout::default();
            let mut now = Instant::now();
            let mut let_in = [Vec::new(), Vec::new(), Vec::new()];
            for (login, address, pause_s) in steps {
                now += Duration::from_secs(pause_s);
                let address = IpAddr::from([10, 0, 0, address]);
                match lockout.begin(&login.to_string(), Some(address), now) {
                    Ok(()) => let_in[usize::from(login)].push(now),
                    Err(wait) => prop_assert!(!wait.is_zero() && wait <= WAIT_MAX),
                }
            }
            for times in let_in {
                for (idx, pair) in times.windows(2).enumerate() {
                    let beyond = (idx + 1).checked_sub(LOGIN_FAILURES_FREE as usize);
                    if let Some(beyond) = beyond {
                        prop_assert!(pair[1] - pair[0] >= wait(beyond as u32));
                    }
                }
            }
        }
    }

    /// A login that waits goes on waiting while others come and go, as many as they are.
    #[test]
    fn memory_is_bounded_and_what_is_under_attack_stays() {
        let (mut lockout, mut now) = (Lockout::default(), Instant::now());
        for idx in 0..2 * REMEMBERED_MAX {
            now += Duration::from_millis(1);
            // How these end is not what is asked here.
            let _ = lockout.begin(&format!("other-{idx}"), None, now);
            if idx % 1_000 == 0 {
                let _ = lockout.begin("target", None, now);
            }
            assert!(lockout.logins.0.len() <= REMEMBERED_MAX);
        }
        assert!(lockout.begin("target", None, now).is_err());
    }
}
