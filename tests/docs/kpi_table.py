"""The README's table of KPIs, made from the catalogue: `python -m tests.docs.kpi_table` writes it into the README."""

from collections.abc import Iterator
from pathlib import Path

from analytics.catalogue import KPIS, Direction, Kpi, Topic, formula
from analytics.catalogue.units import target_text

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- kpis: begin -->", "<!-- kpis: end -->"
REMEDY = "Write it again with: python -m tests.docs.kpi_table"
GOOD = {Direction.HIGHER: "higher", Direction.LOWER: "lower", Direction.BAND: "inside a band", Direction.NEUTRAL: "context only"}


def kpi_table() -> str:
    """Every KPI and variant under its topic: id, label, formula in words, what is good, default target."""
    return "\n\n".join("\n".join(_topic(topic)) for topic in Topic if topic is not Topic.OWN)


def _topic(topic: Topic) -> Iterator[str]:
    yield f"**{topic.value}**\n"
    yield "| id | KPI | formula | good | default target |"
    yield "| --- | --- | --- | --- | --- |"
    for kpi in KPIS.values():
        if kpi.topic is topic:
            yield f"| `{kpi.id}` | {kpi.label} | {formula(kpi)} | {GOOD[kpi.direction]} | {_target(kpi)} |"


def _target(kpi: Kpi) -> str:
    default = kpi.target
    if default is None:
        return "none"
    return target_text(default.comparator, default.expected, kpi.unit, lower=default.lower, upper=default.upper)


def block(text: str) -> str:
    """What stands between the markers."""
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def with_table(text: str) -> str:
    """The README with the table of today between the markers."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{kpi_table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
