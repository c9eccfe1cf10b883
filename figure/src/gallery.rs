//! Runs of the gallery, for tests.

use lightcone_content::gallery::Exhibit;
use lightcone_content::shelf::{ALL, gallery};

/// Every run of the gallery.
pub fn exhibits() -> Vec<Exhibit> {
    gallery(ALL)
}

/// The gallery's run of this name.
pub fn find(protocol: &str, slug: &str) -> Option<Exhibit> {
    gallery(ALL).into_iter().find(|exhibit| exhibit.protocol == protocol && exhibit.slug == slug)
}

/// The empty run of a protocol.
pub fn blank(id: &str) -> Option<lightcone_engine::Scenario> {
    lightcone_protocols::by_id(id).map(lightcone_engine::Scenario::new)
}
