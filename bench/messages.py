"""What a running dashboard sends: its pages, and the charts, sparklines and icons of a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.serving import Run, Session, open_session

SPARKLINE = re.compile(rb"data:image/svg\+xml,%3Csvg.*?%3C/svg%3E")
ICON = re.compile(rb"app/static/marks/[a-z/-]+\.svg")


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation, the front page with the path '', or one view of it by the query of its link."""

    path: str
    title: str
    query: str = ""


def pages_of(address: str) -> list[Page]:
    """Every page of the navigation, in its order."""
    with open_session(address) as session:
        messages = [ForwardMsg.FromString(message) for message in session.run().messages]
    entries = next(message.navigation.app_pages for message in messages if message.HasField("navigation"))
    return [Page("" if entry.is_default else entry.url_pathname, entry.page_name) for entry in entries]


def run_without_error(session: Session, page: Page) -> Run:
    """A run of the page; a page that shows an error instead of itself is not worth measuring."""
    run = session.run(page.path, page.query)
    elements = [ForwardMsg.FromString(message).delta.new_element for message in run.messages]
    errors = [element.alert.body for element in elements if element.alert.format == Alert.ERROR]
    if run.failed or errors:
        raise RuntimeError(f"The page '{page.title}' shows an error, so it cannot be measured: {' '.join(errors)}")
    return run


def charts_in(messages: tuple[bytes, ...]) -> Iterator[bytes]:
    """The Plotly figures among the messages, as they are sent."""
    for message in map(ForwardMsg.FromString, messages):
        spec = message.delta.new_element.plotly_chart.spec
        if spec:
            yield spec.encode()


def sparklines_in(messages: tuple[bytes, ...]) -> Iterator[bytes]:
    """The lines that are drawn as an image inside a message."""
    return (image for message in messages for image in SPARKLINE.findall(message))


def icons_in(messages: tuple[bytes, ...]) -> Iterator[bytes]:
    """The addresses of icons that are files of the dashboard's own server."""
    return (address for message in messages for address in ICON.findall(message))
