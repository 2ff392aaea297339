"""docs/checks.md names every finding, question and mask there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
_CODE = re.compile(r'Level\.[A-Z]+, "([a-z_]+)"')


def test_every_code_of_the_checks_is_explained() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "analytics/intake/checks").glob("*.py"))
    codes = set(_CODE.findall(sources)) | {"future", "long_past", "personal_data", "duplicate"}
    assert len(codes) > 10 and [code for code in sorted(codes) if f"`{code}`" not in PAGE] == []


def test_every_mask_is_named() -> None:
    masks = set(re.findall(r'\("([a-zA-Z-]+)", re\.compile', (ROOT / "analytics/intake/personal.py").read_text(encoding="utf-8")))
    assert masks == {"e-mail", "IBAN", "card", "phone"} and all(f"`[{mask}]`" in PAGE for mask in masks)
