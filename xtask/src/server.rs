//! A small server of static files on this machine. It sends the headers that a strict host sends, and lets sandboxed
//! frames, which have no origin, read the files.

use crate::run::Result;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// The page's content security policy. `index.html` states the same policy, for hosts that send no headers.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; frame-src 'self'; \
     base-uri 'none'; form-action 'none'";

/// Serves the files of one folder under one path.
pub struct Server {
    listener: TcpListener,
    folder: PathBuf,
    base: String,
}

impl Server {
    /// Takes the first free port of `ports`; 0 stands for any. `base` starts and ends with a slash.
    pub fn open(folder: PathBuf, base: &str, ports: std::ops::Range<u16>) -> Result<Server> {
        let (first, last) = (ports.start, ports.end.saturating_sub(1));
        let listener = ports
            .into_iter()
            .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
            .ok_or_else(|| format!("no port from {first} to {last} is free; choose one with --port."))?;
        Ok(Server { listener, folder, base: base.to_owned() })
    }

    /// The address of the page for a browser.
    pub fn address(&self) -> Result<String> {
        let address = self.listener.local_addr();
        let address = address.map_err(|error| format!("the server has no address: {error}."))?;
        Ok(format!("http://{address}{}", self.base))
    }

    /// Answers requests until the process ends.
    pub fn serve(self) {
        let server = std::sync::Arc::new(self);
        for stream in server.listener.incoming().flatten() {
            let server = server.clone();
            // A browser may hang up in the middle of an answer.
            std::thread::spawn(move || server.answer(stream).ok());
        }
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut lines = BufReader::new((&stream).take(64 * 1024)).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        for line in lines {
            if line?.is_empty() {
                break;
            }
        }
        let mut words = request.split(' ');
        let method = words.next().unwrap_or_default();
        let path = words.next().unwrap_or_default();
        if !matches!(method, "GET" | "HEAD") {
            return text(&stream, "405 Method Not Allowed", "Only GET and HEAD.");
        }
        let file = self.file(path).and_then(|path| Some((File::open(&path).ok()?, path)));
        match file {
            Some((file, path)) => send(&stream, file, &path, method == "GET"),
            None => text(&stream, "404 Not Found", "There is no such file."),
        }
    }

    /// The file that a request's path names. It is never outside the folder.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let path = path.split(['?', '#']).next()?.strip_prefix(&self.base)?;
        let path = Path::new(path);
        let inside = |part| matches!(part, Component::Normal(_));
        if !path.components().all(inside) {
            return None;
        }
        let file = self.folder.join(path);
        let file = if file.is_dir() { file.join("index.html") } else { file };
        file.is_file().then_some(file)
    }
}

fn send(mut stream: &TcpStream, mut file: File, path: &Path, body: bool) -> std::io::Result<()> {
    let length = file.metadata()?.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {length}\r\nContent-Security-Policy: {POLICY}\r\n\
         X-Content-Type-Options: nosniff\r\nAccess-Control-Allow-Origin: *\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n",
        kind(path)
    )?;
    if body {
        std::io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

fn text(mut stream: &TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn kind(path: &Path) -> &'static str {
    let end = path.extension().and_then(|end| end.to_str());
    match end.unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_states_the_policy_that_the_server_sends() {
        let page = crate::run::read("index.html").expect("index.html is there");
        let meta = format!("http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"");
        assert!(page.contains(&meta));
    }

    #[test]
    fn only_files_under_the_base_and_inside_the_folder_are_found() {
        let folder = crate::run::root().to_owned();
        let server = Server::open(folder, "/a/b/", 0..1).expect("some port is free");
        for found in ["/a/b/index.html", "/a/b/?x#y", "/a/b/www/boot.js?v=1"] {
            assert!(server.file(found).is_some(), "{found}");
        }
        for lost in ["/", "/a/b", "/index.html", "/a/b/../x", "/a/b//etc/passwd", "/a/b/www/../index.html", ""] {
            assert!(server.file(lost).is_none(), "{lost}");
        }
    }
}
