"""An upload is tried on every page, in this session only, and kept or discarded from there."""

import tempfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse
from tests.pages.screen import ROOT, line_above, link, open_page, page_text, press, title, words

pytestmark = pytest.mark.slow

NHS = ROOT / "data" / "sample" / "nhs111_providers_2015-16.csv"
BANNER = "You are looking at nhs111.csv, not stored"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse folder of the test's own, empty at first, and a place for copies that can be looked into."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path / "warehouse"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "warehouse"


@pytest.fixture
def sample(folder: Path, demo_copy: Path) -> Path:
    """The same folder with the sample in it."""
    assert folder == demo_copy
    return demo_copy


def copies(folder: Path) -> list[Path]:
    return [path for path in (folder.parent / "temporary").iterdir() if path.is_dir()]


def upload(content: bytes | None = None) -> AppTest:
    session = open_page("data/upload")
    return session.main.file_uploader[0].upload("nhs111.csv", content or NHS.read_bytes(), "text/csv").run()


def reviewed(content: bytes | None = None) -> AppTest:
    """The report of a file that was dropped and reviewed."""
    return report(press(upload(content), "See its scorecard"))


def switch(session: AppTest, to: str) -> AppTest:
    (control,) = [group for group in session.sidebar.radio if group.key == "source-choice"]
    return control.set_value(to).run()


def report(session: AppTest) -> AppTest:
    return session.switch_page("pages/performance/performance_report.py").run()


def test_without_a_warehouse_a_file_is_reviewed_and_discarded(folder: Path) -> None:
    session = reviewed()
    assert f"{BANNER}: 46 vendors, Apr 2015 to Mar 2016." in page_text(session).replace("**", "")
    assert "Performance report · Q1 2016" in page_text(session)
    assert "nhs" not in "".join(map(str, link(session).values())).lower() and "source" not in link(session)
    assert not Warehouse(folder).exists and copies(folder)
    session = press(session, "Discard")
    assert BANNER not in page_text(session) and "There is no data yet" in page_text(report(session))
    assert copies(folder) == []


def test_switching_between_stored_upload_and_both(sample: Path) -> None:
    session = reviewed()
    assert "Performance report · Q1 2016" in page_text(session)
    vendors = session.sidebar.multiselect[0].options
    assert "Asterion" not in vendors
    session = switch(session, "both")
    assert f"{BANNER} together with what is stored." in page_text(session)
    assert set(vendors) | {"Asterion"} <= set(session.sidebar.multiselect[0].options)
    session = switch(session, "stored")
    assert BANNER not in page_text(session)
    assert line_above(session).startswith("Performance report · Q3 2026")
    assert not set(vendors) & set(session.sidebar.multiselect[0].options)


def test_every_page_says_so(sample: Path) -> None:
    session = reviewed()
    for page in sorted((ROOT / "pages").glob("*/*.py")):
        if page.parent.name != "components":
            shown = session.switch_page(page.relative_to(ROOT).as_posix()).run()
            assert BANNER in page_text(shown), page
            assert not shown.exception and not shown.error, page


def test_two_sessions_never_see_each_others_trial(sample: Path) -> None:
    mine = reviewed()
    other = open_page()
    assert BANNER not in page_text(other) and "Asterion" in other.sidebar.multiselect[0].options
    theirs = reviewed(NHS.read_bytes().rsplit(b"\n", 100)[0])
    before = title(mine)
    assert title(mine.run()) == before and BANNER in page_text(theirs)
    assert "Asterion" in other.run().sidebar.multiselect[0].options


def test_the_banner_keeps_it(sample: Path) -> None:
    before = Warehouse(sample).newest or 0
    session = press(reviewed(), "Keep")
    assert Warehouse(sample).newest == before + 1
    assert "nhs111.csv is stored as" in page_text(session) and BANNER not in page_text(session)
    assert copies(sample) == []
    assert not [group for group in session.sidebar.radio if group.key == "source-choice"]


def test_a_correction_is_shown_before_it_is_kept(folder: Path) -> None:
    press(upload(), "Keep 534 rows")
    session = upload(NHS.read_bytes().replace(b",67491,", b",67000,", 1))
    assert "0 rows new · 533 identical · 1 restated" in page_text(session)
    assert "published numbers would change." in page_text(session)
    changes = session.main.dataframe[0].value
    assert list(changes.columns) == ["kpi", "vendor", "period", "before", "now"] and set(changes["period"]) == {"Apr 2015"}
    session = press(session, "Keep as correction")
    assert title(session) == "Stored as b0002: 534 rows accepted."
    assert copies(folder) == []


def test_no_undo_of_what_is_not_stored(sample: Path) -> None:
    session = reviewed()
    session = session.switch_page("pages/data/batches_and_quality.py").run()
    assert any("nhs111.csv" in frame.value.to_string() for frame in session.main.dataframe)
    assert "Undo this batch ..." not in words(session)


def test_a_switch_throws_the_copy_before_away(sample: Path) -> None:
    session = reviewed()
    assert len(copies(sample)) == 2
    session = switch(session, "both")
    assert len(copies(sample)) == 2
