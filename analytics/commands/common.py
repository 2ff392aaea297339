"""What every command shares: its options, its machine-readable output, and errors as one sentence."""

import functools
import json
import os
import sys
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
import numpy as np
import pandas as pd

from analytics.catalogue import using
from analytics.errors import DashboardError, UsageError
from analytics.warehouse import Warehouse, default_folder

FAILED = 1
QUESTION_OPEN = 3


def command(name: str, **settings: Any) -> Callable[[Callable[..., None]], click.Command]:
    """A command that gets `warehouse` and `as_json`, with --warehouse and --json, whose errors are one sentence."""

    def decorate(body: Callable[..., None]) -> click.Command:
        @functools.wraps(body)
        def run(warehouse: Path | None, as_json: bool, **arguments: object) -> None:
            with_clear_errors(as_json, lambda: _in_folder(Warehouse(warehouse or default_folder()), body, as_json, **arguments))

        options = (
            click.option("--json", "as_json", is_flag=True, help="Machine-readable output; messages go to stderr."),
            click.option(
                "--warehouse",
                type=click.Path(path_type=Path),
                help="Folder of the warehouse. [default: $BPO_WAREHOUSE or data/local/warehouse]",
            ),
        )
        for option in options:
            run = option(run)
        return click.command(name, **settings)(run)

    return decorate


def _in_folder(warehouse: Warehouse, body: Callable[..., None], as_json: bool, **arguments: object) -> None:
    """Run the command with the folder's own definitions in force."""
    with using(warehouse.catalogue):
        body(warehouse, as_json, **arguments)


def with_clear_errors(as_json: bool, body: Callable[[], None]) -> None:
    """Run `body`; what goes wrong becomes one sentence with its remedy and the right exit code, never a stack trace."""
    try:
        body()
    except DashboardError as problem:
        fail(problem.message, problem.remedy, problem.exit_code, as_json)
    except BrokenPipeError:
        sys.exit(FAILED)  # the reader of our output went away: nothing to tell anybody
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as problem:
        if os.environ.get("BPO_DEBUG") == "1":
            traceback.print_exc()
        remedy = "Please report it with the command you ran; BPO_DEBUG=1 shows where it happened."
        fail(f"An unexpected error happened: {type(problem).__name__}: {problem}.", remedy, FAILED, as_json)


def fail(message: str, remedy: str, exit_code: int, as_json: bool) -> NoReturn:
    """Say what went wrong on stderr (and as JSON on stdout) and end with this exit code."""
    say(f"{message} {remedy}".strip())
    if as_json:
        print_json({"error": {"message": message, "remedy": remedy, "exit_code": exit_code}})
    sys.exit(exit_code)


def read_answer(text: str) -> tuple[str, str]:
    """Key and value of --set KEY=VALUE."""
    key, equals, value = text.partition("=")
    if not equals or not key or not value:
        raise UsageError(f"--set {text} is not KEY=VALUE.", "Example: --set counts=acd.")
    return key, value


def say(text: str) -> None:
    """A message for the person, on stderr."""
    click.echo(text, err=True)


def print_json(value: object) -> None:
    """One JSON document on stdout: strict (never NaN), dates as ISO text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=str))


def plain(value: object) -> object:
    """A JSON value: dates as text, missing values as null."""
    if isinstance(value, pd.Timestamp | date):
        return f"{value:%Y-%m-%d}"
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT or value is pd.NA:
        return None
    return value.item() if isinstance(value, np.generic) else value


def print_table(rows: list[list[str]]) -> None:
    """Cells in columns, separated by two spaces."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
