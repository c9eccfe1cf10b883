//! The link form.
