//! Passwords: which are taken, how they are hashed, and held against a hash.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::engine::{EngineError, blocking};

/// Fewest characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Most characters of a password.
pub const PASSWORD_CHARS_MAX: usize = 200;

/// Memory of one hash. This and the next two: OWASP Password Storage Cheat Sheet, argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes of one hash.
const LANES: u32 = 1;
/// Hashes that wait for their turn; one more is turned away.
const WAITING_MAX: usize = 64;
/// A hash with the same parameters that is nobody's: where there is no user, the password is
/// held against it, so that the time taken does not tell.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$MdPHe7lMvLh4Zx0gWl7Tf3oJ1XQ5cVnYBk6uS2rEaw8";

/// 密码: hashing, on as many cores as there are and no more at once, so that a flood of
/// sign-ins takes neither the memory nor the threads of everything else.
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    verified: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            turns: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores + WAITING_MAX)),
            verified: AtomicU64::new(0),
        }
    }
}

impl Passwords {
    /// The PHC string of a password.
    ///
    /// # Errors
    /// [`EngineError::Busy`].
    pub async fn hash(&self, password: String) -> Result<String, EngineError> {
        self.in_turn(move || {
            let hashed = argon2id()?.hash_password(password.as_bytes());
            hashed.map(|hash| hash.to_string()).map_err(failed)
        })
        .await
    }

    /// Whether `password` is the one of `hash`. Takes as long if there is no hash, which no
    /// password is the one of.
    ///
    /// # Errors
    /// [`EngineError::Busy`].
    pub async fn verify(
        &self,
        hash: Option<String>,
        password: String,
    ) -> Result<bool, EngineError> {
        self.verified.fetch_add(1, Ordering::Relaxed);
        self.in_turn(move || {
            let hash = hash.filter(|hash| !hash.is_empty());
            let against = hash.as_deref().unwrap_or(NOBODYS);
            let right = argon2id()?.verify_password(password.as_bytes(), against).is_ok();
            Ok(right && hash.is_some())
        })
        .await
    }

    /// How often a password was held against a hash, anybody's or nobody's.
    #[cfg(test)]
    pub fn verified(&self) -> u64 {
        self.verified.load(Ordering::Relaxed)
    }

    /// The work keeps its turn when its caller is gone: the limit holds for work.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let busy = |_| EngineError::Busy { limit: WAITING_MAX };
        let place = self.places.clone().try_acquire_owned().map_err(busy)?;
        let closed = |_| EngineError::Busy { limit: WAITING_MAX };
        let turn = self.turns.clone().acquire_owned().await.map_err(closed)?;
        blocking(move || {
            let outcome = work();
            drop((turn, place));
            outcome
        })
        .await
    }
}

fn argon2id() -> Result<Argon2<'static>, EngineError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> EngineError {
    EngineError::Interrupted(format!("hashing a password: {error}"))
}

/// Checks a new password for that login.
///
/// # Errors
/// [`EngineError::BadRequest`] of `field`: too short or too long, the login, or one character
/// again and again.
pub(super) fn check(field: &'static str, login: &str, password: &str) -> Result<(), EngineError> {
    let chars = password.chars().count();
    let first = password.chars().next();
    let reason = if chars < PASSWORD_CHARS_MIN {
        format!(
            "共 {chars} 个字符，太短，至少 {PASSWORD_CHARS_MIN} 个；几个不相关的词连起来好记又安全"
        )
    } else if chars > PASSWORD_CHARS_MAX {
        format!("共 {chars} 个字符，太长，至多 {PASSWORD_CHARS_MAX} 个")
    } else if password.to_lowercase() == login.to_lowercase() {
        "不能与用户名相同，请换一个".to_owned()
    } else if password.chars().all(|c| Some(c) == first) {
        "不能全是同一个字符，请换一个".to_owned()
    } else {
        return Ok(());
    };
    Err(EngineError::BadRequest { field, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash("correct horse battery".to_owned()).await.unwrap());
        let right = |text: &str| passwords.verify(Some(hash.clone()), text.to_owned());
        assert!(right("correct horse battery").await.unwrap());
        assert!(!right("correct horse batterz").await.unwrap());
        assert!(!right("").await.unwrap());
        assert!(!passwords.verify(Some(String::new()), String::new()).await.unwrap());
    }

    /// What is held against nobody's hash must take as long as against somebody's.
    #[test]
    fn nobodys_hash_costs_what_others_cost() {
        let own = argon2id().unwrap().hash_password(b"anything at all").unwrap().to_string();
        let costs = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(costs(NOBODYS), costs(&own));
        let nobodys = argon2::PasswordHash::new(NOBODYS).expect("it is well formed");
        let own = argon2::PasswordHash::new(&own).unwrap();
        assert_eq!(nobodys.hash.unwrap().as_ref().len(), own.hash.unwrap().as_ref().len());
    }

    #[test]
    fn weak_passwords_are_refused_with_what_to_do() {
        let told = |password: &str| match check("password", "zhang.san.123", password) {
            Err(EngineError::BadRequest { field: "password", reason }) => reason,
            other => panic!("{password}: {other:?}"),
        };
        assert!(told("elf zeichen").contains("至少 12"));
        assert!(told(&"ab".repeat(101)).contains("至多 200"));
        assert!(told("Zhang.San.123").contains("用户名"));
        assert!(told("密密密密密密密密密密密密").contains("同一个字符"));
        assert!(check("password", "zhang.san.123", "十二个汉字也就足够长了吧对").is_ok());
    }
}
