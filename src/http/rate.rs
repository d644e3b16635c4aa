//! How often each client may ask.
//!
//! A bucket of tokens, kept as the one instant at which it would be full again (the "generic cell
//! rate algorithm"), so that a client costs an address and an instant. No crate for it bounds the
//! number of clients.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::error::{Problem, ProblemCode};
use super::limits::{RATE_BURST_S, RATE_CLIENTS_MAX};

/// How often the table is looked through for clients that have been quiet.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Bits of an IPv6 address that a provider gives to one customer.
const V6_PREFIX_BITS: u32 = 64;
/// The address that answers whether the process lives: whoever watches it is never turned away.
pub(super) const HEALTH: &str = "/healthz";

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub SocketAddr);

/// 客户: on whose account a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// An address; of IPv6 the network.
    Address(IpAddr),
    /// Everybody else.
    Others,
}

/// On whose account a request goes: the one place that knows.
pub(super) fn client_of(request: &Request) -> Client {
    match request.extensions().get::<Peer>().map(|peer| peer.0.ip().to_canonical()) {
        None => Client::Others,
        Some(IpAddr::V4(v4)) => Client::Address(v4.into()),
        Some(IpAddr::V6(v6)) => {
            let network = v6.to_bits() & (u128::MAX << (u128::BITS - V6_PREFIX_BITS));
            Client::Address(Ipv6Addr::from_bits(network).into())
        }
    }
}

/// 频率上限: requests a second of each client, in bursts of [`RATE_BURST_S`] seconds' worth.
pub(super) struct RateLimit {
    per_s: NonZero<u32>,
    clients_max: usize,
    table: Mutex<Table>,
}

/// When each client's bucket will be full again; those that are full are not in it.
struct Table {
    full_at: HashMap<Client, Instant>,
    swept: Instant,
}

impl RateLimit {
    /// `per_s` requests a second, lasting.
    pub fn new(per_s: NonZero<u32>) -> Self {
        let table = Table { full_at: HashMap::new(), swept: Instant::now() };
        Self { per_s, clients_max: RATE_CLIENTS_MAX, table: Mutex::new(table) }
    }

    /// Requests a second of each client.
    pub fn per_s(&self) -> u32 {
        self.per_s.get()
    }

    /// Takes a token out of a client's bucket.
    ///
    /// # Errors
    /// How long until there will be one.
    fn take(&self, client: Client, now: Instant) -> Result<(), Duration> {
        let each = Duration::from_secs(1) / self.per_s.get();
        let burst = Duration::from_secs(RATE_BURST_S.into());
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let room = table.full_at.len() < self.clients_max || table.full_at.contains_key(&client);
        if !room && now.duration_since(table.swept) >= SWEEP_EVERY {
            table.swept = now;
            table.full_at.retain(|_, full_at| *full_at > now);
        }
        let room = room || table.full_at.len() < self.clients_max;
        let full_at = table.full_at.entry(if room { client } else { Client::Others });
        let full_at = full_at.or_insert(now);
        let after = (*full_at).max(now) + each;
        match after.duration_since(now).checked_sub(burst) {
            None | Some(Duration::ZERO) => {
                *full_at = after;
                Ok(())
            }
            Some(wait) => Err(wait),
        }
    }
}

/// Turns away requests of clients that ask too often.
pub(super) async fn limit_rate(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    if let Some(rate) = &app.rate
        && request.uri().path() != HEALTH
        && let Err(wait) = rate.take(client_of(&request), Instant::now())
    {
        let (per_s, seconds) = (rate.per_s(), wait.as_secs() + 1);
        let detail = format!("每个客户端每秒至多 {per_s} 个请求，请在 {seconds} 秒后重试");
        let problem = Problem::new(ProblemCode::RateLimited, detail).limit(per_s as usize);
        return problem.retry_after_s(seconds).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Client = Client::Address(IpAddr::V6(Ipv6Addr::LOCALHOST));

    fn limit(per_s: u32, clients_max: usize) -> (RateLimit, Instant) {
        let limit = RateLimit { clients_max, ..RateLimit::new(NonZero::new(per_s).unwrap()) };
        (limit, Instant::now())
    }

    /// How many of the tries at one instant are let through.
    fn taken(limit: &RateLimit, client: Client, now: Instant, tries: u32) -> u32 {
        (0..tries).map(|_| u32::from(limit.take(client, now).is_ok())).sum()
    }

    fn address(n: u32) -> Client {
        Client::Address(IpAddr::V4(n.into()))
    }

    #[test]
    fn a_burst_is_let_through_then_the_rate_and_the_wait_told_is_enough() {
        for per_s in [1, 3, 50, 7_000] {
            let (limit, mut now) = limit(per_s, 10);
            assert_eq!(taken(&limit, A, now, per_s * RATE_BURST_S + 5), per_s * RATE_BURST_S);
            let wait = limit.take(A, now).unwrap_err();
            assert!(limit.take(A, now + wait - Duration::from_nanos(1)).is_err(), "{per_s}");
            assert!(limit.take(A, now + wait).is_ok(), "{per_s}");
            now += Duration::from_secs(60);
            assert_eq!(taken(&limit, A, now, 9 * per_s), per_s * RATE_BURST_S, "no more is saved");
            assert_eq!(taken(&limit, address(7), now, 1), 1, "others have their own");
        }
    }

    #[test]
    fn more_clients_than_there_are_places_share_one_and_places_become_free() {
        let (limit, now) = limit(5, 100);
        let entries = || limit.table.lock().unwrap().full_at.len();
        let through: u32 = (0..10_000).map(|n| taken(&limit, address(n), now, 1)).sum();
        assert_eq!((through, entries()), (100 + 5 * RATE_BURST_S, 101));
        assert_eq!(taken(&limit, address(3), now, 1), 1, "who has a place keeps it");
        let later = now + Duration::from_secs(60);
        assert_eq!(taken(&limit, address(20_000), later, 9_999), 5 * RATE_BURST_S);
        assert_eq!(entries(), 1);
    }

    #[test]
    fn an_address_is_one_client_whatever_its_port_and_interface() {
        let of = |addr: &str| {
            let mut request = Request::default();
            request.extensions_mut().insert(Peer(addr.parse().unwrap()));
            client_of(&request)
        };
        assert_eq!(of("10.0.0.1:1"), of("10.0.0.1:2"));
        assert_eq!(of("10.0.0.1:1"), of("[::ffff:10.0.0.1]:1"));
        assert_eq!(of("[2001:db8::1]:1"), of("[2001:db8::ffff:2]:1"));
        assert_ne!(of("[2001:db8::1]:1"), of("[2001:db8:0:1::1]:1"));
        assert_ne!(of("10.0.0.1:1"), of("10.0.0.2:1"));
        assert_eq!(client_of(&Request::default()), Client::Others);
    }
}
