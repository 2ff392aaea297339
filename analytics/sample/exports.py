"""All files of the sample, by name."""

from pathlib import Path

import pandas as pd

from analytics.sample.acd import acd, acd_correction
from analytics.sample.agreed_totals import with_agreed_totals
from analytics.sample.crm import crm
from analytics.sample.monthly import invoices, scorecard, security, tickets
from analytics.sample.operation import operation
from analytics.sample.quality import quality
from analytics.sample.workforce import hr, wfm


def exports() -> dict[str, pd.DataFrame]:
    """File name -> the table in it, as its system would export it."""
    queue_days = with_agreed_totals(operation())
    hours = wfm(queue_days)
    return {
        "acd_daily.csv": acd(queue_days),
        "acd_correction_northline.csv": acd_correction(queue_days),
        "crm_outcomes.csv": crm(queue_days),
        "quality_weekly.csv": quality(queue_days),
        "wfm_daily.csv": hours,
        "hr_monthly.csv": hr(hours),
        "tickets_monthly.csv": tickets(queue_days),
        "security_monthly.csv": security(),
        "invoices.csv": invoices(hours),
        "tallgrass_scorecard.csv": scorecard(),
    }


def write_exports(folder: Path) -> dict[str, int]:
    """Write every file into `folder` (made if missing), always the same bytes; returns rows per file."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = exports()
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n", encoding="utf-8")
    return {name: len(table) for name, table in tables.items()}
