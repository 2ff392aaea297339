"""The three packs of one review read back: its numbers, printed by the same format; and of a vendor nothing of the others."""

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
from click.testing import CliRunner

from analytics.__main__ import main
from analytics.packs.files import PackFormat
from analytics.packs.making_process import builder_of
from analytics.periods import Period, add_months
from analytics.review.facts import ReviewRequest
from analytics.review.frozen import from_json, to_json
from analytics.review.model import Audience, Cards, QuarterlyReview
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store
from tests.packs.printed_cells import printed_cells
from tests.packs.reviews import numbers_printed
from tests.rows import EVERYTHING, store_of

pytestmark = pytest.mark.slow
SECONDS_PER_DAY = 86_400
BUILT = datetime(2026, 10, 8, 9, 30, tzinfo=UTC)
Q3 = Period.parse("2026-Q3")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def months(vendor: str, answered: float, handle_seconds: int, batch: str) -> Iterator[dict[str, object]]:
    """Fifteen months at two sites; in the last one Pune answers less."""
    for month in range(15):
        for site, offered in (("Pune", 6_000), ("Manila", 4_000)):
            late = 300 if month == 14 and site == "Pune" else 0
            yield {
                "vendor": vendor, "site": site, "grain": "month", "period_start": add_months(date(2025, 7, 1), month), "batch_id": batch,
                "threshold_seconds": 20, "contacts_offered": offered, "contacts_handled": offered - 200 - late,
                "contacts_abandoned": 200 + late, "answered_within_threshold": round(offered * answered) - 7 * month - late,
                "handle_seconds": (offered - 200 - late) * (handle_seconds + month % 3),
            }  # fmt: skip


def portfolio(folder: Path, other: str, answered: float) -> Store:
    """Cobalt Bay as it always is, beside one other vendor with its own numbers, risk, event, note and action."""
    rows = [*months("Cobalt Bay", 0.81, 270, "b1"), *months(other, answered, 300, "b2")]
    risks = [
        {"risk_id": vendor, "number": number, "title": f"One site of {vendor}", "category": "operational", "vendor": vendor,
         "status": "open", "next_review": date(2026, 9, 1)}
        for number, vendor in enumerate(("Cobalt Bay", other), start=1)
    ]  # fmt: skip
    scores = [
        {"risk_id": vendor, "scored_on": day, "kind": "residual", "likelihood": 4, "impact": impact, "reason": "Two outages."}
        for vendor, last in (("Cobalt Bay", 4), (other, round(answered * 5)))
        for day, impact in ((date(2026, 6, 1), 3), (date(2026, 9, 1), last))
    ]  # fmt: skip
    theirs: dict[str, object] = {"vendor": other, "title": f"Outage of {other}"}
    return store_of(
        folder, rows, risks=risks, risk_scores=scores, events=[theirs | {"happened_on": date(2026, 8, 14)}],
        actions=[theirs | {"action_id": "a1", "status": "open", "due_on": date(2026, 9, 1)}],
        notes=[{"written_on": date(2026, 9, 1), "author": "A", "vendor": other, "body": f"About {other}", "period": "2026-Q3"}],
    )  # fmt: skip


def review_of(store: Store, scope: Scope = EVERYTHING, audience: Audience = Audience.EXECUTIVE) -> QuarterlyReview:
    return quarterly_review(store, scope, ReviewRequest(Q3, load_settings(), audience=audience))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asterion")


@pytest.fixture(scope="module")
def store(folder: Path) -> Store:
    return portfolio(folder, "Asterion", 0.86)


def test_every_pack_has_the_numbers_of_the_review(store: Store) -> None:
    review = review_of(store)
    texts = set(numbers_printed(review))
    assert len(texts) > 20 and {"4:31 min", "-0.9 pp", ">= 80 %"} & texts
    packs = {made_as: builder_of(made_as)(review, BUILT) for made_as in PackFormat}

    cells = set(printed_cells(packs[PackFormat.XLSX]))
    assert texts - cells == set()
    pages = " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(packs[PackFormat.PDF])).split())
    assert {text for text in texts if text not in pages} == set()
    slides = slide_text(packs[PackFormat.PPTX])
    change_of_cards = {result.change_text for block in review.blocks if isinstance(block, Cards) for result in block.results}
    assert {text for text in texts - change_of_cards if text not in slides} == set()  # a card on a slide has no room for its change


@pytest.mark.parametrize("made_as", [PackFormat.PPTX, PackFormat.XLSX])
def test_every_chart_holds_the_months_of_the_review(store: Store, made_as: PackFormat) -> None:
    """On slides a line is called by its KPI, in the workbook 'Value'; spreadsheets hold seconds as parts of a day."""
    review = review_of(store)
    months: dict[str, list[list[float]]] = {"Value": []}
    for result in review.results:
        scale = SECONDS_PER_DAY if made_as is PackFormat.PPTX and result.unit == "seconds" else 1
        values = [point.value / scale for point in result.history if point.value is not None]
        for name in (result.label, "Value"):
            months.setdefault(name, []).append(values)
    drawn = [(name, values) for name, values in charts(builder_of(made_as)(review, BUILT)) if name in months]
    assert drawn and all(any(values == pytest.approx(one) for one in months[name]) for name, values in drawn)


def slide_text(content: bytes) -> str:
    """The paragraphs of all slides."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        slides = [ElementTree.fromstring(parts.read(name)) for name in parts.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    return "\n".join("".join(run.text or "" for run in line.iter(f"{DRAWING}t")) for slide in slides for line in slide.iter(f"{DRAWING}p"))


def charts(content: bytes) -> Iterator[tuple[str, list[float]]]:
    """Name and values of every series of every native chart."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if re.search(r"/charts/chart[^/]*\.xml$", name):
                for series in ElementTree.fromstring(parts.read(name)).iter(f"{CHART}ser"):
                    told = [text.text or "" for part in series.iter(f"{CHART}tx") for text in part.iter(f"{CHART}v")]
                    values = [float(point.text or "") for part in series.iter(f"{CHART}val") for point in part.iter(f"{CHART}v")]
                    yield "".join(told), values


@pytest.fixture(scope="module")
def asked(store: Store, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Path]]:
    """What the command prints as JSON for Cobalt Bay, and the files it writes."""
    out = tmp_path_factory.mktemp("packs")
    options = ("--audience", "vendor", "--vendor", "Cobalt Bay", "--json", "--out", f"{out}/", "--format", "xlsx")
    done = CliRunner().invoke(main, ["review", "--warehouse", str(folder), *options])
    assert done.exit_code == 0, done.output
    return done.stdout_bytes, list(out.iterdir())


def test_a_vendors_packs_do_not_depend_on_the_others(asked: tuple[bytes, list[Path]], tmp_path: Path) -> None:
    """Two warehouses that differ in everything of the other vendor, its name too."""
    first = from_json(asked[0])
    second = review_of(portfolio(tmp_path, "Zephyr & Sons", 0.62), Scope.of("local", ["Cobalt Bay"]), Audience.VENDOR)
    assert to_json(first) == to_json(second) and b"Asterion" not in asked[0]
    assert first.measured and [one.vendor for one in first.results] == ["Cobalt Bay"] * 3  # of one vendor there is no total beside it
    for made_as in PackFormat:
        assert builder_of(made_as)(first, BUILT) == builder_of(made_as)(second, BUILT), made_as


def test_the_command_writes_the_pack_under_its_own_name(asked: tuple[bytes, list[Path]]) -> None:
    (file,) = asked[1]
    assert re.fullmatch(r"quarterly-review-2026-Q3-cobalt-bay-\d{4}-\d\d-\d\d\.xlsx", file.name)
    assert set(numbers_printed(from_json(asked[0]))) <= set(printed_cells(file.read_bytes()))
