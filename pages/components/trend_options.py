"""How the limits of a trend are found and what stands beside its line: one control, kept in the link."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from analytics.catalogue import Kpi
from analytics.performance.beside import Beside, shown_periods
from analytics.performance.chosen_limits import LimitChoice, Method
from analytics.performance.trends import TrendRequest
from analytics.performance.verdict import label_in_sentence
from analytics.periods import Grain
from pages.components import data
from pages.components.choices import choose_many
from pages.components.state import View, many, one
from pages.components.text import text

OPTION_KEYS = (one("limits", choices=Method), one("screening", choices=("off",)), many("rebase"), one("beside", choices=Beside))
TITLE = "Limits and comparison"
_METHODS = {Method.LANEY: "Laney p'", Method.WEEKDAY: "By weekday"}


def request_of(view: View, start: date, end: date) -> TrendRequest:
    """What the link asks for between two days."""
    method, beside = view.one("limits"), view.one("beside")
    limits = LimitChoice(Method(method) if method else None, view.one("screening") != "off", view.many("rebase"))
    return TrendRequest(
        view.one("kpi"), Grain(view.one("grain")), start, end, view.filters, view.fiscal_start, data.settings().reporting_currency,
        limits, Beside(beside) if beside else None,
    )  # fmt: skip


def options_control(kpi: Kpi, request: TrendRequest, events: Sequence[str]) -> None:
    """The choices, in a popover; `events`: names of those the limits can start anew at."""
    with st.popover(TITLE, icon=":material/tune:", width="content"):
        _beside_control(request)
        choose_many("New limits from these events on", "rebase", events, placeholder="No event" if events else "There is none here")
        _method_control(kpi, request.grain)
        st.pills("Large jumps", ["off"], format_func=lambda name: "Count them in the limits", key="screening")
        st.markdown(":gray[:small[Ranges of 3.267 times their average are left out of the limits once, unless counted.]]")


def _beside_control(request: TrendRequest) -> None:
    periods = shown_periods(request.grain, request.start, request.end, request.fiscal_start)
    words = {beside: _capital(beside.words(request.grain, periods)) for beside in Beside}
    st.pills("Beside the line", [*Beside], format_func=lambda name: words[Beside(name)], key="beside")


def _method_control(kpi: Kpi, grain: Grain) -> None:
    """The methods that apply (and one the link asks for); of the others, why not."""
    chosen = st.session_state.get("limits")
    reasons = {Method.LANEY: "" if kpi.is_proportion else f"Laney p' is for proportions, which {label_in_sentence(kpi.id)} is not."}
    reasons[Method.WEEKDAY] = "" if grain is Grain.DAY else "Only days have weekdays."
    offered = [method for method in Method if not reasons[method] or method == chosen]
    if offered:
        st.pills("Limits", offered, format_func=lambda name: _METHODS[Method(name)], key="limits")
    said = " ".join(["Standard limits where none is chosen." if offered else "Standard limits.", *filter(None, reasons.values())])
    st.markdown(f":gray[:small[{text(said)}]]")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
