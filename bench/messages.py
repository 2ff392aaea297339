"""What a running dashboard sends: its pages, and the figures and sparklines of a page."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.serving import Run, Session, open_session

SVG_IMAGE = re.compile(rb"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
POINTS_OF_THE_SHORTEST_SPARKLINE = 10


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A small line drawn as an SVG image: the bytes it takes in its message, its number of points."""

    size: int
    points: int


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation; the front page has the path ''."""

    path: str
    title: str


def pages_of(address: str) -> list[Page]:
    """Every page of the navigation, in its order."""
    with open_session(address) as session:
        messages = [ForwardMsg.FromString(message) for message in session.run().messages]
    entries = next(message.navigation.app_pages for message in messages if message.HasField("navigation"))
    return [Page("" if entry.is_default else entry.url_pathname, entry.page_name) for entry in entries]


def run_without_error(session: Session, page: Page, query: str = "") -> Run:
    """A run of the page; a page that shows an error instead of itself is not worth measuring."""
    run = session.run(page.path, query)
    elements = [ForwardMsg.FromString(message).delta.new_element for message in run.messages]
    errors = [element.alert.body for element in elements if element.alert.format == Alert.ERROR]
    if run.failed or errors:
        raise RuntimeError(f"The page '{page.title}' shows an error, so it cannot be measured: {' '.join(errors)}")
    return run


def figures_in(messages: tuple[bytes, ...]) -> Iterator[dict]:
    """The Plotly figures among the messages, as the browser reads them."""
    for message in map(ForwardMsg.FromString, messages):
        chart = message.delta.new_element.plotly_chart
        if chart.spec:
            yield json.loads(chart.spec)


def sparklines_in(messages: tuple[bytes, ...]) -> Iterator[Sparkline]:
    """The SVG images whose longest line has enough points to be one; the others are icons."""
    for message in messages:
        for image in SVG_IMAGE.findall(message):
            lines = re.findall(rb' d="([^"]+)"', base64.b64decode(image))
            points = max((1 + len(re.findall(rb"[Ll]", line)) for line in lines), default=0)
            if points >= POINTS_OF_THE_SHORTEST_SPARKLINE:
                yield Sparkline(len(image), points)
