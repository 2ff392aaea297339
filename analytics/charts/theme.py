"""Colours by meaning, sizes and the font of every chart and mark, for a light and a dark page.

One meaning has one colour and one shape everywhere: blue is good, vermilion bad, amber between, grey says nothing,
plum dashes are the target. Contrast is measured after WCAG 2 and held by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Mode = Literal["light", "dark"]

FONT = "Hanken Grotesk, Arial, sans-serif"
LABEL_SIZE = 13
NOTE_SIZE = 12.5
TICK_SIZE = 12
SECOND_LINE_SIZE = 11
LABEL_GAP = 17
CELL_GAP = 3

TRANSPARENT = "#0000"
WHITE = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Tone:
    """One verdict: `mark` on the page, `text` as words on the page, `cell` behind a number, `on_cell` the number on it.

    `corner` is the small mark on the cell, `symbol` the Plotly name of its shape.
    """

    mark: str
    text: str
    cell: str
    on_cell: str
    corner: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a chart may paint with.

    `statuses` is keyed by the status words, `risk_bands` runs low to extreme, `series` names lines that pass no verdict
    (colours without a meaning first; each readable as words).
    """

    mode: Mode
    page: str
    ink: str
    muted: str
    rule: str
    gridline: str
    normal: str
    normal_band: str
    target: str
    statuses: Mapping[str, Tone]
    risk_bands: tuple[str, str, str, str]
    series: tuple[str, ...]

    @property
    def improvement(self) -> Tone:
        """A change for the better wears the colour of a met target."""
        return self.statuses["met"]

    @property
    def concern(self) -> Tone:
        """A change for the worse wears the colour of a missed target."""
        return self.statuses["missed"]

    def status(self, words: str) -> Tone:
        """The tone of a status; words without a verdict of their own ('mixed: 3 of 5 met') look like 'no target'."""
        return self.statuses.get(words, self.statuses["no target"])

    def signal(self, words: str) -> str:
        """The colour of a variation signal: none, improvement, concern, high or low."""
        known = {"none": self.normal, "improvement": self.improvement.mark, "concern": self.concern.mark}
        return known.get(words, self.target)


def _silent(mark: str, cell: str, on_cell: str, symbol: str) -> Tone:
    """A tone that passes no verdict."""
    return Tone(mark, mark, cell, on_cell, mark, symbol)


_LIGHT = Theme(
    mode="light",
    page="#FFFFFF",
    ink="#17212B",
    muted="#5A6570",
    rule="#DDE0E3",
    gridline="#EEF0F1",
    normal="#74808C",
    normal_band="#F4F5F6",
    target="#6A2C5B",
    statuses=MappingProxyType(
        {
            "met": Tone("#1D6FB8", "#175A96", "#E4EFF9", "#17212B", "#1D6FB8", "circle"),
            "below expected": Tone("#B07A00", "#765300", "#FBE6AE", "#17212B", "#765300", "diamond"),
            "missed": Tone("#C8450B", "#A93A08", "#C8450B", WHITE, WHITE, "triangle-down"),
            "not measured": _silent("#5A6570", "#F1F2F3", "#5A6570", "line-ew-open"),
            "excused": _silent("#5A6570", "#F1F2F3", "#17212B", "square-open"),
            "no target": _silent("#5A6570", "#F1F2F3", "#17212B", "circle-open"),
        }
    ),
    risk_bands=("#F1F2F3", "#FCEBCB", "#F8C79C", "#EA9260"),
    series=("#17212B", "#1F6F6D", "#8A5A2F", "#175A96", "#5A6570", "#765300", "#6A2C5B", "#A93A08"),
)

_DARK = Theme(
    mode="dark",
    page="#12171D",
    ink="#E9ECEF",
    muted="#9DA9B5",
    rule="#2E3741",
    gridline="#222A33",
    normal="#8D99A6",
    normal_band="#1A2129",
    target="#D9A2CB",
    statuses=MappingProxyType(
        {
            "met": Tone("#6FB1EA", "#8CC2F2", "#17304A", "#E9ECEF", "#6FB1EA", "circle"),
            "below expected": Tone("#E9B949", "#F2CC6E", "#4A3C0E", "#E9ECEF", "#F2CC6E", "diamond"),
            "missed": Tone("#F0803F", "#FFA36E", "#C24A12", WHITE, WHITE, "triangle-down"),
            "not measured": _silent("#9DA9B5", "#1C232B", "#9DA9B5", "line-ew-open"),
            "excused": _silent("#9DA9B5", "#1C232B", "#E9ECEF", "square-open"),
            "no target": _silent("#9DA9B5", "#1C232B", "#E9ECEF", "circle-open"),
        }
    ),
    risk_bands=("#1F272F", "#3D3417", "#743A0E", "#A1400F"),
    series=("#E9ECEF", "#6CC0BE", "#C99C6E", "#8CC2F2", "#9DA9B5", "#F2CC6E", "#D9A2CB", "#FFA36E"),
)


def theme_for(mode: Mode) -> Theme:
    """The theme of a page that is light or dark."""
    return _DARK if mode == "dark" else _LIGHT


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two '#RRGGBB' colours: (lighter + 0.05) / (darker + 0.05), 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of '#RRGGBB', 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
