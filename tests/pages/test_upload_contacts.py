"""Upload of contacts: read as a stream, refused rows shown, kept once."""

from pathlib import Path

import pytest

from analytics.warehouse import Warehouse
from tests.conftest import ROOT
from tests.pages.screen import open_page, press, title, words

pytestmark = pytest.mark.slow

RECIPE = """name = "acme contacts"
shape = "interactions"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_offered = {count = true}
contacts_handled = {column = "Outcome", equals = ["answered"]}
queue_seconds = {column = "Wait", where = {column = "Outcome", equals = ["answered"]}}
"""
CONTACTS = b"Date,Vendor,Outcome,Wait\n" + b"2026-03-01,Acme,answered,12\n" * 900 + b"2026-03-01,Acme,answered,-1\n" * 600


def test_contacts_are_read_shown_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "warehouse"
    (folder / "recipes").mkdir(parents=True)
    (folder / "recipes" / "contacts.toml").write_text(RECIPE, encoding="utf-8")
    monkeypatch.setenv("BPO_WAREHOUSE", str(folder))
    session = open_page("data/upload")
    session = session.main.file_uploader[0].upload("contacts.csv", CONTACTS, "text/csv").run()
    assert title(session) == "Contacts of Acme, 1 Mar 2026: 900 of 1,500 rows can be kept; 600 are refused, with reasons."
    refused = session.main.dataframe[0].value
    assert (len(refused), refused.iloc[0]["line"], refused.iloc[0]["reason"]) == (500, 902, "'-1' is negative")
    assert "Refused rows, the first 500 of 600" in words(session)
    kept = press(session, "Keep 900 rows, 600 refused")
    assert title(kept) == "Stored as b0001: 900 rows accepted, 600 refused."
    assert Warehouse(folder).newest == 1
    assert not list(ROOT.glob("reading-*"))
