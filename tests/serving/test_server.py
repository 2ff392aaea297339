"""Starting and ending the server, with a two-page app of its own instead of the dashboard."""

import os
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.errors import DashboardError, UsageError
from analytics.serving import open_session, start_dashboard

APP = """
import os
import streamlit as st
def front(): st.title("Front")
def deep(): st.title(os.environ["BPO_WAREHOUSE"])
st.navigation([st.Page(front, default=True), st.Page(deep, url_path="deep")]).run()
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text(APP)
    return path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
def test_a_started_dashboard_answers_knows_its_pages_and_ends(app: Path) -> None:
    dashboard = start_dashboard(free_port(), app.parent / "warehouse", app)
    try:
        with urllib.request.urlopen(dashboard.address) as answer:
            assert answer.status == 200
        with open_session(dashboard.address) as session:
            deep = session.run("deep")
            assert deep.page_found
            assert str(app.parent / "warehouse").encode() in b"".join(deep.messages)
            assert not session.run("depe").page_found
    finally:
        dashboard.stop()
    assert dashboard.process.poll() is not None
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", int(dashboard.address.rpartition(":")[2]))):
        pass


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def broken(:", r"SyntaxError: .*"),
        ("raise ValueError('The menu names a missing page.')", r"ValueError: The menu names a missing page"),
    ],
)
def test_a_failing_first_page_is_named_and_nothing_is_left_running(app: Path, source: str, reason: str) -> None:
    app.write_text(source)
    port = free_port()
    with pytest.raises(DashboardError, match=rf"^The dashboard cannot show its first page: {reason}\. Mend that and start it again\.$"):
        start_dashboard(port, app.parent, app)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


@pytest.mark.slow
def test_a_server_that_ends_early_says_why(app: Path) -> None:
    app.write_text("import os\nprint('No memory left.', flush=True)\nos._exit(3)\n")
    with pytest.raises(DashboardError) as raised:
        start_dashboard(free_port(), app.parent, app)
    assert str(raised.value) == "The dashboard ended while it started: No memory left. Mend that and start it again."


def test_a_taken_port_is_one_sentence_with_the_remedy(app: Path, taken_port: int) -> None:
    with pytest.raises(DashboardError) as raised:
        start_dashboard(taken_port, app.parent, app)
    assert str(raised.value) == f"Port {taken_port} is in use. Choose another with --port, for example --port {taken_port + 1}."
    assert raised.value.exit_code == 1


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_number_that_is_no_port_is_a_usage_error(app: Path, port: int) -> None:
    with pytest.raises(UsageError, match="Give --port a number from 1 to 65535"):
        start_dashboard(port, app.parent, app)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="only ordinary users are refused low ports")
def test_a_port_that_needs_more_rights_says_so(app: Path) -> None:
    with pytest.raises(DashboardError, match="above 1023"):
        start_dashboard(80, app.parent, app)


def test_a_missing_app_is_named(tmp_path: Path) -> None:
    with pytest.raises(DashboardError, match=r"app\.py is missing\. Start from a complete copy"):
        start_dashboard(free_port(), tmp_path, tmp_path / "app.py")
