"""Work on a file done by a process of its own with limited memory and time: whatever the file holds, this process lives on."""

import json
import pickle
import signal
import subprocess
from collections.abc import Iterator, Mapping
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import IO

from analytics.catalogue.current import current
from analytics.errors import DashboardError, IntakeError, UsageError
from analytics.intake.handing import rebuilt
from analytics.intake.limits import READ_HERE, Limits, too_large, too_slow
from analytics.intake.originals import Original
from analytics.intake.problems import AskedError, ColumnReport, Question, UnmappedError
from analytics.intake.progress import Tell
from analytics.processes import own_process

_PROCESS = "analytics.intake.limited_process"
_BEAT = 0.5  # seconds between two looks at the clock, and at whether whoever waits still does
# One thread each: every further one takes address space, which is what is limited.
_QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)
Told = dict[str, object]


def is_read_here(original: Original) -> bool:
    """Whether a text is too small to do harm, so that a process, which takes most of a second to start, would be a waste."""
    return original.size < READ_HERE


def run_limited(task: str, given: Mapping[str, object], limits: Limits, tell: Tell) -> object:
    """What `limited_process` answers to the task, as JSON; its refusals and questions are raised here as if they had been found here.

    More memory or time than the limits allow, or the death of the process: `IntakeError`.
    """
    catalogue = current()
    definitions = (dict(catalogue.measures), dict(catalogue.kpis), catalogue.stamp)
    with own_process(_PROCESS, (), _QUIET) as process:
        try:
            assert process.stdin is not None
            pickle.dump((task, dict(given), definitions, limits.seconds, limits.memory), process.stdin)
            process.stdin.close()
            return _last_word(process, limits, tell)
        except BrokenPipeError:
            raise _died(process, limits) from None


def _last_word(process: subprocess.Popen[bytes], limits: Limits, tell: Tell) -> object:
    """Pass on what the process tells until it answers."""
    assert process.stdout is not None
    done, what = 0.0, "Reading"
    for said in _said(process.stdout, limits):
        if "answer" in said:
            return said["answer"]
        if "problem" in said:
            raise _error(said, limits)
        if said:
            done, what = float(str(said["done"])), str(said["what"])
        tell(done, what)
    raise _died(process, limits)


def _died(process: subprocess.Popen[bytes], limits: Limits) -> IntakeError:
    """Why a process ended without a word: its time was over, else, most often, it asked for more memory than there is."""
    return too_slow(limits.seconds) if process.wait() == -_OUT_OF_TIME else too_large()


def _said(stdout: IO[bytes], limits: Limits) -> Iterator[Told]:
    """Everything the process says; an empty message for every beat in which it says nothing; too late: `IntakeError`."""
    heard: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_listen, args=(stdout, heard), daemon=True).start()
    end = monotonic() + limits.seconds
    while True:
        if monotonic() > end:
            raise too_slow(limits.seconds)
        try:
            line = heard.get(timeout=_BEAT)
        except Empty:
            yield {}
            continue
        if line is None:
            return
        yield json.loads(line)


def _listen(stdout: IO[bytes], heard: "SimpleQueue[bytes | None]") -> None:
    """Queue every whole line, then None."""
    try:
        for line in stdout:
            if line.endswith(b"\n"):
                heard.put(line)
    except (OSError, ValueError):  # closed under us: nobody listens any more
        pass
    heard.put(None)


def _error(said: Told, limits: Limits) -> Exception:
    message, remedy = str(said.get("message", "")), str(said.get("remedy", ""))
    match said["problem"]:
        case "question":
            return AskedError(message, remedy, rebuilt(Question, said["question"]))
        case "unmapped":
            return UnmappedError(message, remedy, rebuilt(Mapping[str, ColumnReport], said["columns"]))
        case "refused":
            return IntakeError(message, remedy)
        case "usage":
            return UsageError(message, remedy)
        case "other":
            return DashboardError(message, remedy)
        case "memory":
            return too_large()
        case "time":
            return too_slow(limits.seconds)
        case _:
            return RuntimeError(message)
