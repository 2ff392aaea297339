"""What was found in a file, on screen: everything at once, by level, with count, place, example and remedy.

For a page that shows a file: `issues_view(report.issues)`, where `report` is what `rehearse` or `keep` said about it. Draws
nothing when nothing was found.
"""

from collections.abc import Sequence

import streamlit as st

from analytics.intake import Issue, Level
from analytics.wording import counted
from pages.components.parts import section
from pages.components.text import text

SHOWN_AT_ONCE = 8
_HEADINGS = {
    Level.ERROR: ("orange", ":material/error:", "problem that costs rows", "problems that cost rows"),
    Level.WARNING: ("yellow", ":material/warning:", "warning", "warnings"),
    Level.INFO: ("gray", ":material/info:", "remark", "remarks"),
}


def issues_view(issues: Sequence[Issue]) -> None:
    """Every kind of finding, the worst level first; of a level with many the first are open and the others one click away."""
    for level, (colour, icon, one, many) in _HEADINGS.items():
        found = [issue for issue in issues if issue.level is level]
        if not found:
            continue
        section(f"{counted(len(found), one, many).capitalize()}")
        with st.container(border=True, gap="small"):
            for issue in found[:SHOWN_AT_ONCE]:
                _issue(issue, colour, icon)
            if len(found) > SHOWN_AT_ONCE:
                with st.expander(f"{len(found) - SHOWN_AT_ONCE} more"):
                    for issue in found[SHOWN_AT_ONCE:]:
                        _issue(issue, colour, icon)


def _issue(issue: Issue, colour: str, icon: str) -> None:
    """What it is; then where, how often and an example; then what to do."""
    lines = [f":{colour}[{icon}] {text(issue.message)}"]
    if place := _place(issue):
        lines.append(f":gray[:small[{text(place)}]]")
    if issue.remedy:
        lines.append(f":small[{text(issue.remedy)}]")
    st.markdown("  \n".join(lines))


def _place(issue: Issue) -> str:
    """'17 rows, first in line 28, column Calls: 1.200'."""
    first = "first in " if issue.count > 1 else ""
    parts = [
        counted(issue.count, "row") if issue.count > 1 else "",
        f"{first}line {issue.line:,}" if issue.line else "",
        f"column {issue.column}" if issue.column else "",
    ]
    where = ", ".join(part for part in parts if part)
    return f"{where}: {issue.example}" if where and issue.example else where or issue.example
