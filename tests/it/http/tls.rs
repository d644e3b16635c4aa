use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duijie::http::{ServeError, ServeOptions, Server, TlsError, TlsFiles};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::TestApp;
use crate::support::process::duijie;

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// What a client that trusts one certificate is answered.
fn ask(
    app: &TestApp,
    certificate: &CertifiedKey<KeyPair>,
    request: &str,
) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(app.addr)?);
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    // An end without farewell would be an error: it could be a cut.
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[test]
fn with_a_certificate_only_those_who_trust_it_and_speak_tls_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let ours = certificate();
    let tls = TlsFiles {
        cert: written(folder.path(), "cert.pem", &ours.cert.pem()),
        key: written(folder.path(), "key.pem", &ours.signing_key.serialize_pem()),
    };
    let mut app = TestApp::serve(ServeOptions { tls: Some(tls), ..ServeOptions::for_testing() });
    let answer = ask(&app, &ours, HEALTH).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"status":"ok"}"#),
        "{answer}"
    );
    assert!(ask(&app, &certificate(), HEALTH).is_err(), "another certificate");
    let plain = app.raw(HEALTH.as_bytes());
    assert!(plain.starts_with("HTTP/1.1 400") && plain.contains("tls_needed"), "{plain}");
    let told = duijie(folder.path()).args(["health", "--addr", &app.addr.to_string()]).output();
    assert_eq!(told.unwrap().status.code(), Some(0), "it lives");
    // A handshake that does not begin does not keep it from stopping.
    let _silent = TcpStream::connect(app.addr).unwrap();
    app.stop(|| {}).unwrap();
}

#[test]
fn files_that_cannot_be_used_are_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, other) = (certificate(), certificate());
    let cert = written(folder.path(), "cert.pem", &ours.cert.pem());
    let key = written(folder.path(), "key.pem", &ours.signing_key.serialize_pem());
    let foreign = written(folder.path(), "foreign.pem", &other.signing_key.serialize_pem());
    let empty = written(folder.path(), "empty.pem", "");
    let cut = written(folder.path(), "cut.pem", &ours.cert.pem()[..100]);
    let missing = folder.path().join("missing.pem");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = |cert: &Path, key: &Path| {
        let tls = Some(TlsFiles { cert: cert.to_owned(), key: key.to_owned() });
        let bound =
            runtime.block_on(Server::bind(ServeOptions { tls, ..ServeOptions::for_testing() }));
        let error = bound.err().expect("refused");
        let message = error.to_string();
        match error {
            ServeError::Tls(error) => (error, message),
            other => panic!("{other}"),
        }
    };
    type Is = fn(&TlsError) -> bool;
    let unreadable: Is = |error| matches!(error, TlsError::Unreadable { .. });
    let no_certificate: Is = |error| matches!(error, TlsError::NoCertificate { .. });
    let no_key: Is = |error| matches!(error, TlsError::NoKey { .. });
    let mismatch: Is = |error| matches!(error, TlsError::Mismatch { .. });
    for (cert, key, told, is) in [
        (missing.as_path(), &key, "missing.pem", unreadable),
        (&cert, &missing, "missing.pem", unreadable),
        (folder.path(), &key, "无法读取", unreadable),
        (&empty, &key, "empty.pem", no_certificate),
        (&cut, &key, "cut.pem", no_certificate),
        (&cert, &cert, "cert.pem 中没有可用的私钥", no_key),
        (&cert, &foreign, "不是一对", mismatch),
    ] {
        let (error, message) = refused(cert, key);
        assert!(is(&error) && message.contains(told), "{message}");
    }
    let alone = duijie(folder.path()).args(["serve", "--tls-cert", "x"]).output().unwrap();
    assert_eq!(alone.status.code(), Some(2));
}
