"""Taking the review away: three files, each made in a process of its own while its progress is seen, then kept to be saved again."""

from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.options import filter_options
from analytics.packs.files import PackFormat, pack_name
from analytics.packs.making import make_pack
from analytics.review.audiences import review_for
from analytics.review.facts import ReviewRequest
from analytics.review.frozen import digest
from analytics.review.model import Audience, QuarterlyReview
from pages.components import data
from pages.components.parts import dialog_guard
from pages.components.text import text

PACKS_KEPT = 24
FOR_WHOM = {Audience.EXECUTIVE: "Executives", Audience.OPERATIONS: "Operations", Audience.VENDOR: "One vendor"}
NAMES = {PackFormat.PDF: "PDF", PackFormat.PPTX: "PowerPoint", PackFormat.XLSX: "Excel"}
_MEANT = {
    Audience.EXECUTIVE: "The quarter on one page, what moved and why, risks, what needs attention.",
    Audience.OPERATIONS: "All of that, and the control chart of every KPI, targets met by month, the state of the data.",
    Audience.VENDOR: "Made from this vendor's rows alone: nothing in it is derived from others.",
}


@st.cache_resource(max_entries=PACKS_KEPT, show_spinner=False)
def _kept(key: str) -> dict[str, tuple[bytes, datetime]]:
    """Where a pack of this review and format is put once it is made. (A name with an underscore would be no part of the key.)"""
    return {}


def made_pack(review: QuarterlyReview, made_as: PackFormat, place: DeltaGenerator) -> tuple[bytes, datetime]:
    """The file and when it was made; while it is being made, `place` shows how far it is."""
    kept = _kept(f"{digest(review)}-{made_as}")
    if "pack" not in kept:
        moment = datetime.now(UTC).replace(microsecond=0)

        def told(what: str, done: float) -> None:
            place.progress(min(done, 1.0), f"{NAMES[made_as]}: {what.lower()}")

        kept["pack"] = (make_pack(review, made_as, moment, told), moment)
    return kept["pack"]


@st.dialog("Download the pack", width="medium")
def pack_dialog(request: ReviewRequest) -> None:
    """For whom, then the three files one after another."""
    with dialog_guard():
        audience, vendor = _whom(request)
        if audience is Audience.VENDOR and not vendor:
            return
        asked = ReviewRequest(request.quarter, request.settings, request.comparison, request.filters, audience)
        with st.spinner("Reading the quarter ..."):
            review = data.ask(review_for, asked, vendor)
        if not review.measured:
            st.markdown(text(review.headline.text))
            return
        save_buttons(review)


def _whom(request: ReviewRequest) -> tuple[Audience, str]:
    """The audience and, of a vendor's pack, the vendor."""
    chosen = st.segmented_control("For", list(FOR_WHOM), default=Audience.EXECUTIVE, format_func=FOR_WHOM.__getitem__, required=True)
    audience = Audience(chosen or Audience.EXECUTIVE)
    st.markdown(f":gray[:small[{_MEANT[audience]}]]")
    if audience is not Audience.VENDOR:
        return audience, ""
    vendors = request.filters.vendor or data.ask(filter_options)["vendor"]
    return audience, st.selectbox("Vendor", list(vendors)) or ""


def save_buttons(review: QuarterlyReview) -> None:
    """One line per format: its progress, then the button that saves it."""
    places = {made_as: st.empty() for made_as in PackFormat}
    for made_as, place in places.items():
        content, moment = made_pack(review, made_as, place)
        save_button(place, NAMES[made_as], content, pack_name(review, made_as, moment), made_as)


def save_button(place: DeltaGenerator, label: str, content: bytes, name: str, made_as: PackFormat, key: str = "") -> None:
    """'PowerPoint to present and edit, 184 kB'."""
    place.download_button(
        f"{label} {made_as.purpose}, {len(content) / 1000:,.0f} kB", content, name, made_as.media_type, key=key or f"save-{name}",
        on_click="ignore", icon=":material/download:", width="stretch",
    )  # fmt: skip
