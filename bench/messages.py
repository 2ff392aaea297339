"""What a running dashboard sends: its pages, and the figures of a page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.serving import Run, Session, open_session


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


def run_without_error(session: Session, page: Page) -> Run:
    """A run of the page; a page that shows an error instead of itself is not worth measuring."""
    run = session.run(page.path)
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
