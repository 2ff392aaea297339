"""Drawings as plain lists of shapes in points, y downwards: the template of the PDF draws them as vectors, texts stay texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Spot = tuple[float, float]
Shape = dict[str, Any]

TEXT_SIZE = 7.0
DOTTED = (0.6, 1.8)
DASHED = (3.4, 2.2)


@dataclass(slots=True)
class Drawing:
    """A drawing in the making: its size, what it says to those who cannot see it, and its shapes from back to front."""

    width: float
    height: float
    alt: str
    shapes: list[Shape] = field(default_factory=list)

    def path(
        self,
        spots: Sequence[Spot],
        *,
        stroke: str = "",
        width: float = 1.0,
        fill: str = "",
        dash: Sequence[float] = (),
        closed: bool = False,
    ) -> None:
        """A line through the spots; closed, the area they enclose."""
        places = [[round(x, 2), round(y, 2)] for x, y in spots]
        line = {"stroke": stroke, "width": width, "dash": list(dash)}
        self.shapes.append({"kind": "path", "spots": places, "fill": fill, "closed": closed} | line)

    def line(self, start: Spot, end: Spot, stroke: str, width: float = 1.0, dash: Sequence[float] = ()) -> None:
        """A straight line."""
        self.path((start, end), stroke=stroke, width=width, dash=dash)

    def area(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        """A filled rectangle."""
        self.path(((left, top), (right, top), (right, bottom), (left, bottom)), fill=fill, closed=True)

    def disc(self, centre: Spot, radius: float, fill: str, stroke: str = "", width: float = 1.0) -> None:
        """A filled circle."""
        place = {"x": round(centre[0], 2), "y": round(centre[1], 2), "radius": radius}
        self.shapes.append({"kind": "disc", "fill": fill, "stroke": stroke, "width": width} | place)

    def text(
        self, at: Spot, words: str, colour: str, *, anchor: str = "left", size: float = TEXT_SIZE, bold: bool = False, room: float = 120.0
    ) -> None:
        """Words beside a spot, centred on its height: to its right ('left' anchor), its left or around it, `room` points wide at most."""
        place = {"x": round(at[0], 2), "y": round(at[1], 2), "anchor": anchor, "room": room}
        self.shapes.append({"kind": "text", "words": words, "fill": colour, "size": size, "bold": bold} | place)

    def as_data(self) -> dict[str, Any]:
        """What the template draws."""
        return {"width": self.width, "height": self.height, "alt": self.alt, "shapes": self.shapes}
