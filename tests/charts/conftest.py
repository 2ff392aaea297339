"""What every figure must hold: valid for Plotly, no markup from user text, no formula, nothing that fades."""

import json
import re

import plotly.graph_objects as go
import pytest

from tests.hovers import hovers

OURS = re.compile(r"</?(b|i|br|span|extra)( style=\"[^\"<>]*\")?>")
HOSTILE = ('<a href="javascript:alert(1)">x</a>', r"%{x} $\alpha$ <b>bold</b>")


@pytest.fixture
def hostile():
    """Names a user could store: a link, a template field, a formula, markup."""
    return HOSTILE


@pytest.fixture
def checked():
    """The figure as a dict, after Plotly accepted every property of it and its words were found harmless."""

    def check(figure: go.Figure) -> dict:
        spec = json.loads(figure.to_json())
        go.Figure(spec, skip_invalid=False)
        shown = [words for trace in spec["data"] if "hovertemplate" in trace for words in (trace.get("meta", ""), *hovers(trace))]
        for words in [*_words(spec), *shown]:
            rest = OURS.sub("", words)
            assert "<" not in rest, words
            assert "$" not in words, words
        for trace in spec["data"]:
            assert "type" in trace
            if trace["type"] == "scatter" and "markers" in trace["mode"] and trace["marker"].get("opacity") != 0 and not still(spec):
                assert trace["unselected"]["marker"]["opacity"] == 1
        return spec

    return check


def still(spec):
    """Whether nothing in the figure can be selected, so that nothing fades."""
    return "clickmode" not in spec["layout"]


def _words(node, key=""):
    """Every text Plotly would draw."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _words(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value, key)
    elif isinstance(node, str) and key in ("text", "hovertext", "ticktext", "hovertemplate", "texttemplate", "name"):
        yield node
