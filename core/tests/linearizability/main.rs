//! Linearizability: while a run goes on, of whole histories, and as text.

mod brute_force;
mod claims;
mod edn;
mod online;
mod runs;
mod sorts;
