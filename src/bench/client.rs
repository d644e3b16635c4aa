//! One connection to the service, kept open: what a program that calls it has.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::BenchError;

/// HTTP 客户端: asks one thing after the other over one connection.
#[derive(Debug)]
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// [`BenchError::Http`] if nobody listens at `addr`.
    pub async fn connect(addr: SocketAddr) -> Result<Self, BenchError> {
        let failed = |reason: String| BenchError::Http { what: addr.to_string(), reason };
        let stream = TcpStream::connect(addr).await.map_err(|e| failed(e.to_string()))?;
        // A request is one small packet that must not wait for a larger one.
        stream.set_nodelay(true).map_err(|e| failed(e.to_string()))?;
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|e| failed(e.to_string()))?;
        // Ends with the sender; what goes wrong is told by the request that is under way.
        tokio::spawn(connection);
        Ok(Self { sender, host: addr.to_string() })
    }

    /// Status and body of the answer to a `POST` of JSON.
    ///
    /// # Errors
    /// [`BenchError::Http`] if the connection breaks; an answer of any status is no error.
    pub async fn post_json(&mut self, path: &str, json: &str) -> Result<(u16, Bytes), BenchError> {
        self.send(Method::POST, path, &[], json).await
    }

    /// Status and body of the answer to a `GET`.
    ///
    /// # Errors
    /// As [`Client::post_json`].
    pub async fn get(&mut self, path: &str) -> Result<(u16, Bytes), BenchError> {
        self.send(Method::GET, path, &[], "").await
    }

    /// Status and body of the answer to any request, with headers beside those that all have.
    ///
    /// # Errors
    /// As [`Client::post_json`].
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        json: &str,
    ) -> Result<(u16, Bytes), BenchError> {
        let failed = |reason: String| BenchError::Http { what: path.to_owned(), reason };
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::copy_from_slice(json.as_bytes())))
            .map_err(|e| failed(e.to_string()))?;
        self.sender.ready().await.map_err(|e| failed(e.to_string()))?;
        let answer = self.sender.send_request(request).await.map_err(|e| failed(e.to_string()))?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.map_err(|e| failed(e.to_string()))?;
        Ok((status, body.to_bytes()))
    }
}
