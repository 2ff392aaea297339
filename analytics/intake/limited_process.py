"""The process that reads a file for another one: it limits itself, does one task, and answers in lines of JSON.

What it is given comes from the program itself and may be pickled; what it answers may come from the file and is only text.
"""

import gc
import json
import pickle
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analytics.catalogue.current import Catalogue, using
from analytics.errors import DashboardError, IntakeError, UsageError
from analytics.intake.handing import plain
from analytics.intake.limited_reading import read_table_here
from analytics.intake.originals import Original
from analytics.intake.problems import AskedError, UnmappedError
from analytics.intake.recognise.memory import Memory
from analytics.intake.recognise.recognition import recognise
from analytics.intake.rows_of_table import rows_here
from analytics.intake.workbook_process import limit_itself


def recognised(given: Mapping[str, Any]) -> object:
    """What the file is."""
    file = replace(Original.of(Path(given["path"]), given["name"]), sheet=given["sheet"])
    memory = Memory(Path(given["memory"])) if given["memory"] else None
    return plain(recognise(file, given["answers"], told, memory))


def tables_read(given: Mapping[str, Any]) -> object:
    """What the rows of the file came to; the tables are in the folder given."""
    return read_table_here(Path(given["path"]), given["recipe"], Path(given["folder"]), told)


def rows_found(given: Mapping[str, Any]) -> object:
    """The rows of the file with some keys."""
    return plain(rows_here(Path(given["path"]), given["recipe"], given["keys"], given["refused"]))


_TASKS = {"recognise": recognised, "read": tables_read, "rows": rows_found}


def told(done: float, what: str) -> None:
    """Say how far the work is."""
    say({"done": done, "what": what})


def say(words: object) -> None:
    """One line to whoever waits."""
    print(json.dumps(words), flush=True)


def words_for(problem: BaseException) -> dict[str, object]:
    """A problem as it is said."""
    if isinstance(problem, MemoryError):
        return {"problem": "memory"}
    if not isinstance(problem, DashboardError):
        return {"problem": "crash", "message": "".join(traceback.format_exception(problem))}
    kinds = (
        (AskedError, "question"),
        (UnmappedError, "unmapped"),
        (IntakeError, "refused"),
        (UsageError, "usage"),
        (DashboardError, "other"),
    )
    said: dict[str, object] = {"problem": next(name for kind, name in kinds if isinstance(problem, kind))}
    said |= {"message": problem.message, "remedy": problem.remedy}
    if isinstance(problem, UnmappedError):
        return {**said, "columns": plain(problem.columns)}
    return {**said, "question": plain(problem.question)} if isinstance(problem, AskedError) else said


def main() -> None:
    """Do the task on stdin."""
    task, given, (measures, kpis, stamp), seconds, memory = pickle.load(sys.stdin.buffer)
    limit_itself(memory, seconds, memory)
    gc.disable()  # millions of rows and no cycles: looking for them would take a third of the time
    try:
        with using(Catalogue(measures, kpis, stamp)):
            say({"answer": _TASKS[task](given)})
    except Exception as problem:
        say(words_for(problem))


if __name__ == "__main__":
    main()
