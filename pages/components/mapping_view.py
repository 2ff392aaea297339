"""How a file that nobody has seen before would be read: how it is written, and what each of its columns means, to be corrected."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from analytics.charts.images import address, mark_image
from analytics.intake import Proposal, ProposedColumn
from analytics.intake.recognise.contacts import USUAL_THRESHOLD
from analytics.intake.recognise.corrections import THRESHOLD
from analytics.intake.recognise.dialects import DELIMITER_NAMES
from analytics.intake.summary import ONE_ROW_IS
from analytics.wording import counted
from pages.components import data
from pages.components.dropped import Dropped, Entry, Standing
from pages.components.parts import section
from pages.components.text import text

PAGE = 25
NOT_READ = ""
SURE, LIKELY = 0.95, 0.8
_WIDTHS = (150, 245, 385, 225)
_HEADINGS = ("Column", "Read as", "Its values", "Why")
_ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "cp850", "cp932", "gb18030", "euc_kr")
_ANOTHER_WORD = re.compile(r"^'.*' is another word for .*$")
_NEEDED = "Needed are a date, and counts, or the outcome and a duration of each contact."
_PLAIN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16"}
_SHOWN_ELSEWHERE = ("columns", "encoding", THRESHOLD)


def mapping_view(file: Dropped) -> None:
    """How it is written and the table of columns, of a file whose recipe is proposed."""
    proposal = file.proposal
    if file.standing is Standing.STORED:
        return
    if proposal.recognition:
        section("How it is read", _written(proposal))
        with st.container(horizontal=True, gap="small"):
            _encoding(file.entry, proposal)
            _threshold(file.entry, proposal)
        _notes(proposal)
    elif proposal.columns and not proposal.is_stored:
        section("What its columns mean", f":gray[{text(file.refusal[0])} {_NEEDED}]")
    else:
        return
    _table(file.entry, proposal.columns, {note.about: note.text for note in proposal.notes})


def _written(proposal: Proposal) -> str:
    """'One row is one contact · 1,200 rows · UTF-8 · semicolon between cells · column names on line 3'."""
    found = proposal.recognition
    assert found is not None
    sheet = proposal.answers.get("sheet") or found.recipe.sheet
    left_out = [f"{rule.column}: {', '.join(rule.test.texts)}" for rule in found.recipe.exclude]
    above = found.layout.header_line - 1
    facts = (
        f"One row is {ONE_ROW_IS[found.shape]}",
        counted(found.rows, "row"),
        f"sheet {sheet}" if sheet else _PLAIN.get(found.dialect.encoding, found.dialect.encoding),
        "" if sheet else f"{DELIMITER_NAMES.get(found.dialect.delimiter, found.dialect.delimiter)} between cells",
        f"column names on line {found.layout.header_line}" + (f", {counted(above, 'line')} above left out" if above else ""),
        f"left out: {'; '.join(left_out)}" if left_out else "",
    )
    return f":gray[{' · '.join(text(fact) for fact in facts if fact)}]"


def _encoding(entry: Entry, proposal: Proposal) -> None:
    """Another encoding, where it was detected and is not certain."""
    found = proposal.recognition
    detected = found.dialect.encoding if found else ""
    if not any(note.about == "encoding" for note in proposal.notes) and "encoding" not in entry.answers:
        return
    reads = next((note.text for note in proposal.notes if note.about == "encoding"), "choose another where letters look wrong")
    widget = f"encoding-{entry.id}-{detected}"
    names = list(dict.fromkeys((detected, *_ENCODINGS)))
    st.selectbox(
        f"Encoding (detected): {text(reads)}", names, key=widget, width=380,
        on_change=lambda: entry.answer("encoding", st.session_state[widget]),
    )  # fmt: skip


def _notes(proposal: Proposal) -> None:
    """What was decided without asking, as far as no row of the table says it."""
    names = {column.name for column in proposal.columns}
    for note in proposal.notes:
        if note.about not in (*names, *_SHOWN_ELSEWHERE):
            st.markdown(f"{mark_image('below expected', 'please check', data.mode())} :small[{text(note.text)}]")


def _threshold(entry: Entry, proposal: Proposal) -> None:
    """The seconds within which a contact counts as answered in time, where they are assumed or were said."""
    assumed = any(note.about == THRESHOLD for note in proposal.notes)
    if not assumed and THRESHOLD not in entry.answers:
        return
    widget = f"threshold-{entry.id}"
    st.number_input(
        "Answered in time within, seconds" + (" (assumed)" if assumed else ""), 1, 3600,
        int(entry.answers.get(THRESHOLD, USUAL_THRESHOLD)), key=widget, width=300,
        on_change=lambda: entry.answer(THRESHOLD, str(st.session_state[widget])),
    )  # fmt: skip


def _table(entry: Entry, columns: Sequence[ProposedColumn], notes: Mapping[str, str]) -> None:
    """The columns that are read first, then the others; 25 at a time."""
    ordered = sorted(columns, key=lambda column: not column.means)
    pages = -(-len(ordered) // PAGE)
    number = min(st.session_state.get(_page_key(entry), 1), pages)
    rule = f"/{address('rule', data.mode())}"
    with st.container(gap="xxsmall"):
        _row([f":gray[:small[{heading}]]" for heading in _HEADINGS])
        for column in ordered[(number - 1) * PAGE : number * PAGE]:
            st.image(rule, width="stretch", alt="")
            _column(entry, column, notes.get(column.name, ""))
    if pages > 1:
        st.segmented_control(
            "Columns", range(1, pages + 1), default=number, key=_page_key(entry), required=True,
            format_func=lambda page: f"{(page - 1) * PAGE + 1}-{min(page * PAGE, len(ordered))}",
        )  # fmt: skip


def _page_key(entry: Entry) -> str:
    return f"columns-{entry.id}"


def _row(cells: Sequence[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for width, cell in zip(_WIDTHS, cells, strict=True):
            st.markdown(cell, width=width)


def _column(entry: Entry, column: ProposedColumn, note: str) -> None:
    name, read_as, values, why = _WIDTHS
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{text(column.name)}**" if column.means else f":gray[{text(column.name)}]", width=name)
        _meaning(entry, column, read_as)
        st.markdown(f":small[{_examples(column)}]", width=values)
        st.markdown(_why(column, note), width=why)


def _meaning(entry: Entry, column: ProposedColumn, width: int) -> None:
    """The select box that corrects a column; a field that is not chosen is only told."""
    words = {NOT_READ: "not read", **{choice.value: choice.means for choice in column.choices}, column.means: column.words or "not read"}
    if not column.choices:
        st.markdown(text(words[column.means]), width=width)
        return
    widget = f"means-{entry.id}-{column.name}-{column.means}"
    st.selectbox(
        text(column.name), list(words), index=list(words).index(column.means), format_func=words.__getitem__, key=widget,
        label_visibility="collapsed", width=width, on_change=_correct, args=(entry, column.name, widget),
    )  # fmt: skip


def _correct(entry: Entry, column: str, widget: str) -> None:
    entry.correct(column, st.session_state[widget])


def _examples(column: ProposedColumn) -> str:
    return " :gray[·] ".join(text(value[:40]) for value in column.examples[:3]) or ":gray[empty]"


def _why(column: ProposedColumn, note: str) -> str:
    """How sure and why, and what was decided about it; what is not sure carries a mark."""
    reason = text(_ANOTHER_WORD.sub("a known word for it", column.reason))
    if not column.means:
        return f":gray[:small[{reason}]]"
    sure = "certain" if column.confidence >= SURE else "likely" if column.confidence >= LIKELY else "unsure"
    mark = f"{mark_image('below expected', 'please check', data.mode())} " if column.confidence < LIKELY else ""
    decided = f"  \n:gray[:small[{text(note)}]]" if note else ""
    return f"{mark}:small[**{sure}** {text(f'{column.confidence:.0%}'.replace('%', ' %'))} :gray[{reason}]]{decided}"
