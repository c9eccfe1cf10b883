//! Where the reader is, as the address says it: `#/`, `#/signs`, `#/log`, `#/raft`, `#/raft/election`, `#/run/<link>`,
//! `#/challenge/raft/split-vote`, where a question is also with the reader's work behind it (`/<link>`); embedded
//! `#/embed/raft/election`, `#/embed/run/<link>`. Options may follow: `?at=98`. A slash at the end says nothing: `#/raft/`.

use crate::state::options::{self, Embed, Look};
use lightcone_formats::link::pasted;

/// Everything that an address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The page, protocol or run that is named.
    pub route: Route,
    /// Where to look there.
    pub look: Look,
    /// How the figure behaves in another page, if it is in one.
    pub embed: Option<Embed>,
}

impl Address {
    /// The address with this fragment.
    #[must_use]
    pub fn of(fragment: &str) -> Address {
        let fragment = pasted(fragment);
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let (look, embed) = options::read(query);
        match path.trim().strip_prefix("/embed/") {
            Some(inside) => Address { route: Route::of(inside), look, embed: Some(embed) },
            None => Address { route: Route::of(path), look, embed: None },
        }
    }

    /// The fragment: the part after `#`.
    #[must_use]
    pub fn fragment(&self) -> String {
        let prefix = if self.embed.is_some() { "/embed" } else { "" };
        let query = options::write(&self.look, &self.embed.unwrap_or_default());
        format!("{prefix}{}{query}", self.route.fragment())
    }
}

/// A place in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The first page.
    Home,
    /// A protocol's own run, with everything at its default.
    Protocol {
        /// Its name in addresses.
        protocol: String,
    },
    /// A run of the gallery.
    Exhibit {
        /// Its protocol's name in addresses.
        protocol: String,
        /// The run's own name in addresses.
        slug: String,
    },
    /// Any run: the scenario is in the link.
    Run {
        /// The scenario, encoded as a link; of a question also with the reader's work: a slash, and the link of that run.
        link: String,
    },
    /// A challenge.
    Challenge {
        /// Its protocol's name in addresses.
        protocol: String,
        /// The challenge's own name in addresses.
        slug: String,
        /// The reader's work on it, the link of a run; empty for none.
        work: String,
    },
    /// The page of all signs.
    Signs,
    /// The page of logs. The log itself is not in the address.
    Log,
    /// Nothing that this page knows.
    Elsewhere,
}

impl Route {
    /// The place that `fragment` names.
    #[must_use]
    pub fn of(fragment: &str) -> Route {
        let path = fragment.trim();
        let path = path.strip_prefix('/').unwrap_or(path);
        if path.is_empty() {
            return Route::Home;
        }
        match path.split_once('/') {
            Some(("run", link)) => Route::Run { link: link.to_owned() },
            Some((CHALLENGE, path)) => Route::challenge(path),
            _ => Route::named(path.strip_suffix('/').unwrap_or(path)),
        }
    }

    fn challenge(path: &str) -> Route {
        let mut parts = path.splitn(3, '/');
        match [(); 3].map(|()| parts.next().unwrap_or_default()) {
            [protocol, slug, work] if is_name(protocol) && is_name(slug) => {
                Route::Challenge { protocol: protocol.to_owned(), slug: slug.to_owned(), work: work.to_owned() }
            }
            _ => Route::Elsewhere,
        }
    }

    fn named(path: &str) -> Route {
        match path.split_once('/') {
            Some((protocol, slug)) if is_name(protocol) && is_name(slug) => {
                Route::Exhibit { protocol: protocol.to_owned(), slug: slug.to_owned() }
            }
            None if path == SIGNS => Route::Signs,
            None if path == LOG => Route::Log,
            None if is_name(path) => Route::Protocol { protocol: path.to_owned() },
            _ => Route::Elsewhere,
        }
    }

    /// The fragment of this place.
    #[must_use]
    pub fn fragment(&self) -> String {
        match self {
            Route::Home | Route::Elsewhere => "/".to_owned(),
            Route::Signs => format!("/{SIGNS}"),
            Route::Log => format!("/{LOG}"),
            Route::Protocol { protocol } => format!("/{protocol}"),
            Route::Exhibit { protocol, slug } => format!("/{protocol}/{slug}"),
            Route::Run { link } => format!("/run/{link}"),
            Route::Challenge { protocol, slug, work } if work.is_empty() => format!("/{CHALLENGE}/{protocol}/{slug}"),
            Route::Challenge { protocol, slug, work } => format!("/{CHALLENGE}/{protocol}/{slug}/{work}"),
        }
    }

    /// A link to this place.
    #[must_use]
    pub fn href(&self) -> String {
        format!("#{}", self.fragment())
    }
}

/// The page of all signs, in addresses. No protocol has this name.
const SIGNS: &str = "signs";
/// The page of logs, in addresses. No protocol has this name.
const LOG: &str = "log";
/// The challenges, in addresses. No protocol has this name.
const CHALLENGE: &str = "challenge";

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exhibit(protocol: &str, slug: &str) -> Route {
        Route::Exhibit { protocol: protocol.into(), slug: slug.into() }
    }

    #[test]
    fn every_place_is_found_again_by_its_address() {
        let raft = Route::Protocol { protocol: "raft".into() };
        for route in [
            Route::Home,
            Route::Signs,
            Route::Log,
            raft,
            exhibit("raft", "figure-8"),
            Route::Run { link: "1.raft.x_-Y".into() },
            Route::Challenge { protocol: "raft".into(), slug: "split-vote".into(), work: String::new() },
            Route::Challenge { protocol: "raft".into(), slug: "split-vote".into(), work: "AQx_-Y".into() },
        ] {
            assert_eq!(Route::of(&route.fragment()), route);
        }
    }

    #[test]
    fn the_pages_own_places_hide_no_protocol() {
        assert!([SIGNS, LOG, CHALLENGE].iter().all(|place| lightcone_protocols::by_id(place).is_none()));
    }

    #[test]
    fn an_address_is_a_place_and_what_to_look_at() {
        let embedded = Address::of("/embed/raft/election?at=98&edit=no&theme=dark");
        assert_eq!(embedded.route, exhibit("raft", "election"));
        assert!(embedded.embed.is_some_and(|embed| !embed.edit && embed.theme.is_some()));
        assert_eq!(Address::of(&embedded.fragment()), embedded);
        let plain = Address::of("/run/1.raft.x?select=m2");
        assert_eq!((plain.embed, plain.route.clone()), (None, Route::Run { link: "1.raft.x".into() }));
        assert_eq!(Address::of(&plain.fragment()), plain);
    }

    #[test]
    fn what_a_text_has_behind_an_address_does_not_count() {
        for behind in [".", ")", "\n", "?at=200).", "?", "\u{201d}"] {
            let address = Address::of(&format!("/raft/figure-8{behind}"));
            assert_eq!(address.route, exhibit("raft", "figure-8"), "{behind}");
        }
        assert_eq!(Address::of("/run/1.raft.x_-.").route, Route::Run { link: "1.raft.x_-".into() });
    }

    #[test]
    fn an_empty_address_is_home() {
        assert_eq!(Route::of(""), Route::Home);
        assert_eq!(Route::of("/"), Route::Home);
    }

    #[test]
    fn a_slash_at_the_end_says_nothing() {
        assert_eq!(Route::of("/raft/"), Route::Protocol { protocol: "raft".into() });
        assert_eq!(Route::of("/raft/election/"), exhibit("raft", "election"));
        assert_eq!(Address::of("/embed/raft/?at=98").route, Route::Protocol { protocol: "raft".into() });
    }

    #[test]
    fn what_is_no_place_is_elsewhere() {
        for fragment in ["/Raft", "/Raft/x", "/raft//", "//", "/raft/a/b", "what?", "/raft/%3Cscript%3E"] {
            assert_eq!(Route::of(fragment), Route::Elsewhere, "{fragment}");
        }
    }

    #[test]
    fn a_link_may_hold_anything_and_is_judged_by_its_decoder() {
        assert_eq!(Route::of("/run/"), Route::Run { link: String::new() });
        assert_eq!(Route::of("/run/a/b"), Route::Run { link: "a/b".into() });
    }
}
