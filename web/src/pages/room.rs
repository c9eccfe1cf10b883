//! How much room a figure of so many lanes can use.

use lightcone_engine::Trace;
use lightcone_figure::read::clients::has_view;

/// The class that says how much room this many lanes can use, the clients' view being as high as one: what is left
/// goes below the verdicts. Many lanes need more than is left: then the page is higher than the screen.
pub fn room(trace: &Trace) -> Option<&'static str> {
    let rows = trace.lanes().len() + usize::from(has_view(trace));
    const ROOMS: [&str; 12] = [
        "lanes-1", "lanes-2", "lanes-3", "lanes-4", "lanes-5", "", "lanes-7", "lanes-8", "lanes-9", "lanes-10",
        "lanes-11", "lanes-12",
    ];
    ROOMS.get(rows.checked_sub(1)?).or(ROOMS.last()).copied().filter(|class| !class.is_empty())
}
