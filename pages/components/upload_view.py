"""Files on their way in, on screen: where they stand, the one thing to do next, what was found, what is stored."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.charts.images import mark_image
from analytics.intake import WORKBOOK_SUFFIXES, FileReport, Preview, Shape
from analytics.intake.summary import place_of
from analytics.periods import Grain, Period
from analytics.warehouse import list_batches
from analytics.wording import counted
from pages.components import data
from pages.components.dropped import MOST_FILES, Dropped, Standing, ask_to_keep, open_file
from pages.components.issues_view import issues_view
from pages.components.parts import Column, download_csv, heading, row_table, section
from pages.components.recipe_view import bare_name
from pages.components.state import go_to
from pages.components.text import text
from pages.components.trial_view import Compared, discard_button, review_all_button, review_button

TITLE = "Upload"
UPLOADED = ("csv", "tsv", "txt", *(suffix.removeprefix(".") for suffix in WORKBOOK_SUFFIXES))
MOST_VENDORS_CHOSEN = 8
MOST_REFUSED_SHOWN = 500
MOST_REFUSED_DOWNLOADED = 100_000
ROWS_SHOWN = 20
_MARKS = {
    Standing.READY: "met", Standing.CONFIRM: "excused", Standing.QUESTION: "below expected", Standing.REFUSED: "missed",
    Standing.STORED: "met",
}  # fmt: skip
_COUNTED = (
    (Standing.STORED, "is stored", "are stored"), (Standing.READY, "is known and ready", "are known and ready"),
    (Standing.CONFIRM, "is to be confirmed", "are to be confirmed"), (Standing.QUESTION, "has a question", "have questions"),
    (Standing.REFUSED, "is refused", "are refused"),
)  # fmt: skip
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_LIST = (Column("Status", 130), Column("File", 250), Column("What it holds, or why not", 560))


def drop_zone() -> list[UploadedFile]:
    """Where files are dropped."""
    return st.file_uploader("Exports of vendors or tools: CSV or workbooks, one or several", UPLOADED, True, key="file")


def nothing_dropped() -> None:
    """The top of the page before a file is there."""
    heading(TITLE, "nothing is stored before you confirm", sentence="Drop an export, see its scorecard, then keep it or leave it.")


def headline(files: Sequence[Dropped], file: Dropped) -> None:
    """The top of the page: of one file what can be done with it, of several how they stand."""
    if len(files) == 1:
        heading(TITLE, file.name, *_read_by(file), sentence=verdict(file))
    else:
        heading(TITLE, counted(len(files), "file"), sentence=_standings(files))


def _read_by(file: Dropped) -> tuple[str, ...]:
    if file.read is None or file.read.reading is None:
        return ()
    counts = f"{counted(file.read.rows_read, 'row')} read, {file.read.rows_rejected:,} refused"
    if left_out := file.read.rows_left_out:
        counts = f"{counts}, {left_out:,} left out"
    return ("read by a proposed recipe" if file.is_new else f"read by the recipe {file.read.recipe.name}", counts)


def _standings(files: Sequence[Dropped]) -> str:
    """'Two are known and ready, one has a question, one is refused.'"""
    found = Counter(file.standing for file in files)
    parts = [f"{_number(found[which])} {one if found[which] == 1 else many}" for which, one, many in _COUNTED if found[which]]
    said = ", ".join(parts) + "."
    return said[0].upper() + said[1:]


def _number(count: int) -> str:
    return _NUMBERS[count].lower() if count < len(_NUMBERS) else f"{count}"


def verdict(file: Dropped) -> str:
    """What can be done with a file, in one sentence."""
    report, read, standing = file.report, file.read, file.standing
    if file.is_unmapped:
        return "These column names are new here: say what they mean, and the file can be read."
    if standing is Standing.QUESTION:
        open_now = len(file.open_questions)
        return f"{_number(open_now).capitalize()} question{' is' if open_now == 1 else 's are'} open before this file can be kept."
    if standing is Standing.REFUSED or read is None or report is None:
        return f"Nothing of this file can be kept: {file.refusal[0]}"
    if standing is Standing.STORED:
        return _stored(file.entry.kept, report)
    if read.rows_rejected:
        kept = f"{read.rows_accepted:,} of {counted(read.rows_read, 'row')} can be kept"
        return f"{file.words}: {kept}; {read.rows_rejected:,} {'is' if read.rows_rejected == 1 else 'are'} refused, with reasons."
    return f"{file.words}: " + ("the one row can be kept." if read.rows_read == 1 else f"all {read.rows_read:,} rows can be kept.")


def _stored(kept: FileReport | None, report: FileReport) -> str:
    if not kept or kept.batch != report.batch:
        return f"This file is stored already, as {report.batch}; keeping it again changes nothing."
    refused = f", {kept.rows_rejected:,} refused" if kept.rows_rejected else ""
    return f"Stored as {kept.batch}: {counted(kept.rows_accepted, 'row')} accepted{refused}."


def file_list(files: Sequence[Dropped], shown: Dropped) -> None:
    """Every file with its standing, and what can be done with all of them; the one shown below is bold."""
    ready = [file for file in files if file.standing is Standing.READY]
    with st.container(horizontal=True, gap="small"):
        if ready:
            _keep_all(ready)
            review_all_button([file.tried for file in ready if file.tried])
    row_table(_LIST, [_listed(file, file is shown) for file in files], lambda index: _open_button(files[index], shown))
    section(shown.name, f":gray[{text(verdict(shown))}]")


def _keep_all(ready: Sequence[Dropped]) -> None:
    several = f"all {len(ready)} files that are known" if len(ready) > 1 else "the one file that is known"
    st.button(f"Keep {several}", icon=":material/save:", on_click=ask_to_keep, args=tuple(file.entry for file in ready))


def _listed(file: Dropped, shown: bool) -> list[str]:
    name = f"**{text(file.name)}**" if shown else text(file.name)
    mark = mark_image(_MARKS[file.standing], file.standing.value, data.mode())
    return [f"{mark} {file.standing.value}", name, f":small[{text(_in_short(file))}]"]


def _in_short(file: Dropped) -> str:
    if file.open_questions:
        return file.open_questions[0].text
    if file.is_unmapped or file.standing is Standing.REFUSED or file.read is None:
        return " ".join(file.refusal)
    how = f"by a proposed recipe: {bare_name(file.read.recipe)}" if file.is_new else f"by the recipe {file.read.recipe.name}"
    refused = f", {file.read.rows_rejected:,} refused" if file.read.rows_rejected else ""
    return f"{file.words}: {counted(file.read.rows_accepted, 'row')}{refused}, {how}"


def _open_button(file: Dropped, shown: Dropped) -> None:
    st.button("Open", key=f"open-{file.entry.id}", type="tertiary", on_click=open_file, args=(file.entry.id,), disabled=file is shown)


def too_many(uploads: Sequence[UploadedFile]) -> None:
    """More files than are looked at at once."""
    if len(uploads) > MOST_FILES:
        left = counted(len(uploads) - MOST_FILES, "file")
        st.warning(f"{left} more: up to {MOST_FILES} are looked at at once. Keep or remove some, then drop the others.")


def actions(file: Dropped, compared: Compared | None) -> None:
    """The one thing to do next, first and framed, and what else can be done; a problem with what was just said."""
    if file.entry.problem:
        st.warning(text(file.entry.problem))
        file.entry.problem = ""
    corrects = bool(compared and compared[0].restated)
    with st.container(horizontal=True, gap="small"):
        if file.can_be_kept and file.read and file.tried:
            is_register = file.read.recipe.shape is Shape.REGISTER
            if not is_register:
                review_button(file.tried, corrects=corrects)
            _keep(file, corrects, first=is_register)
            discard_button(file.sha256)
        elif file.standing is Standing.STORED and file.read:
            _open_report(file.read)
    if file.standing is Standing.REFUSED and file.refusal[1]:
        st.markdown(text(file.refusal[1]))


def _keep(file: Dropped, corrects: bool, first: bool) -> None:
    assert file.read is not None
    rows = counted(file.read.rows_accepted, "row")
    refused = f", {file.read.rows_rejected:,} refused" if file.read.rows_rejected else ""
    label = f"Keep as correction{refused}" if corrects else f"Keep {rows}{refused}"
    st.button(
        label, icon=":material/save:", type="secondary" if first else "tertiary", key=f"keep-{file.entry.id}",
        on_click=ask_to_keep, args=(file.entry,),
    )  # fmt: skip


def _open_report(read: Preview) -> None:
    """A button to the KPIs of this file: its newest period, and its vendors when they are few."""
    place = place_of(read)
    if place is None:
        return
    newest = Period.of(Grain.QUARTER, place.last, data.settings().fiscal_year_start_month)
    choices = {"period": newest.id, "vendor": place.vendors if len(place.vendors) <= MOST_VENDORS_CHOSEN else ()}
    st.button("See its KPIs", icon=":material/query_stats:", on_click=go_to, args=("performance_report",), kwargs=choices)


def findings(file: Dropped) -> None:
    """Everything the checks found, then refused rows and the first accepted ones."""
    if file.report is None or file.read is None:
        return
    issues_view(file.report.issues[1:] if file.standing is Standing.REFUSED else file.report.issues)
    _refused_rows(file.read)
    rows = file.read.accepted_frame(ROWS_SHOWN)
    if len(rows) and file.standing is not Standing.STORED:
        panel = st.expander("The first rows as they would be stored", key=f"rows-{file.entry.id}", on_change="rerun")
        if panel.open:
            panel.dataframe(rows, hide_index=True, row_height=34)


def _refused_rows(read: Preview) -> None:
    """Every refused row with line, column and reason, to look at and to take away."""
    count = read.rows_rejected
    if not count:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        more = f", the first {MOST_REFUSED_SHOWN} of {count:,}" if count > MOST_REFUSED_SHOWN else ""
        section(f"Refused rows{more}")
        first = f"the first {MOST_REFUSED_DOWNLOADED:,} " if count > MOST_REFUSED_DOWNLOADED else ""
        download_csv(lambda: read.rejects_frame(MOST_REFUSED_DOWNLOADED), f"refused-{read.file_name}", f"Download {first}refused rows")
    st.dataframe(read.rejects_frame(MOST_REFUSED_SHOWN), hide_index=True, row_height=34)


def stored_files() -> None:
    """What is stored already, newest first: file, recipe, rows, when, by whom."""
    if not data.warehouse().exists:
        return
    batches = list_batches(data.warehouse().open(), data.scope())[::-1]
    section(f"Stored files: {len(batches)}", ":gray[:small[What each changed, and how to take it out again: Batches and quality]]")
    rows = [
        {
            "batch": batch.batch_id,
            "file": batch.file_name,
            "recipe": batch.recipe_name,
            "rows accepted": batch.rows_accepted,
            "rows refused": batch.rows_rejected,
            "loaded (UTC)": batch.loaded_at,
            "by": batch.loaded_by,
            "status": batch.status,
        }
        for batch in batches
    ]
    st.dataframe(
        rows, hide_index=True, row_height=34, column_config={"loaded (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")}
    )
