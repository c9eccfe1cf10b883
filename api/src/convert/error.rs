//! Errors of the core as the one error: a code for each, and the sentence that the core has for it.

use crate::form::{Code, Error};
use lightcone_engine::protocol::Invalid;
use lightcone_formats::edn::{self, EdnError};
use lightcone_formats::{link, text};

impl From<link::LinkError> for Error {
    fn from(error: link::LinkError) -> Error {
        use link::LinkError;
        let said = error.to_string();
        let code = match &error {
            LinkError::TooLong => Code::TooLong,
            LinkError::Cut { .. } => Code::LinkCut,
            LinkError::Damaged => Code::LinkDamaged,
            LinkError::TooNew { .. } => Code::TooNew,
            LinkError::UnknownProtocol { .. } => Code::UnknownProtocol,
            LinkError::NewerProtocol { .. } => Code::NewerProtocol,
            LinkError::Invalid(_) => Code::OutOfBounds,
            LinkError::Asks(error) => return Error { message: said, ..error.clone().into() },
        };
        Error::new(code, said)
    }
}

impl From<text::TextError> for Error {
    fn from(error: text::TextError) -> Error {
        let line = Some(error.line).filter(|line| *line > 0);
        Error { line, message: error.to_string(), ..error.problem.into() }
    }
}

impl From<text::Problem> for Error {
    fn from(problem: text::Problem) -> Error {
        use text::Problem;
        let code = match &problem {
            Problem::TooLong | Problem::TooMany => Code::TooLong,
            Problem::NotAScenario => Code::NotAScenario,
            Problem::TooNew { .. } => Code::TooNew,
            Problem::NewerProtocol { .. } => Code::NewerProtocol,
            Problem::Unknown { what: "protocol", .. } => Code::UnknownProtocol,
            Problem::Unknown { .. } => Code::UnknownName,
            Problem::Missing { .. } => Code::MissingWord,
            Problem::Expected { .. } => Code::UnexpectedWord,
            Problem::Surplus { .. } => Code::SurplusWord,
            Problem::Twice { .. } => Code::SaidTwice,
            Problem::OutOfPlace { .. } => Code::OutOfPlace,
            Problem::Invalid(_) => Code::OutOfBounds,
        };
        Error::new(code, problem.to_string())
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Error {
        Error::new(Code::OutOfBounds, invalid.to_string())
    }
}

impl From<EdnError> for Error {
    fn from(error: EdnError) -> Error {
        let code = match &error.problem {
            edn::Problem::TooLong | edn::Problem::TooMany | edn::Problem::TooManyForms => Code::TooLong,
            edn::Problem::TooDeep => Code::TooDeep,
            edn::Problem::NoHistory => Code::NoHistory,
            edn::Problem::Ends { .. } => Code::EndsInside,
            edn::Problem::Expected { .. } | edn::Problem::Unseen { .. } => Code::UnexpectedWord,
            edn::Problem::Missing { .. } => Code::MissingWord,
            edn::Problem::Disorder { .. } => Code::Disorder,
        };
        Error { code, line: Some(error.line).filter(|line| *line > 0), message: error.to_string() }
    }
}
