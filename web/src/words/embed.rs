//! Words of the tab that shares a run with other pages.

/// An embedded figure: whether messages can be dragged.
pub const READERS_MAY_DRAG: &str = "Readers may drag";
/// An embedded figure: whether there is a bar below it.
pub const BAR_TO_PLAY: &str = "Bar with play and verdicts";
/// An embedded figure: when it begins to live.
pub const STARTS: &str = "Start";
/// When it is pressed.
pub const STILL_PICTURE: &str = "Still picture until the reader starts it";
/// When it is seen.
pub const STARTS_SEEN: &str = "Live when seen";
/// The same, and it plays.
pub const STARTS_PLAYING: &str = "Plays when seen";
/// An embedded figure: the beginning of the stretch that is seen.
pub const SEEN_FROM: &str = "Shown from";
/// Its end.
pub const SEEN_TO: &str = "to";
/// The unit of both.
pub const MILLIS: &str = "ms";
/// An embedded figure: the colour of its paper.
pub const OWN_PAPER: &str = "Paper of another colour";
/// The colour of the reader's hand.
pub const OWN_ACCENT: &str = "Accent of another colour";
/// The unit of its height.
pub const PIXELS: &str = "pixels";
/// What only a hand can write.
pub const BY_HAND_HINT: &str = "To write by hand: linked=\"a\" (figures with the same name share the cursor), lti (tells a learning platform the page’s height), title (for screen readers), scenario (the text of a run instead of its name). steps and beside follow what the run shows now.";
/// What an embedded figure brings along.
pub const EMBED_HINT: &str =
    "The figure runs in a sandbox: no cookies, nothing loaded from elsewhere. The first line stands once on a page.";
/// The same of a frame alone.
pub const FRAME_HINT: &str = "One frame: no script in your page, no cookies, nothing loaded from elsewhere. Your page has to allow this host in frame-src. It has no events, and the height that is written.";
/// The element for other pages.
pub const AS_ELEMENT: &str = "Element, two lines";
/// The frame for other pages.
pub const AS_FRAME: &str = "Frame, where scripts are not allowed";
/// An embedded figure: its colours.
pub const COLOURS: &str = "Colours";
/// The colours that the reader's system has chosen.
pub const READERS_COLOURS: &str = "The reader’s own colours";
/// Ink on paper.
pub const LIGHT: &str = "Light";
/// The other way.
pub const DARK: &str = "Dark";
/// An embedded figure: whether its height is written down.
pub const FIXED_HEIGHT: &str = "Fixed height";
/// The figure as another page will have it.
pub const PREVIEW: &str = "Preview";
/// What a server has to send.
pub const HEADER_HINT: &str = "The element, and a frame with sandbox=\"allow-scripts\", need a server that sends Access-Control-Allow-Origin: * with Lightcone’s files. If it does not, the preview says so; a frame without sandbox needs no header.";
