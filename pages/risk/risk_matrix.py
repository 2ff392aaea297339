"""Risk matrix: where the risks stand, how they moved, who owns them."""

import streamlit as st

from analytics.charts.risk_matrix import risk_matrix
from analytics.periods import day_text
from analytics.risk.register import ScoreKind
from analytics.wording import counted
from pages.components import data
from pages.components.parts import empty_state, heading, plot, section
from pages.components.risk_view import (
    REGISTER_FILTERS,
    cell_title,
    filtered,
    matrix_legend,
    movements,
    register_filters,
    register_of,
    register_rows,
    register_sentence,
    risk_card,
    shown_cell,
    shown_words,
)
from pages.components.state import choose, many, one, open_view

view = open_view(*(many(name) for name in REGISTER_FILTERS), one("scores", ScoreKind.RESIDUAL, ScoreKind), one("cell"))
bands = data.settings().risk_bands
day, earlier = view.period.end, view.compared_with.end
register = register_of(view)
risks = filtered(register, view)

about = (f"compared with {day_text(earlier)}", shown_words(risks, register, view))
with heading("Risk matrix", day_text(day), f"{view.one('scores')} scores", *about, sentence=register_sentence(risks, view)):
    register_filters(register, view)
if risks.empty:
    empty_state(
        "No risk matches these filters",
        f"The register has {counted(len(register), 'risk')} on {day_text(day)}.",
        "Clear the filters",
        choose,
        **dict.fromkeys(REGISTER_FILTERS, ()),
    )
else:
    left, right = st.columns([1.15, 1], gap="large")
    cell = shown_cell(view.one("cell"), risks)
    with left:
        plot(
            risk_matrix(risks, bands, data.mode()), "matrix", "Likelihood against impact; every risk is in the register below",
            lambda clicked: choose(cell=f"{clicked[0]}x{clicked[1]}"),
        )  # fmt: skip
        matrix_legend(bands)
    with right:
        inside = risks[(risks["likelihood"] == cell[0]) & (risks["impact"] == cell[1])]
        section(cell_title(cell, len(inside)), ":gray[:small[Click another cell to list its risks here.]]")
        for risk in inside.to_dict("records"):
            risk_card(risk, earlier)
        movements(risks)
    section("Register, highest score first")
    register_rows(risks, earlier)
