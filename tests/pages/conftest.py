"""The frame with a page of the test's own, over a warehouse small enough to count by hand."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse, settle

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_RUN = 30

# Two vendors, one row each on the first of every month from January 2025 to October 2026, 100 contacts a row.
ROWS = """
INSERT INTO performance_rows BY NAME
SELECT 'acd' AS source, 'month' AS grain, month::DATE AS period_start, vendor, vendor || ' site' AS site, 'Billing' AS lob,
  'voice' AS channel, 100 AS contacts_handled, 'b1' AS batch_id
FROM range(DATE '2025-01-01', DATE '2026-11-01', INTERVAL 1 MONTH) months(month), unnest(['Asterion', 'Cobalt Bay']) vendors(vendor)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The warehouse folder the dashboard reads; empty until something is written."""
    folder = tmp_path / "warehouse"
    monkeypatch.setenv("BPO_WAREHOUSE", str(folder))
    return folder


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with two vendors in it, to be copied."""
    folder = tmp_path_factory.mktemp("two-vendors") / "warehouse"
    with Warehouse(folder).write("test", "seed", "two vendors") as connection:
        connection.execute(ROWS)
        settle(connection)
    return folder


@pytest.fixture
def two_vendors(folder: Path, built_once: Path) -> Path:
    """The folder with two vendors in it."""
    return Path(shutil.copytree(built_once, folder))


@pytest.fixture
def frame(tmp_path: Path) -> Callable[..., AppTest]:
    """`frame("source of a page", vendor=["Asterion"])`: the frame with this source as every page, opened by a link."""

    def opened(source: str, **link: list[str]) -> AppTest:
        return open_link(app_around(tmp_path, source), **link)

    return opened


def app_around(folder: Path, source: str) -> Path:
    """A copy of app.py whose pages all are `source`."""
    app = folder / "app.py"
    shutil.copy(ROOT / "app.py", app)
    (folder / "static").mkdir(exist_ok=True)
    shutil.copy(ROOT / "static" / "favicon.png", folder / "static")
    for page in re.findall(r'"(pages/[\w/]+\.py)"', app.read_text(encoding="utf-8")):
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(source, encoding="utf-8")
    return app


def open_link(app: Path, **link: list[str]) -> AppTest:
    """A new session that opens the front page with these names and values in the address."""
    session = AppTest.from_file(app, default_timeout=SECONDS_TO_RUN)
    for name, values in link.items():
        session.query_params[name] = values
    return session.run()
