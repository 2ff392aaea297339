"""What pages read: the newest published warehouse or the files this session tries, who asks, the settings, and kept answers.

Publishing a version makes every kept answer of the version before unreachable, so nothing is ever stale and
nothing has to be cleared. Only answers are kept (small frames), never raw rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from analytics import catalogue
from analytics.charts.theme import Mode
from analytics.errors import WarehouseError
from analytics.options import Span, data_span
from analytics.periods import Period, day_text, month_name
from analytics.settings import Settings, load_settings
from analytics.warehouse import Scope, Store, Warehouse, default_folder
from pages.components import sources

KEPT_ANSWERS = 500

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def warehouse() -> Warehouse:
    """The warehouse folder of this installation."""
    return Warehouse(default_folder())


def store() -> Store:
    """The newest published version, or the trial this session looks at. None or damaged: `WarehouseError`; see `sources.trial`."""
    tried = sources.trial(warehouse(), scope().user)
    return tried.store if tried else warehouse().open()


def is_stored() -> bool:
    """Whether this session looks at what is stored, not at a trial."""
    return sources.source() == sources.STORED


def has_store() -> bool:
    """Whether there is anything to ask: a published version, or a trial."""
    return warehouse().exists or not is_stored()


def originals(batch_id: str) -> Path:
    """Where the original file of a batch is kept."""
    tried = sources.trial(warehouse(), scope().user)
    return tried.originals if tried and batch_id in tried.batches else warehouse().originals


def scope() -> Scope:
    """Who is asking. Without sign-in everybody on this machine is the local user and sees all vendors."""
    return Scope.everything()


def settings() -> Settings:
    """The settings of this installation; a wrong one raises `UsageError` naming file and key."""
    return load_settings(default_folder())


def mode() -> Mode:
    """Whether the page is light or dark at the moment."""
    return "dark" if st.context.theme.type == "dark" else "light"


@dataclass(frozen=True)
class _Question:
    """A function of the store and its arguments. `name` is what tells one question from another."""

    name: str
    ask: Callable[[], Any] = field(compare=False, repr=False)


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False, hash_funcs={_Question: lambda question: question.name})
def _answer(question: _Question) -> Any:
    return question.ask()


@st.cache_resource(scope="session", max_entries=KEPT_ANSWERS, show_spinner=False, hash_funcs={_Question: lambda question: question.name})
def _answer_of_trial(question: _Question) -> Any:
    return question.ask()


def ask(function: Callable[Concatenate[Store, Scope, Arguments], Answer], *arguments: Arguments.args, **named: Arguments.kwargs) -> Answer:
    """`function(store, scope, ...)`, computed once per warehouse version, definitions, scope and arguments.

    Arguments are frozen values (text, dates, tuples, frozen dataclasses such as `KpiQuery`): their `repr` tells them
    apart, so a list or a frame raises `TypeError`. All sessions share the answer (a copy per rerun costs more than the
    page): never change one in place. Answers of a trial stay in the session.
    """
    hash((arguments, tuple(named.items())))
    current, asker = store(), scope()
    name = f"{current.path}|{catalogue.current().stamp}|{_full_name(function)}|{asker!r}|{arguments!r}|{named!r}"
    answer = _answer if is_stored() else _answer_of_trial
    return cast(Answer, answer(_Question(name, lambda: function(current, asker, *arguments, **named))))


def has_rows() -> bool:
    """Whether there is any performance or scorecard row to show."""
    return has_store() and ask(data_span) is not None


def span() -> Span:
    """The days the data covers; without rows `WarehouseError`."""
    found = ask(data_span)
    if found is None:
        raise WarehouseError("The warehouse holds no performance data yet.", "Load a file on the Upload page.")
    return found


def newest_day() -> str:
    """The last day the data speaks of, as '31 Oct 2026'."""
    return day_text(span().last_day)


def incomplete_words(period: Period) -> str:
    """'incomplete, data to 31 Oct 2026' for a period the data does not cover wholly, else ''."""
    covered = span()
    if covered.covers(period):
        return ""
    if covered.last_day < period.end:
        return f"incomplete, data to {day_text(covered.last_day)}"
    return f"incomplete, data from {day_text(covered.first_day)}"


def short_day(day: date) -> str:
    """'31 Oct'."""
    return f"{day.day} {month_name(day)}"


def _full_name(function: Any) -> str:
    """Module and name; a function made inside another one has no name of its own and would share answers: `TypeError`."""
    if "<" in function.__qualname__:
        raise TypeError(f"{function.__qualname__} is made at run time; ask a function of a module.")
    return f"{function.__module__}.{function.__qualname__}"
