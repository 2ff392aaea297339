"""The registers: tables of which each key has one current row, the one of the latest batch."""

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class Register:
    """One register: the table that is read, the table of all accepted rows, and what makes two rows the same entry."""

    table: str
    rows: str
    key: tuple[str, ...]


REGISTERS: dict[str, Register] = {
    register.table: register
    for register in (
        Register("targets", "target_rows", ("kpi", "vendor", "site", "lob", "channel", "valid_from")),
        Register("risks", "risk_rows", ("risk_id",)),
        Register("risk_scores", "risk_score_rows", ("risk_id", "scored_on", "kind")),
        Register("events", "event_rows", ("happened_on", "title", "vendor", "site", "kpi")),
        Register("notes", "note_rows", ("written_on", "author", "kpi", "vendor", "period", "body")),
        Register("actions", "action_rows", ("action_id",)),
        Register("commentary", "commentary_rows", ("quarter", "place", "vendor", "audience")),
        Register("rates", "rate_rows", ("currency", "reporting_currency", "valid_from")),
    )
}


def settle_registers(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the latest accepted row of every key into each register; entries that belong to no file stay."""
    for register in REGISTERS.values():
        connection.execute(f"DELETE FROM {register.table} WHERE batch_id IS NOT NULL")
        connection.execute(f"""
            INSERT INTO {register.table} BY NAME
            SELECT entry.* FROM {register.rows} AS entry LEFT JOIN batches USING (batch_id)
            WHERE coalesce(batches.status, 'active') = 'active'
            QUALIFY row_number() OVER (PARTITION BY {", ".join(f"entry.{name}" for name in register.key)} ORDER BY sequence DESC) = 1""")
