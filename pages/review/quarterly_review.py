"""Quarterly review: the quarter on one screen, why it moved, and the pack to leave with."""

import streamlit as st

from analytics.review.facts import ReviewRequest
from pages.components import data
from pages.components.edition_view import banner, edition_line
from pages.components.parts import cards, heading, no_data, right_end
from pages.components.quarter_controls import quarter_controls, shown_quarter
from pages.components.review_more import more_sections
from pages.components.review_view import (
    card_origin,
    draw_edition,
    draw_review,
    line_list,
    movement_list,
    risk_map,
    standings,
    take_away,
    whose_headline,
)
from pages.components.state import one, open_view

TITLE = "Quarterly review"
view = open_view(one("grid_page", "1"), one("edition"))
quarter, past, mode = shown_quarter(view.period), view.one("edition"), data.mode()
request = ReviewRequest(quarter, data.settings(), view.comparison, view.filters)
with st.spinner("Reading the quarter ..."):
    drawn = draw_edition(banner(past, view), mode) if past else data.ask(draw_review, request, mode)
review = drawn.review

about = (review.compared, review.scope, review.coverage)
with heading(TITLE, f"{review.label}, {review.months}", *about, sentence=review.headline.text), right_end():
    quarter_controls(view, quarter)
    if not past:
        take_away(request, review)
whose_headline(review)
if not past:
    edition_line(request, review)

if review.measured:
    cards(drawn.cards, card_origin(drawn, view, quarter))
    left, right = st.columns([1.72, 1], gap="large")
    with left:
        standings(drawn, view)
    with right:
        movement_list(drawn)
else:
    no_data(view)
risks, attention, wins = st.columns(3, gap="large")
with risks:
    risk_map(drawn)
with attention:
    line_list(drawn, "attention")
with wins:
    line_list(drawn, "wins")
more_sections(drawn)
