"""The quarterly review as it is drawn: everything made once per warehouse version, request and mode, then only shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import KPIS, Comparator
from analytics.charts.grid import page_count
from analytics.charts.images import action_image, assurance_image, data_uri, mark_image, sparkline_image, status_image, variation_image
from analytics.charts.marks import sparkline, sparkline_alt
from analytics.charts.parts import counts_text
from analytics.charts.risk_matrix import risk_matrix
from analytics.charts.status_grid import status_grid
from analytics.charts.theme import Mode
from analytics.performance.variance import Status
from analytics.periods import Period
from analytics.review.covering import grid_words, line_words, reported_part, shared_coverage
from analytics.review.facts import ReviewRequest
from analytics.review.frames import grid_frame, nameable, risk_frame
from analytics.review.model import (
    Cards,
    Grid,
    Line,
    Lines,
    Movement,
    Movements,
    QuarterlyReview,
    Result,
    Risk,
    RiskMap,
    Section,
    Sentence,
    Table,
    Way,
)
from analytics.review.quarterly import quarterly_review
from analytics.settings import RiskBand
from analytics.warehouse import Scope
from pages.components import data
from pages.components.edition_view import issue_dialog
from pages.components.origin_view import TITLE, ask_origin, row_icon
from pages.components.pack_view import pack_dialog
from pages.components.parts import Card, plot, section
from pages.components.report_view import DrawnOnce, icon_legend
from pages.components.state import View, go_to
from pages.components.tables import VENDORS, pager
from pages.components.text import status_words, target_words, text
from pages.components.words_view import words_dialog

WIDE_SPARKLINE = 250
REPORTED_ON_SCREEN = "italic:"
MOST_RISKS_NAMED = 8
WHY = "Why"
GONE = "As issued: this KPI is no longer defined."
NO_WORDS = "\u2060"  # nothing but the sign that opens the hover
FRONT = ("standings", "movements", "risks", "attention", "wins")
_LEGEND = (Status.MET, Status.BELOW_EXPECTED, Status.MISSED, Status.NOT_MEASURED)


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line as Markdown and where it leads."""

    words: str
    way: Way | None


@dataclass(frozen=True, slots=True)
class DrawnMovement:
    """What moved, where, and its last 13 months."""

    lead: str
    where: str
    line: str
    way: Way


@dataclass(frozen=True, slots=True)
class ReviewDrawing:
    """All the page shows of one review. `grids`: the figure of each page of vendors, from 1; `rest`: the sections below the fold."""

    review: QuarterlyReview
    cards: tuple[Card, ...]
    grids: Mapping[Any, Any]
    legend: str
    movements: tuple[DrawnMovement, ...]
    matrix: Any
    risks: tuple[str, ...]
    lines: Mapping[str, tuple[DrawnLine, ...]]
    rest: tuple[Section, ...]


def draw_review(store: Reader, scope: Scope, request: ReviewRequest, mode: Mode) -> ReviewDrawing:
    """The review of a request in one mode."""
    return draw_edition(quarterly_review(store, scope, request), mode)


def draw_edition(review: QuarterlyReview, mode: Mode) -> ReviewDrawing:
    """A review, of today or as it was issued, in one mode."""
    against = review.compared.removeprefix("compared with ")
    grid = next((block for block in review.blocks if isinstance(block, Grid)), Grid((), (), ()))
    frame = grid_frame(grid, against, review.definitions)
    risks = next((block for block in review.blocks if isinstance(block, RiskMap)), None)
    pages = tuple(range(1, page_count(frame) + 1))
    shown = [result for block in review.blocks if isinstance(block, Cards) for result in block.results]
    coverage, named = shared_coverage(shown), nameable(review.definitions)
    return ReviewDrawing(
        review=review,
        cards=tuple(_card(result, mode, coverage, named) for result in shown),
        grids=DrawnOnce(pages, lambda page: status_grid(frame, mode, with_variance=False, page=page)),
        legend=_legend(mode, grid),
        movements=tuple(_movement(moved, mode) for block in review.blocks if isinstance(block, Movements) for moved in block.movements),
        matrix=risk_matrix(risk_frame(risks.risks), [RiskBand(*band) for band in risks.bands], mode) if risks and risks.risks else None,
        risks=tuple(_risk_words(risk) for risk in risks.risks[:MOST_RISKS_NAMED]) if risks else (),
        lines={found.id: tuple(_line(line, mode) for line in _lines(found)) for found in review.sections},
        rest=tuple(found for found in review.sections if found.id not in FRONT and _in_words(found)),
    )


def _in_words(found: Section) -> bool:
    """Whether a section has lists or tables: control charts have a page of their own."""
    return any(isinstance(block, Lines | Table) for block in found.blocks)


def _lines(found: Section) -> Sequence[Line]:
    return [line for block in found.blocks if isinstance(block, Lines) for line in block.lines]


def _card(result: Result, mode: Mode, shared: str, named: Collection[str]) -> Card:
    """Value, verdict, target, 13 months and the two icons; the coverage where it is not the one `shared` by all cards.

    Counts are told of the KPIs of which the catalogue can name them (`named`).
    """
    svg, alt = _sparkline(result, mode)
    variance = "" if result.variance_text == "-" else f" {text(_shortest(result.variance_text))}"
    verdict = status_words(result.status, result.status_text, mode, bold=True) + variance
    target = ":gray[no target]" if result.target_text == "-" else f":gray[target] {target_words(result.target_text)}"
    said = reported_part(result) or result.vendors_covered not in (shared, _all_of(result.vendors_covered))
    covered = f"  \n:gray[{text(result.vendors_covered)}]" if said else ""
    counts = counts_text(KPIS[result.kpi], result.numerator, result.denominator) if result.kpi in named else ""
    hover = "  \n".join(text(part) for part in (counts, result.coverage, _before(result), result.remark, line_words([result])) if part)
    icons = _icons(result, mode)
    return Card(result.label, result.value_text, verdict, target + covered, data_uri(svg), alt, icons, result.kpi, hover)


def _shortest(variance: str) -> str:
    """A variance beside its status: below expected or missed by +1.8 pp is worse without saying so."""
    return variance.removesuffix(" (worse)")


def _all_of(coverage: str) -> str:
    """The coverage of its kind that lacks nothing: '12 of 12 months' of '11 of 12 months'."""
    _, of, rest = coverage.partition(" of ")
    return f"{rest.partition(' ')[0]}{of}{rest}"


def _before(result: Result) -> str:
    return f"before {result.previous_text}, {result.change_text}" if result.change is not None else result.compared_text


def _sparkline(result: Result, mode: Mode, *, stretched: bool = True, width: float = 132) -> tuple[str, str]:
    values = [point.value for point in result.history]
    names = ("lower", "upper") if result.comparator == Comparator.BAND else ("target",)
    targets = [[getattr(point, name) for point in result.history] for name in names]
    svg = sparkline(values, targets, result.status, mode, stretched=stretched, width=width)
    return svg, sparkline_alt(values, result.status_text)


def _icons(result: Result, mode: Mode) -> str:
    """Variation and assurance of the newest whole month, as images with their words."""
    if not result.signal:
        return ""
    icons = [variation_image(result.signal, result.better_sign, mode, trial=result.trial_limits)]
    if result.assurance:
        icons.append(assurance_image(result.assurance, mode, trial=result.trial_limits))
    return " ".join(icons)


def _risk_words(risk: Risk) -> str:
    """'**1** Data Breach, Asterion: 20, grew from 16' in small print: the numbers in the matrix have names."""
    whose = f", {text(risk.vendor)}" if risk.vendor else ""
    return f":small[**{risk.number}** {text(risk.title)}{whose}: {risk.score}, :gray[{text(risk.movement_text)}]]"


def _legend(mode: Mode, grid: Grid) -> str:
    marks = " ".join(f"{status_image(status, mode)} {status}" for status in _LEGEND)
    words = " · ".join(text(part) for part in (*grid_words(grid, REPORTED_ON_SCREEN), "click a cell for its trend") if part)
    return f":small[{marks} :gray[· {words}]]"


def _movement(moved: Movement, mode: Mode) -> DrawnMovement:
    """'(icon) Cobalt Bay service level **-6.2 pp** to 74.8 %', in grey where it came from, and the line."""
    result = moved.result
    better = (result.change or 0.0) * result.better_sign > 0
    signal = result.signal if result.signal in ("improvement", "concern") else "none"
    agrees = signal == ("improvement" if better else "concern")
    icon = variation_image(signal if agrees else "none", result.better_sign, mode, trial=result.trial_limits)
    change = text(result.change_text.partition(" (")[0])
    lead = text(moved.lead.text).replace(f" {change} ", f" **{change}** ", 1)
    svg, alt = _sparkline(result, mode, stretched=False, width=WIDE_SPARKLINE)
    return DrawnMovement(
        f"{icon} {lead}{_theirs(moved.lead)}",
        f":gray[:small[{text(moved.where.text)}{_theirs(moved.where)}]]",
        sparkline_image(svg, alt),
        moved.way,
    )


def _theirs(sentence: Sentence) -> str:
    """' · words of Ana Reyes, 3 Oct 2026' behind words of a person."""
    return f" :gray[:small[· {text(sentence.signature)}]]" if sentence.author else ""


def _line(line: Line, mode: Mode) -> DrawnLine:
    mark = f"{mark_image(line.mark, line.mark, mode)} " if line.mark else ""
    detail = f"  \n:gray[:small[{text(line.detail)}]]" if line.detail else ""
    return DrawnLine(f"{mark}{text(line.sentence.text)}{_theirs(line.sentence)}{detail}", line.way)


def whose_headline(review: QuarterlyReview) -> None:
    """Under the headline: that a person wrote it."""
    if review.headline.author:
        st.markdown(f":gray[:small[{text(review.headline.signature)}]]")


def card_origin(drawn: ReviewDrawing, view: View, quarter: Period) -> Callable[[str], None]:
    """A button on each card to the rows behind its number; the counts and what they cover are in its hover."""
    hovers = {card.kpi: card.hover for card in drawn.cards}

    def button(kpi: str) -> None:
        if kpi not in KPIS:  # of an edition: its rows can be counted no more
            st.markdown(NO_WORDS, width="content", help=f"{GONE}  \n{hovers[kpi]}")
            return
        icon, told = row_icon("origin", TITLE, kpi), f"{TITLE}  \n{hovers[kpi]}"
        st.button(icon, key=f"origin-card-{kpi}", type="tertiary", help=told, on_click=ask_origin, args=(kpi, quarter, view.filters))

    return button


def take_away(request: ReviewRequest, review: QuarterlyReview) -> None:
    """Edit the words, freeze the review, take it as a file."""
    if st.button("Edit text", type="tertiary"):
        words_dialog(request, review)
    if st.button("Issue edition", type="tertiary"):
        issue_dialog(request, review, data.store().version)
    if st.button("Download pack", icon=":material/download:"):
        pack_dialog(request)


def follow(way: Way) -> None:
    """Callback: go where a line leads, filters kept."""
    go_to(way.page, **dict(way.choices))


def leads_on(way: Way | None) -> bool:
    """Whether there is a page to lead to: an edition may speak of a KPI that is no longer defined."""
    return way is not None and all(value in KPIS for name, value in way.choices if name == "kpi")


def _show_trend(cell: Sequence[str]) -> None:
    """Callback: the trend of the vendor and KPI of a cell."""
    vendor, kpi = cell[:2]  # behind them stand the words of its hover
    if kpi not in KPIS:
        st.toast("This KPI is no longer defined: there is no trend to show.")
        return
    go_to("trends", kpi=kpi, **({"vendor": vendor} if vendor else {}))


def standings(drawn: ReviewDrawing, view: View) -> None:
    """Every vendor and KPI against target; a click opens the trend."""
    found = drawn.review.section("standings")
    section(found.title if found else "", drawn.legend)
    page = pager("grid_page", view.one("grid_page"), len(drawn.grids), VENDORS, "worst first")
    plot(drawn.grids[page], "review-grid", "Vendors and KPIs against target", _show_trend)
    st.markdown(icon_legend(data.mode()))


def movement_list(drawn: ReviewDrawing) -> None:
    """What moved most, each with a button to its split."""
    legend = f":gray[:small[{_change_words(drawn.review)}]]"
    st.markdown(f"### What moved most, and where\n\n{legend}", anchors=False, help=_how_ranked(drawn.review))
    if not drawn.movements:
        st.markdown(":gray[Nothing is compared, or nothing moved.]")
    with st.container(gap="xsmall"):
        for place, moved in enumerate(drawn.movements):
            with st.container(gap=None):
                st.markdown(f"{moved.lead}  \n{moved.where}")
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(moved.line, width="content")
                    if leads_on(moved.way):
                        st.button(
                            WHY, key=f"why-{place}", type="tertiary", icon=":material/waterfall_chart:", on_click=follow, args=(moved.way,)
                        )


def _change_words(review: QuarterlyReview) -> str:
    compared = text(review.compared.removeprefix("compared with "))
    lead = f"Change on {compared}. " if review.compared.startswith("compared with") else f"{text(review.compared)}. "
    return f"{lead}Line: last 13 months, dashes: target."


def _how_ranked(review: QuarterlyReview) -> str | None:
    """By which rule the movements stand in their order, and what a month of their lines is."""
    ranked = next((found.sentence for found in review.sections if found.id == "movements"), None)
    lines = line_words(moved.result for block in review.blocks if isinstance(block, Movements) for moved in block.movements)
    told = ([marked(ranked)] if ranked else []) + ([f"{text(lines)}."] if lines else [])
    return "  \n".join(told) or None


def line_list(drawn: ReviewDrawing, name: str) -> None:
    """A section of lines."""
    found = drawn.review.section(name)
    if found is None:
        return
    section(found.title, f":gray[:small[{marked(found.sentence)}]]" if found.sentence else "")
    line_rows(drawn, name, next((block.empty for block in found.blocks if isinstance(block, Lines)), ""))


def line_rows(drawn: ReviewDrawing, name: str, empty: str) -> None:
    """The lines of a section, each with a button to where it leads."""
    lines = drawn.lines[name]
    if not lines:
        st.markdown(f":gray[{text(empty)}]")
    for place, line in enumerate(lines):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
            st.markdown(line.words, width="stretch")
            if line.way is not None and leads_on(line.way):
                key, icon = f"way-{name}-{place}", action_image("open", f"Show it: {name} {place + 1}", data.mode())
                st.button(icon, key=key, type="tertiary", help="Show it", on_click=follow, args=(line.way,))


def marked(sentence: Sentence) -> str:
    """A sentence as Markdown; a person's words are marked as theirs."""
    return text(sentence.text) + _theirs(sentence)


def risk_map(drawn: ReviewDrawing) -> None:
    """The matrix; a click opens the page of risks."""
    found = drawn.review.section("risks")
    if found is None:
        return
    section(found.title)
    if drawn.matrix is None:
        st.markdown(":gray[The register has no open risk.]")
        return
    plot(
        drawn.matrix,
        "review-risks",
        "Likelihood against impact of the open risks",
        lambda cell: go_to("risk_matrix", cell=f"{cell[0]}x{cell[1]}"),
    )
    st.markdown("  \n".join(drawn.risks))
