//! The program that the browser loads.
#![forbid(unsafe_code)]

fn main() {
    lightcone_web::start();
}
