"""What a reader sees of a page that ran without a browser: words without their Markdown, figures as plain dicts."""

import json
import re
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from tests.hovers import click_points

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_RUN = 60
REPORT = "performance/performance_report"
_IMAGE = re.compile(r"!\[([^\]]*)\]\((?:<data:|app/static/marks/)[^)]*\)")
_MARKUP = re.compile(r":[a-z]+\[|\]|\*\*|^#+ ", re.MULTILINE)
_ICON = re.compile(r"!\[[^\]]*\]\([^)]*\)(?: \d+)?")  # a count may stand beside it
_GLYPH = re.compile(r":material/\w+:(?: \d+)?")  # read out as 'account_tree icon'
_HIDDEN = 0xE000
_EVENTS = 2  # the root of what lies over the page
_WORD_JOINER = "\u2060"
_WORDS_OF = ("markdown", "metric", "warning", "error", "success", "button", "download_button")


def open_page(page: str = REPORT, /, **link: str | list[str]) -> AppTest:
    """A new session that opens this page ('performance/trends', '' for the front page) by a link; without one the report."""
    session = AppTest.from_file(ROOT / "app.py", default_timeout=SECONDS_TO_RUN)
    if page:
        session.switch_page(f"pages/{page}.py")
    for name, values in link.items():
        session.query_params[name] = values
    session.run()
    assert not session.exception
    assert not unnamed_buttons(session)
    return session


def unnamed_buttons(session: AppTest) -> list[str]:
    """The keys of buttons that are but an icon and lack words to be called by, or the same words as a tooltip."""
    icons = [button for button in (*session.main.button, *session.main.menu_button) if _is_icon(button) or _GLYPH.fullmatch(button.label)]
    return [
        button.key or button.label
        for button in icons
        if _GLYPH.fullmatch(button.label) or not plain(button.label).strip("()") or not button.help
    ]


def plain(markdown: str) -> str:
    """The words of Markdown: an image as its alternative text, colours, sizes and escapes taken off."""
    hidden = re.sub(r"\\(.)", lambda found: chr(_HIDDEN + ord(found[1])), markdown)
    bare = _MARKUP.sub("", _IMAGE.sub(r"(\1)", hidden))
    shown = "".join(chr(ord(sign) - _HIDDEN) if _HIDDEN <= ord(sign) < _HIDDEN + 128 else sign for sign in bare)
    return " ".join(shown.replace(_WORD_JOINER, "").split())


def words(session: AppTest) -> list[str]:
    """Every text of the page from top to bottom; a metric as 'label: value', buttons that are an icon left out."""
    return [_words(element) for element in session.main if element.type in _WORDS_OF and not _is_icon(element)]


def _is_icon(element: Any) -> bool:
    return element.type in ("button", "menu_button") and bool(_ICON.fullmatch(element.label))


def _words(element: Any) -> str:
    if element.type == "metric":
        return plain(f"{element.label}: {element.value}")
    return plain(element.label if "button" in element.type else element.value)


def dialog(session: AppTest, kind: str = "") -> list[Any]:
    """The texts of the open dialog from top to bottom, or its elements of one kind ('dataframe', 'button'); none when it is closed."""
    shown = list(session._tree.children.get(_EVENTS, ()))
    return [element for element in shown if element.type == kind] if kind else [_words(e) for e in shown if e.type in _WORDS_OF]


def page_text(session: AppTest) -> str:
    """All texts of the page, one a line."""
    return "\n".join(words(session))


def title(session: AppTest) -> str:
    """The sentence a page opens with."""
    return next(plain(element.value) for element in session.main.markdown if element.value.startswith("# "))


def line_above(session: AppTest) -> str:
    """The line over the title: page, period, filters."""
    return plain(session.main.markdown[0].value)


def _charts(session: AppTest) -> dict[str, Any]:
    """Key -> chart element; a clickable chart's key ends in how often it was clicked."""
    return {element.key or "": element for element in session.main if element.type == "plotly_chart"}


def charts(session: AppTest) -> list[str]:
    """The keys of the charts on the page."""
    return list(_charts(session))


def figure(session: AppTest, key: str) -> dict[str, Any]:
    """The one chart whose key starts with `key`, as sent to the browser, after Plotly has checked every part of it."""
    (found,) = [element for name, element in _charts(session).items() if name.startswith(key)]
    return go.Figure(json.loads(found.proto.spec)).to_plotly_json()


def click_targets(chart: dict[str, Any]) -> list[list[Any]]:
    """What each clickable cell of a chart returns: the first two of its facts."""
    return [list(place) for place in click_points(chart)]


def select(session: AppTest, key: str, *customdata: list[Any]) -> AppTest:
    """Run the page as the browser does after these points of a chart were clicked or dragged over.

    AppTest knows no selections yet, so the widget's state is sent as the browser sends it.
    """
    (chart,) = [element for name, element in _charts(session).items() if name.startswith(key)]
    states = session._tree.get_widget_states()
    points = [{"customdata": row, "x": row[0], "curve_number": 0, "point_index": 0} for row in customdata]
    selected = {"selection": {"points": points, "point_indices": [], "box": [], "lasso": []}}
    states.widgets.append(WidgetState(id=chart.proto.id, string_value=json.dumps(selected)))
    return session._run(states)


def press(session: AppTest, label: str, nth: int = 0) -> AppTest:
    """Click the button with this label."""
    return [button for button in session.main.button if plain(button.label) == label][nth].click().run()


def link(session: AppTest) -> dict[str, list[str]]:
    """Names and values in the address; a single value arrives bare."""
    return {name: [values] if isinstance(values, str) else list(values) for name, values in session.query_params.items()}
