"""Marks as images in Markdown: the ones that repeat are files of the page's own server, sparklines stand in the text itself.

The files are made from `marks` by `python -m analytics.charts.write_marks`; a test holds them equal.
"""

from collections.abc import Mapping

from analytics.charts import marks
from analytics.charts.actions import ACTIONS, action_icon
from analytics.charts.theme import Mode
from analytics.settings import RISK_BAND_NAMES

STATIC = "app/static/marks"
STATUSES = ("met", "below expected", "missed", "not measured", "excused", "no target")
SIGNALS = ("none", "improvement", "concern", "high", "low")
ASSURANCES = ("pass", "fail", "hit_or_miss")


def mark_files(mode: Mode) -> Mapping[str, str]:
    """Every mark that is a file: its name without ending, and its SVG."""
    files = {_status(status): marks.status_mark(status, mode) for status in STATUSES}
    for trial in (False, True):
        for signal in SIGNALS:
            files |= {_variation(signal, sign, trial): marks.variation_icon(signal, sign, mode, trial=trial) for sign in (1, -1)}
        files |= {_assurance(name, trial): marks.assurance_icon(name, mode, trial=trial) for name in ASSURANCES}
    files |= {_band(level): marks.band_swatch(level, mode) for level in range(len(RISK_BAND_NAMES))}
    files |= {_action(action): action_icon(action, mode) for action in ACTIONS}
    return files | {"rule": marks.rule_line(mode), "logo": marks.logo(mode)}


def _status(status: str) -> str:
    return (status if status in STATUSES else "no target").replace(" ", "-")


def _variation(signal: str, better_sign: int, trial: bool) -> str:
    way = "up" if marks.value_rises(signal, better_sign) else "down"
    name = f"{signal}-{way}" if signal in ("improvement", "concern") else {"none": "normal"}.get(signal, signal)
    return f"{name}-trial" if trial else name


def _assurance(assurance: str, trial: bool) -> str:
    name = assurance.replace("_", "-")
    return f"{name}-trial" if trial else name


def _band(level: int) -> str:
    return f"risk-{RISK_BAND_NAMES[level]}"


def _action(action: str) -> str:
    return f"action-{action}"


def address(name: str, mode: Mode) -> str:
    """Where the page's own server has a mark, relative to any page: 'app/static/marks/light/met.svg'."""
    return f"{STATIC}/{mode}/{name}.svg"


def status_image(status: str, mode: Mode) -> str:
    """The mark of a status."""
    return _markdown(address(_status(status), mode), marks.status_alt(status))


def mark_image(status: str, alt: str, mode: Mode) -> str:
    """The mark of a status where it says something else, in words of its own."""
    return _markdown(address(_status(status), mode), alt)


def variation_image(signal: str, better_sign: int, mode: Mode, *, trial: bool = False) -> str:
    """The icon of a variation signal."""
    return _markdown(address(_variation(signal, better_sign, trial), mode), marks.variation_alt(signal, better_sign, trial=trial))


def assurance_image(assurance: str, mode: Mode, *, trial: bool = False) -> str:
    """The icon of an assurance."""
    return _markdown(address(_assurance(assurance, trial), mode), marks.assurance_alt(assurance, trial=trial))


def band_image(level: int, mode: Mode) -> str:
    """The swatch of a risk band, 0 low to 3 extreme."""
    return _markdown(address(_band(level), mode), RISK_BAND_NAMES[level])


def action_image(action: str, words: str, mode: Mode) -> str:
    """The icon of a small button; `words` are what the button is called by."""
    return _markdown(address(_action(action), mode), words)


def sparkline_image(svg: str, alt: str) -> str:
    """A sparkline inside a text."""
    return _markdown(f"<{data_uri(svg)}>", alt)


def _markdown(target: str, alt: str) -> str:
    """An image; brackets in its words would end them early and are dropped."""
    return f"![{alt.replace('[', '').replace(']', '')}]({target})"


def data_uri(svg: str) -> str:
    """SVG with single quotes as an image address; only what an address cannot hold is encoded, which is shorter than base64."""
    return "data:image/svg+xml," + svg.replace("%", "%25").replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
