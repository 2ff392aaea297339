"""The link: the address bar always says what is on screen, and opening it anywhere shows the same again.

Once per session the address is read into the session's choices; from then on the choices are the truth and the
address follows. Only the browser's back and forward buttons make the address lead again.

Every choice is kept under the name it has in the link (`st.session_state["vendor"]`), which is also the key of the
widget that changes it. A copy is kept per page: Streamlit forgets widgets that are not on screen.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from analytics.catalogue import DIMENSIONS
from analytics.errors import unknown
from analytics.fair_periods import Choice, Stretch, held_against, parse_choice
from analytics.filters import Filters
from analytics.periods import Comparison, Period
from pages.components import data

Values = tuple[str, ...]
FRAME = "frame"
_ONE_KPI, _OF_ONE_KPI = "one kpi", frozenset({"trends", "variance", "vendor_comparison"})
Address = dict[str, list[str]]
_KEPT, _PAGE, _READ, _WRITTEN, _SHOWN, _ARRIVED, _GOTO = "_kept", "_page", "_read", "_written", "_shown", "_arrived", "_goto"
_PASSED = "_passed"


@dataclass(frozen=True, slots=True)
class LinkKey:
    """One name in the link. `choices` None: any text (checked where it is used)."""

    name: str
    default: Values = ()
    choices: Values | None = None
    many: bool = False


def one(name: str, default: str = "", choices: Iterable[str] | None = None) -> LinkKey:
    """A choice of one value, such as a KPI or a grain; '' means nothing is chosen."""
    return LinkKey(name, (str(default),) if default else (), tuple(map(str, choices)) if choices is not None else None)


def many(name: str) -> LinkKey:
    """A choice of any number of values, such as the statuses of a register; none means all."""
    return LinkKey(name, many=True)


FRAME_KEYS = (one("period"), one("compare", Comparison.PREVIOUS), *(many(dimension) for dimension in DIMENSIONS))
_FRAME_NAMES = frozenset(key.name for key in FRAME_KEYS)


@dataclass(frozen=True)
class View:
    """What the page is asked to show. A period or comparison that is none raises `UsageError` when it is used."""

    chosen: Mapping[str, Values]
    fiscal_start: int

    def one(self, name: str) -> str:
        """The value chosen for a name, '' when nothing is chosen."""
        values = self.chosen[name]
        return values[-1] if values else ""

    def many(self, name: str) -> Values:
        """The values chosen for a name; none means all."""
        return self.chosen[name]

    @cached_property
    def period(self) -> Period:
        """The period of the filter bar."""
        return Period.parse(self.one("period"), self.fiscal_start)

    @cached_property
    def comparison(self) -> Choice:
        """What the period is to be compared with."""
        return parse_choice(self.one("compare"), self.fiscal_start)

    @cached_property
    def compared_with(self) -> Period | Stretch:
        """The period or the days to compare with."""
        return held_against(self.period, self.comparison)

    @cached_property
    def filters(self) -> Filters:
        """Vendors, sites, lines of business and channels; values unknown to the data match no row."""
        return Filters(**{dimension: self.many(dimension) for dimension in DIMENSIONS})


def read_link(page: str) -> None:
    """Take over the address at the start of a run, when it leads: first run of a session, back, forward."""
    state = st.session_state
    arrived = state.get(_PAGE) != page
    address = _address()
    left_with = state.get(_PASSED, {}).get(_place(page, address)) if arrived else None
    state[_PAGE], state[_ARRIVED] = page, state.get(_ARRIVED, False) or arrived
    moved = address and (address != state.get(_WRITTEN) or left_with is not None)
    if _WRITTEN not in state or (moved and not _changed_on_screen(arrived)):
        state[_READ] = address if left_with is None else left_with
    _settle(FRAME_KEYS, _kept(FRAME), state.get(_READ), arrived=False)


def open_view(*keys: LinkKey) -> View:
    """First call of every page: declares the page's own names in the link and returns what to show.

    A value outside a key's `choices` raises `UsageError`; nothing is dropped silently.
    """
    state = st.session_state
    for key in keys:
        _settle((key,), _keeper(state[_PAGE], key.name), state.get(_READ), arrived=state[_ARRIVED])
    state[_READ], state[_ARRIVED] = None, False
    chosen = {key.name: _values(key) for key in (*FRAME_KEYS, *keys)}
    _write((*FRAME_KEYS, *keys), chosen)
    for key in keys:
        for value in chosen[key.name]:
            if key.choices is not None and value not in key.choices:
                raise unknown(key.name, value, key.choices)
    return View(chosen, data.settings().fiscal_year_start_month)


def go_to(page: str, **choices: str | Iterable[str]) -> None:
    """Callback of a drill-down: open another page with these choices; names of the filter bar change the filters.

    `page` is the page's address ('trends', '' for the front page). What is not named stays as it is.
    """
    for name, choice in choices.items():
        _keeper(page, name)[name] = (choice,) if isinstance(choice, str) else tuple(choice)
        if name in _FRAME_NAMES or page == st.session_state[_PAGE]:
            st.session_state.pop(name, None)
    if page != st.session_state[_PAGE]:
        st.session_state[_GOTO] = page


def choose(**choices: str | Iterable[str]) -> None:
    """Callback that stays on the page: show these choices."""
    go_to(st.session_state[_PAGE], **choices)


def show_default_view() -> None:
    """Callback: forget the choices of the filter bar and of this page."""
    for kept in (_kept(FRAME), _kept(st.session_state[_PAGE]), *_shared(st.session_state[_PAGE])):
        for name in tuple(kept):
            del kept[name]
            st.session_state.pop(name, None)


def pending_page() -> str | None:
    """The page a drill-down asked for, once."""
    return st.session_state.pop(_GOTO, None)


def link_to(page: str) -> Address:
    """The address of a page with everything chosen now; becomes the last address written.

    The browser passes through this page with the new address on its way and keeps that in its history; coming back
    to it must show this page as it was left, so the address it had is remembered.
    """
    address = {name: list(values) for name, values in ChainMap(_kept(page), *_shared(page), _kept(FRAME)).items() if values}
    passed = st.session_state.setdefault(_PASSED, {})
    passed[_place(st.session_state[_PAGE], address)] = _address()
    passed.pop(_place(page, address), None)
    st.session_state[_WRITTEN] = address
    return address


def _place(page: str, address: Address) -> str:
    """A page with an address, as one text."""
    return f"{page}?{sorted(address.items())}"


def _address() -> Address:
    """The names and values in the address bar, empty ones left out."""
    found = {name: [value for value in st.query_params.get_all(name) if value] for name in st.query_params}
    return {name: values for name, values in found.items() if values}


def _write(keys: Iterable[LinkKey], chosen: Mapping[str, Values]) -> None:
    """Make the address say what is chosen; one that already means the same is left alone (no new step in the history)."""
    address = _address()
    meant = {key.name: tuple(address.get(key.name, ())) or key.default for key in keys}
    if meant != chosen or address.keys() - chosen.keys():
        address = {name: list(values) for name, values in chosen.items() if values}
        st.query_params.from_dict(address)
    st.session_state[_WRITTEN], st.session_state[_SHOWN] = address, dict(chosen)


def _changed_on_screen(arrived: bool) -> bool:
    """Whether a widget or a callback changed a choice since the last run: then the address is merely late."""
    shown: dict[str, Values] = st.session_state.get(_SHOWN, {})
    names = _FRAME_NAMES if arrived else shown
    return any(name in st.session_state and _as_values(st.session_state[name]) != shown.get(name, ()) for name in names)


def _kept(place: str) -> dict[str, Values]:
    """The choices of the filter bar (`FRAME`) or of one page, as this session last knew them."""
    return st.session_state.setdefault(_KEPT, {}).setdefault(place, {})


def _keeper(page: str, name: str) -> dict[str, Values]:
    """Where a choice is kept: the filters for all pages, the KPI for those that show one (the menu leads to the same), else its page."""
    if name in _FRAME_NAMES:
        return _kept(FRAME)
    return _kept(_ONE_KPI) if name == "kpi" and page in _OF_ONE_KPI else _kept(page)


def _shared(page: str) -> list[dict[str, Values]]:
    """What a page shares with others beside the filters."""
    return [_kept(_ONE_KPI)] if page in _OF_ONE_KPI else []


def _settle(keys: Iterable[LinkKey], kept: dict[str, Values], address: Address | None, *, arrived: bool) -> None:
    """Bring session, copy and address together for these keys, the leading one first."""
    for key in keys:
        if address is not None:
            values = tuple(address.get(key.name, ())) or key.default
        elif arrived or key.name not in st.session_state:
            values = kept.get(key.name, key.default)
        else:
            values = _values(key) or key.default
        values = values if key.many else values[-1:]
        if key.name not in st.session_state or _values(key) != values:
            st.session_state[key.name] = list(values) if key.many else (values[0] if values else None)
        kept[key.name] = values


def _values(key: LinkKey) -> Values:
    return _as_values(st.session_state.get(key.name))


def _as_values(value: Any) -> Values:
    """What a widget holds, as texts: one value, several or none."""
    if value is None or value == "":
        return ()
    return (str(value),) if isinstance(value, str) else tuple(str(item) for item in value)
