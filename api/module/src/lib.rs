//! The API for JavaScript. Objects are plain and have the form of `lightcone_api::form`; what comes in is read as JSON, within the
//! same bounds as a file. An error is an `Error` with `code`, `line` and `message`.

mod values;

use lightcone_api::form::{
    Bounds, Code, DrawOptions, Error, HandedIn, History, JudgeOptions, Scenario, SimulateOptions, TextForm,
};
use lightcone_api::{self as api, Checking, Library};
use lightcone_content::gallery::File;
use values::{Thrown, aborted, function, given, list, object, plain, text};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = concat!(include_str!("../types.d.ts"), include_str!("../input.d.ts"));

#[cfg(not(feature = "bare"))]
const LIBRARY: &Library = lightcone_content::shelf::ALL;
#[cfg(feature = "bare")]
const LIBRARY: &Library = &[];

#[cfg(not(feature = "bare"))]
const CHALLENGES: &[File] = lightcone_content::challenges::ALL;
#[cfg(feature = "bare")]
const CHALLENGES: &[File] = &[];

/// How long a search works before it lets others work, in milliseconds.
const SLICE_MILLIS: f64 = 40.0;
/// Choices between two looks at the clock.
const CHOICES: u32 = 24;

/// Reads the text form of a scenario.
#[wasm_bindgen(unchecked_return_type = "Scenario")]
pub fn parse(#[wasm_bindgen(unchecked_param_type = "string")] scenario: JsValue) -> Result<JsValue, Thrown> {
    plain(&api::parse(LIBRARY, &text(&scenario)?)?)
}

/// The text form of a scenario, which `parse` reads back.
#[wasm_bindgen]
pub fn format(#[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: JsValue) -> Result<String, Thrown> {
    Ok(api::format(LIBRARY, &object(&scenario)?)?)
}

/// Reads a link: an address, its part from `#` on, or the name of a run of the gallery: `raft/election`.
#[wasm_bindgen(js_name = decodeLink, unchecked_return_type = "Scenario")]
pub fn decode_link(#[wasm_bindgen(unchecked_param_type = "string")] link: JsValue) -> Result<JsValue, Thrown> {
    plain(&api::decode_link(LIBRARY, &text(&link)?)?)
}

/// The link to a run, from `#` on.
#[wasm_bindgen(js_name = encodeLink)]
pub fn encode_link(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: JsValue,
) -> Result<String, Thrown> {
    Ok(api::encode_link(LIBRARY, &object(&scenario)?)?)
}

/// The run of a scenario.
#[wasm_bindgen(unchecked_return_type = "Trace")]
pub fn simulate(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "SimulateOptions")] options: JsValue,
) -> Result<JsValue, Thrown> {
    let options: SimulateOptions = given(&options)?;
    plain(&api::simulate(LIBRARY, &object(&scenario)?, &options)?)
}

/// Checks a run, and searches from it for one that breaks a promise. It rests between slices, calls `onProgress` after each, and
/// rejects with the signal's reason when it is aborted.
#[wasm_bindgen(unchecked_return_type = "Checked")]
pub async fn check(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Partial<Bounds>")] bounds: JsValue,
    #[wasm_bindgen(js_name = onProgress, unchecked_optional_param_type = "(progress: Progress) => void")]
    on_progress: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AbortSignal")] signal: JsValue,
) -> Result<JsValue, Thrown> {
    let (scenario, bounds): (Scenario, Bounds) = (object(&scenario)?, given(&bounds)?);
    let on_progress = function(&on_progress)?;
    aborted(&signal)?;
    let mut checking = Checking::begin(LIBRARY, &scenario, &bounds)?;
    while slice(&mut checking) {
        if let Some(on_progress) = &on_progress {
            on_progress.call1(&JsValue::UNDEFINED, &plain(&checking.progress())?).map_err(Thrown)?;
        }
        rest().await?;
        aborted(&signal)?;
    }
    plain(&checking.checked())
}

/// Judges a history: an object, or a text as Jepsen writes it.
#[wasm_bindgen(unchecked_return_type = "Judgement")]
pub fn judge(
    #[wasm_bindgen(unchecked_param_type = "History | string")] history: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "JudgeOptions")] options: JsValue,
) -> Result<JsValue, Thrown> {
    let options: JudgeOptions = given(&options)?;
    match history.as_string() {
        Some(text) => plain(&api::judge_text(&text, &options)?),
        None => plain(&api::judge(&object::<History>(&history)?, &options)?),
    }
}

/// The figure of a run, as an SVG file that stands alone.
#[wasm_bindgen]
pub fn draw(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "DrawOptions")] options: JsValue,
) -> Result<String, Thrown> {
    let options: DrawOptions = given(&options)?;
    Ok(api::draw(LIBRARY, &object(&scenario)?, &options)?)
}

/// A run as a text for other tools.
#[wasm_bindgen]
pub fn write(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: JsValue,
    #[wasm_bindgen(js_name = "as", unchecked_param_type = "TextForm")] form: JsValue,
) -> Result<String, Thrown> {
    let form: TextForm = object(&form)?;
    Ok(api::write(LIBRARY, &object(&scenario)?, form)?)
}

/// What a question asks: a link that asks something, the text of a scenario with a section `challenge`, or the name of a challenge.
#[wasm_bindgen(unchecked_return_type = "Question")]
pub fn question(#[wasm_bindgen(unchecked_param_type = "string")] question: JsValue) -> Result<JsValue, Thrown> {
    plain(&api::question(LIBRARY, CHALLENGES, &text(&question)?)?)
}

/// What each answer to a question is worth: a link, or the text of a scenario with moves, perhaps with a name.
#[wasm_bindgen(unchecked_return_type = "Grades")]
pub fn grade(
    #[wasm_bindgen(unchecked_param_type = "string")] question: JsValue,
    #[wasm_bindgen(unchecked_param_type = "(string | HandedInInput)[]")] answers: JsValue,
) -> Result<JsValue, Thrown> {
    let question = text(&question)?;
    let answers = list(&answers, api::grade::MOST_ANSWERS)?.into_iter().map(|each| match each.as_string() {
        Some(_) => Ok(HandedIn { name: String::new(), answer: text(&each)? }),
        None => object(&each),
    });
    let answers: Vec<HandedIn> = answers.collect::<Result<_, Thrown>>()?;
    plain(&api::grade(LIBRARY, CHALLENGES, &question, &answers)?)
}

/// Every protocol, with its knobs, flaws, promises, runs and challenges.
#[wasm_bindgen(unchecked_return_type = "Protocols")]
pub fn protocols() -> Result<JsValue, Thrown> {
    plain(&api::protocols(LIBRARY, CHALLENGES))
}

/// One slice of a search. Whether there is more to do.
fn slice(checking: &mut Checking) -> bool {
    let start = js_sys::Date::now();
    while checking.advance(CHOICES) {
        // A clock that was set back ends the slice, too.
        if !(0.0..SLICE_MILLIS).contains(&(js_sys::Date::now() - start)) {
            return true;
        }
    }
    false
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &js_sys::Function, millis: i32);
}

/// Lets others work.
async fn rest() -> Result<(), Thrown> {
    let promise = js_sys::Promise::new(&mut |resolve, _| set_timeout(&resolve, 0));
    JsFuture::from(promise).await.map(|_| ()).map_err(Thrown)
}

/// An argument is not what it should be.
fn wrong(message: &str) -> Thrown {
    Error::new(Code::WrongForm, message).into()
}
