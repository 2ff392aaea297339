"""What people wrote down about one vendor: events, notes and open actions."""

from datetime import date

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.performance.notes import Event, Note, all_events, all_notes
from analytics.warehouse.scope import Scope


def vendor_events(store: Reader, scope: Scope, vendor: str, first: date, last: date) -> list[Event]:
    """The dated events of the vendor, or of everybody, between two days, the newest first."""
    return [event for event in all_events(store, scope) if event.vendor in ("", vendor) and first <= event.happened_on <= last]


def vendor_notes(store: Reader, scope: Scope, vendor: str) -> list[Note]:
    """The notes about the vendor, the newest first."""
    return [note for note in all_notes(store, scope) if note.vendor == vendor]


def open_actions(store: Reader, scope: Scope, vendor: str, day: date) -> pd.DataFrame:
    """`every_open_action` of the vendor."""
    found = every_open_action(store, scope, day)
    return found[found["vendor"] == vendor].reset_index(drop=True)


def every_open_action(store: Reader, scope: Scope, day: date) -> pd.DataFrame:
    """The actions that are not done, overdue first, then by due date, those without one last.

    Columns: action_id, title, vendor (missing: of all), kpi, owner, due_on, body, days_overdue (on `day`; 0 when not yet or never due).
    """
    actions = store.select(
        scope,
        "SELECT action_id, title, vendor, kpi, owner, due_on, body FROM actions WHERE status <> 'done' "
        "ORDER BY due_on NULLS LAST, action_id",
    )
    late = (pd.Timestamp(day) - actions["due_on"]).dt.days.to_numpy(float)
    return actions.assign(days_overdue=np.where(late > 0, late, 0).astype(int))
