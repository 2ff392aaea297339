"""The icons of small buttons in rows, as SVG text. The words a button is called by are the image's alternative text:
an icon font would be read out as the name of its glyph.
"""

from analytics.charts.marks import framed, stroke
from analytics.charts.theme import Mode, theme_for

SIZE = 20
WIDTH, BROAD = 1.4, 3.4
_PATHS = {
    "origin": "M3 7.5h4.5v5H3z M12.5 2.5H17v5h-4.5z M12.5 12.5H17v5h-4.5z M7.5 10H10 M12.5 5H10v10h2.5",
    "note": "M3 5h10 M3 9h6 M3 13h4 M10 16.5v-2.6l5.2-5.2 2.6 2.6-5.2 5.2z",
    "history": "M4.2 5v3.4h3.4 M4.4 8.2a6.4 6.4 0 1 1-.6 3 M10.2 7v3.6l2.6 1.6",
    "previous": "M12 5l-5 5 5 5",
    "next": "M8 5l5 5-5 5",
    "more": "M10 4.4v0 M10 10v0 M10 15.6v0",
    "open": "M4 10h12 M11 5l5 5-5 5",
}
ACTIONS = tuple(_PATHS)


def action_icon(action: str, mode: Mode) -> str:
    """The icon of one of `ACTIONS`, in ink, as large as its image: a label shows it no higher than its words."""
    drawn = stroke(_PATHS[action], theme_for(mode).ink, BROAD if action == "more" else WIDTH)
    return framed(SIZE, SIZE, f'<g transform="scale(1.25) translate(-2 -2)">{drawn}</g>')
