"""Findings about contacts that can be right one by one but not together."""

import duckdb

from analytics.intake.contacts.rollup import Rolled
from analytics.intake.contacts.sources import RecordFile, WholeText
from analytics.intake.contacts.staging import Staging
from analytics.intake.problems import Issue


def contact_issues(connection: duckdb.DuckDBPyConnection, staging: Staging, source: WholeText | RecordFile, rolled: Rolled) -> list[Issue]:
    return []
