"""Who is asking, and which vendors exist for them: an argument of every read, without a default."""

from collections.abc import Iterable
from dataclasses import dataclass

NO_ROWS = "false"
EVERY_ROW = "true"
OWN_VENDOR = "list_contains($scope_vendors, vendor)"
OWN_OR_SHARED = f"(vendor IS NULL OR {OWN_VENDOR})"

_BY_VENDOR = (
    "performance", "performance_rows", "performance_added", "reporting", "scorecard", "scorecard_rows", "restatements", "commentary",
    "commentary_rows",
)  # fmt: skip
_BY_VENDOR_OR_SHARED = (
    "targets", "target_rows", "risks", "risk_rows", "events", "event_rows", "notes", "note_rows", "actions", "action_rows", "precedence",
)  # fmt: skip
_WITH_VENDOR = (
    "performance", "performance_rows", "scorecard", "scorecard_rows", "target_rows", "risk_rows", "event_rows", "note_rows", "action_rows",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """One asker. `vendors` None: every vendor exists; otherwise everything else does not exist for them."""

    user: str
    vendors: tuple[str, ...] | None

    @classmethod
    def everything(cls, user: str = "local") -> "Scope":
        """Sees all vendors: the local user while no sign-in is configured."""
        return cls(user, None)

    @classmethod
    def of(cls, user: str, vendors: Iterable[str]) -> "Scope":
        """Sees these vendors and what belongs to no vendor."""
        return cls(user, tuple(sorted(set(vendors))))

    @classmethod
    def nobody(cls) -> "Scope":
        """Sees no vendor."""
        return cls("nobody", ())


def _visible_batches() -> str:
    """The batches whose rows all belong to visible vendors; undone batches have no rows left and stay hidden."""
    rows = " UNION ALL ".join(f"SELECT batch_id, vendor FROM main.{table}" for table in _WITH_VENDOR)
    rows += " UNION ALL SELECT batch_id, coalesce(vendor, '') FROM main.commentary_rows"  # words on all vendors are shared with nobody
    return f"(SELECT batch_id FROM ({rows}) GROUP BY batch_id HAVING bool_and({OWN_OR_SHARED}))"


def _conditions() -> dict[str, str]:
    """Table -> the condition its rows must meet to exist for a scope with vendors."""
    visible_risks = f"risk_id IN (SELECT risk_id FROM main.risks WHERE {OWN_OR_SHARED})"
    visible_batch = f"batch_id IN {_visible_batches()}"
    return {
        **dict.fromkeys(_BY_VENDOR, OWN_VENDOR),
        **dict.fromkeys(_BY_VENDOR_OR_SHARED, OWN_OR_SHARED),
        **dict.fromkeys(("risk_scores", "risk_score_rows"), visible_risks),
        **dict.fromkeys(("batches", "rejects", "weighted_measures"), visible_batch),
        **dict.fromkeys(("rates", "rate_rows"), EVERY_ROW),
        "audit": NO_ROWS,
    }


SCOPED_TABLES = tuple(_conditions())
SCOPE_CTES = ",\n".join(
    f"{table} AS NOT MATERIALIZED (SELECT * FROM main.{table} WHERE {condition})" for table, condition in _conditions().items()
)
