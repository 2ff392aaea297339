"""The frame around every page: configuration, navigation, filters, and one friendly message when something fails."""

import logging
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.errors import FragmentHandledException

from analytics.catalogue import using
from analytics.charts.marks import logo
from analytics.errors import DashboardError, UsageError
from pages.components import data, state
from pages.components.filter_bar import draw_filter_bar
from pages.components.notes_view import show_noted
from pages.components.origin_view import show_asked
from pages.components.parts import empty_state
from pages.components.text import text
from pages.components.trial_view import draw_banner, draw_switch

ROOT = Path(__file__).resolve().parent
PRODUCT = "BPO vendor performance"
SIDEBAR_WIDTH = 250
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu. `address` is its place in the link; '' for the front page."""

    section: str
    title: str
    file: str
    needs_data: bool = True
    front: bool = False

    @property
    def address(self) -> str:
        """The page's place in the link: '' for the front page, else its file name."""
        return "" if self.front else Path(self.file).stem


ENTRIES = (
    Entry("Review", "Quarterly review", "pages/review/quarterly_review.py", front=True),
    Entry("Review", "Vendor profile", "pages/review/vendor_profile.py"),
    Entry("Performance", "Performance report", "pages/performance/performance_report.py"),
    Entry("Performance", "Trends", "pages/performance/trends.py"),
    Entry("Performance", "Variance", "pages/performance/variance.py"),
    Entry("Performance", "Vendor comparison", "pages/performance/vendor_comparison.py"),
    Entry("Risk", "Risk matrix", "pages/risk/risk_matrix.py"),
    Entry("Risk", "Risk heatmap", "pages/risk/risk_heatmap.py"),
    Entry("Data", "Upload", "pages/data/upload.py", needs_data=False),
    Entry("Data", "Batches and quality", "pages/data/batches_and_quality.py", needs_data=False),
    Entry("Data", "Targets", "pages/data/targets.py", needs_data=False),
    Entry("Data", "Definitions", "pages/data/definitions.py", needs_data=False),
)


def navigation() -> tuple[Entry, st.Page, dict[str, st.Page]]:
    """The menu on top: the page to show now, and all pages by address."""
    pages = {
        entry.address: st.Page(ROOT / entry.file, title=entry.title, url_path=entry.address or None, default=entry.front)
        for entry in ENTRIES
    }
    sections: dict[str, list[st.Page]] = {}
    for entry in ENTRIES:
        sections.setdefault(entry.section, []).append(pages[entry.address])
    current = st.navigation(sections, position="top")
    return next(entry for entry in ENTRIES if entry.address == current.url_path), current, pages


def configure(entry: Entry) -> None:
    """Browser tab, layout, logo. The front page starts with the sidebar closed: it has its own choices and needs the width."""
    st.set_page_config(
        page_title=f"{entry.title} · {PRODUCT}",
        page_icon=ROOT / "static" / "favicon.png",
        layout="wide",
        initial_sidebar_state="collapsed" if entry.front else SIDEBAR_WIDTH,
    )
    st.logo(logo(data.mode()), size="large")


def show(entry: Entry, page: st.Page) -> None:
    """Filters and page; without data the pages that need it say how to get some."""
    draw_switch()
    draw_banner()
    if data.has_rows():
        problems = draw_filter_bar()
        if problems:
            st.warning(text(" ".join(problems)))
    elif entry.needs_data:
        how = "Load a file from a vendor, or build the sample data with: python -m analytics demo"
        empty_state("There is no data yet", how, "Upload a file", state.go_to, page="upload")
        return
    page.run()
    show_asked()
    show_noted()


def main() -> None:
    """One run of the dashboard for one visitor."""
    entry, page, pages = navigation()
    configure(entry)
    state.read_link(entry.address)
    wanted = state.pending_page()
    if wanted is not None:
        st.switch_page(pages[wanted], query_params=state.link_to(wanted))
    try:
        with using(data.warehouse().catalogue):
            show(entry, page)
    except DashboardError as problem:
        st.error(text(f"{problem.message} {problem.remedy}"))
        if isinstance(problem, UsageError):
            st.button("Show the default view", on_click=state.show_default_view)
    except FragmentHandledException:
        raise
    except Exception:
        log.exception("The page '%s' failed.", entry.title)
        st.error("This page could not be shown. Nothing was changed; the reason is in the server's log.")


main()
