//! TLS from two files: a chain of certificates and its key, both PEM.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, InconsistentKeys, ServerConfig};

/// 证书文件: where certificates and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate first, then those that vouch for it.
    pub cert: PathBuf,
    /// Its private key, not encrypted.
    pub key: PathBuf,
}

/// Why TLS cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("无法读取 {path}：{source}；请核对路径与权限")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What stands in the way.
        #[source]
        source: std::io::Error,
    },
    /// A file has no certificate.
    #[error("{path} 中没有可用的证书；应为 PEM 格式，以 -----BEGIN CERTIFICATE----- 开头")]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A file has no private key.
    #[error(
        "{path} 中没有可用的私钥；应为未加密的 PEM 格式，如以 -----BEGIN PRIVATE KEY----- 开头（加密的私钥请先用 openssl pkey 解密）"
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// Key and certificate belong to others.
    #[error(
        "私钥 {key} 与证书 {cert} 不是一对；请核对两个文件，证书文件中服务器自己的证书应排在最前"
    )]
    Mismatch {
        /// The file of the certificates.
        cert: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// They cannot be used for another reason.
    #[error(
        "证书 {cert} 与私钥 {key} 无法使用：{source}；请换用 RSA（2048 位以上）、P-256 或 Ed25519"
    )]
    Unusable {
        /// The file of the certificates.
        cert: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong with them.
        #[source]
        source: rustls::Error,
    },
}

impl TlsFiles {
    /// Reads both files and checks that they belong together.
    ///
    /// # Errors
    /// Any [`TlsError`].
    pub(super) fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(&self.cert)?).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| TlsError::NoCertificate { path: self.cert.clone() })?;
        let key = PrivateKeyDer::from_pem_slice(&read(&self.key)?)
            .map_err(|_: pem::Error| TlsError::NoKey { path: self.key.clone() })?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|versions| versions.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(|source| {
            let (cert, key) = (self.cert.clone(), self.key.clone());
            match source {
                rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                    TlsError::Mismatch { cert, key }
                }
                source => TlsError::Unusable { cert, key, source },
            }
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Unreadable { path: path.to_owned(), source })
}
