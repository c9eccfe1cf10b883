//! Behind the end of a run stands the button that lets it go on.

use super::FigureProps;
use crate::state::run::Action;
use crate::words::RUN_LONGER;
use lightcone_engine::limits::MAX_HORIZON;
use lightcone_figure::plane::geometry::{Frame, Stands};
use lightcone_figure::plane::pen::text;
use yew::prelude::*;

/// The size of the button behind the end of a run.
const LONGER: (f64, f64) = (92.0, 32.0);

/// Behind the end of the run stands what lets it go on.
pub fn longer(props: &FigureProps, frame: &Frame) -> Html {
    let end = props.state.trace.horizon();
    // Of two figures the upper one has the axis, and what stands on it.
    let below = !frame.narrow && frame.stands == Stands::Below;
    let can = props.interactive && props.free && !props.state.trace.is_recorded();
    let seen = can && !below && end < MAX_HORIZON && (frame.window.from..frame.window.to).contains(&end);
    if !seen {
        return Html::default();
    }
    let (width, height) = LONGER;
    let (x, y) = if frame.narrow {
        (frame.across.0, (frame.at(end) + 6.0).min(frame.height - height))
    } else {
        ((frame.at(end) + 24.0).min(frame.width - width), 2.0)
    };
    let onclick = props.dispatch.reform(|event: MouseEvent| {
        event.stop_propagation();
        Action::RunLonger
    });
    let silent = Callback::from(|event: PointerEvent| event.stop_propagation());
    html! {
        <foreignObject x={text(x)} y={text(y)} width={text(width)} height={text(height)}>
            <button xmlns="http://www.w3.org/1999/xhtml" type="button" class="longer" {onclick} onpointerdown={silent.clone()} onpointerup={silent}>
                { RUN_LONGER }
            </button>
        </foreignObject>
    }
}
