"""Quarterly review: the quarter on one screen, why it moved, and the pack to leave with."""

import streamlit as st

from analytics.review.facts import ReviewRequest
from pages.components import data
from pages.components.edition_view import banner, edition_line
from pages.components.parts import cards, heading, no_data, plot, right_end, section
from pages.components.quarter_controls import quarter_controls, shown_quarter
from pages.components.report_view import pager
from pages.components.review_more import more_sections
from pages.components.review_view import (
    card_origin,
    draw_edition,
    draw_review,
    line_list,
    movement_list,
    risk_map,
    take_away,
    whose_headline,
)
from pages.components.state import go_to, one, open_view

TITLE = "Quarterly review"
view = open_view(one("grid_page", "1"), one("edition"))
quarter = shown_quarter(view.period)
request = ReviewRequest(quarter, data.settings(), view.comparison, view.filters)
past, mode = view.one("edition"), data.mode()
drawn = draw_edition(banner(past), mode) if past else data.ask(draw_review, request, mode)
review = drawn.review

about = (review.compared, review.scope, review.coverage)
with heading(TITLE, f"{review.label}, {review.months}", *about, sentence=review.headline.text), right_end():
    if not past:
        quarter_controls(view, quarter)
        take_away(request, review)
whose_headline(review)
if not past:
    edition_line(request, review)

if review.measured:
    cards(drawn.cards, card_origin(drawn, view, quarter))
    left, right = st.columns([1.72, 1], gap="large")
    with left:
        section("Where each vendor stands", drawn.legend)
        page = pager(view.one("grid_page"), len(drawn.grids))
        plot(
            drawn.grids[page],
            "review-grid",
            "Vendors and KPIs against target",
            lambda cell: go_to("trends", kpi=cell[1], **({"vendor": cell[0]} if cell[0] else {})),
        )
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
