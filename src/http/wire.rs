//! What lies between the parser of HTTP and the socket.
//!
//! The parser turns away what is no request with a bare status line and closes. Here it gets a
//! problem like all others ([`Wire`] swaps it on its way out), the time to read it (what the
//! client still sends is thrown away for a moment; closing at once would destroy the answer), and
//! clients that do not take their answers are given up.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::app::Timeouts;
use super::error::{Problem, ProblemCode};
use super::limits::{HEAD_BYTES_MAX, HEADERS_MAX, LINGER_MAX, LINGER_SILENCE_MAX};

/// Bytes thrown away at once.
const SCRAP_BYTES: usize = 8 << 10;

/// A connection as the parser sees it.
pub(super) struct Wire<T> {
    inner: T,
    timeouts: Timeouts,
    /// A problem on its way out instead of the parser's own words.
    problem: Bytes,
    /// Running while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Since the last word was said.
    linger: Option<Linger>,
}

/// Waiting for the client to hang up.
struct Linger {
    until: Instant,
    silence: Pin<Box<Sleep>>,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Wire<T> {
    pub fn new(inner: T, timeouts: Timeouts) -> Self {
        Self { inner, timeouts, problem: Bytes::new(), stalled: None, linger: None }
    }

    /// The last word on a connection whose request never became one.
    pub async fn refuse(mut self, problem: &Problem) {
        // Whoever is gone needs none.
        let _ = self.inner.write_all(&in_full(problem)).await;
        let _ = self.shutdown().await;
    }

    /// Passes on how far a write has come, unless it stands still for too long.
    fn moving<V>(
        &mut self,
        cx: &mut Context<'_>,
        progress: Poll<io::Result<V>>,
    ) -> Poll<io::Result<V>> {
        if progress.is_ready() {
            self.stalled = None;
            return progress;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.timeouts.write)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Sends what is left of the problem.
    fn send_problem(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.problem.is_empty() {
            let sent = Pin::new(&mut self.inner).poll_write(cx, &self.problem);
            let sent = ready!(self.moving(cx, sent))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            let _ = self.problem.split_to(sent);
        }
        Poll::Ready(Ok(()))
    }

    /// Throws away what comes until the client hangs up, falls silent, or goes on for too long.
    fn throw_away(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let linger = self.linger.get_or_insert_with(|| Linger {
            until: Instant::now() + LINGER_MAX,
            silence: Box::pin(sleep(LINGER_SILENCE_MAX)),
        });
        let mut scrap = [0; SCRAP_BYTES];
        loop {
            let mut buffer = ReadBuf::new(&mut scrap);
            match Pin::new(&mut self.inner).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    let now = Instant::now();
                    if now >= linger.until {
                        return Poll::Ready(());
                    }
                    linger.silence.as_mut().reset(now + LINGER_SILENCE_MAX);
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return linger.silence.as_mut().poll(cx),
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.problem.is_empty() {
            let Some(problem) = instead_of(buf) else {
                let sent = Pin::new(&mut self.inner).poll_write(cx, buf);
                return self.moving(cx, sent);
            };
            self.problem = in_full(&problem);
        }
        // The parser comes again with the same words until they are out.
        ready!(self.send_problem(cx))?;
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = bufs {
            return self.poll_write(cx, only);
        }
        let sent = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.moving(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.moving(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            let closed = Pin::new(&mut self.inner).poll_shutdown(cx);
            ready!(self.moving(cx, closed))?;
        }
        ready!(self.throw_away(cx));
        Poll::Ready(Ok(()))
    }
}

/// The problem for what the parser says by itself: a head of status 400 or 431 without a body.
/// Answers of the service with these statuses have one.
fn instead_of(words: &[u8]) -> Option<Problem> {
    let status = words.strip_prefix(b"HTTP/1.1 ").or_else(|| words.strip_prefix(b"HTTP/1.0 "))?;
    let too_large = status.starts_with(b"431 ");
    if !too_large && !status.starts_with(b"400 ") {
        return None;
    }
    let head = std::str::from_utf8(status).ok()?.strip_suffix("\r\n\r\n")?;
    let bare = head.split("\r\n").any(|line| line.eq_ignore_ascii_case("content-length: 0"));
    if !bare {
        return None;
    }
    if too_large {
        let detail = format!(
            "网址与请求头合计至多 {HEAD_BYTES_MAX} 字节（32 KiB）、{HEADERS_MAX} 项，请减少后重试"
        );
        return Some(Problem::new(ProblemCode::HeadTooLarge, detail).limit(HEAD_BYTES_MAX));
    }
    let detail =
        "收到的内容不是合法的 HTTP/1.1 请求，请检查请求行与请求头（网址中的中文须作百分号编码）";
    Some(Problem::new(ProblemCode::BadRequest, detail))
}

/// A problem with its head, to be sent as it is.
fn in_full(problem: &Problem) -> Bytes {
    let status = problem.code().status();
    let body = serde_json::to_string(&problem.view()).unwrap_or_default();
    let (reason, length) = (status.canonical_reason().unwrap_or_default(), body.len());
    let head = format!(
        "HTTP/1.1 {} {reason}\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n",
        status.as_u16()
    );
    (head + &body).into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_the_parsers_own_words_are_swapped() {
        let code = |words: &str| instead_of(words.as_bytes()).map(|problem| problem.code());
        let bare = "connection: close\r\ncontent-length: 0\r\ndate: today\r\n\r\n";
        assert_eq!(
            code(&format!("HTTP/1.1 431 Request Header Fields Too Large\r\n{bare}")),
            Some(ProblemCode::HeadTooLarge)
        );
        assert_eq!(
            code(&format!("HTTP/1.1 400 Bad Request\r\n{bare}")),
            Some(ProblemCode::BadRequest)
        );
        assert_eq!(code(&format!("HTTP/1.1 404 Not Found\r\n{bare}")), None);
        let full = "HTTP/1.1 400 Bad Request\r\ncontent-length: 02\r\n\r\n";
        assert_eq!(code(full), None);
        assert_eq!(code(&format!("{full}{{}}")), None);
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(16);
        let write = Duration::from_millis(30);
        let mut wire = Wire::new(ours, Timeouts { write, ..Timeouts::default() });
        let error = wire.write_all(&[b'x'; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_is_refused_while_sending_reads_why_and_cannot_stay() {
        use tokio::io::AsyncReadExt;
        let (ours, mut theirs) = tokio::io::duplex(1 << 10);
        let wire = Wire::new(ours, Timeouts::default());
        let problem = Problem::new(ProblemCode::HeadTimeout, "请求头");
        let refused = tokio::spawn(async move { wire.refuse(&problem).await });
        theirs.write_all(&[b'x'; 1 << 20]).await.unwrap();
        let mut answer = String::new();
        theirs.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("head_timeout"), "{answer}");
        // It says nothing and does not hang up.
        refused.await.unwrap();
    }
}
