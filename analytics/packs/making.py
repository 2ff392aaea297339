"""Packs are made in a process of their own: a page that somebody else looks at meanwhile never waits for one."""

import json
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import IO

from analytics.errors import DashboardError
from analytics.packs.files import PackFormat
from analytics.processes import own_process
from analytics.review.frozen import to_json
from analytics.review.model import QuarterlyReview

MOST_AT_ONCE = 2  # more wait their turn: together they would all be later
SECONDS = 180
_BEAT = 0.2  # seconds between two looks at the clock
_STARTED, _NEARLY, _DONE = 0.05, 0.95, 1.0
_CREEP = 0.05  # of what is left, each beat
_PROCESS = "analytics.packs.making_process"
_QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}  # one core is left to the pages

Progress = Callable[[str, float], None]
_turns = BoundedSemaphore(MOST_AT_ONCE)


def make_pack(
    review: QuarterlyReview,
    made_as: PackFormat,
    built_on: datetime,
    progress: Progress = lambda _what, _done: None,
    seconds: float = SECONDS,
) -> bytes:
    """The review as a file of this format; the same review and moment give the same bytes.

    `progress` hears what is being done and how much of the work is (0 to 1), in the caller's thread; what it raises ends the process.
    A pack that cannot be made, takes longer than `seconds` or whose process dies: `DashboardError`.
    """
    given = to_json(review)
    moment = built_on.replace(microsecond=0, tzinfo=built_on.tzinfo or UTC)
    with _turn(progress):
        progress("Starting", _STARTED)
        with own_process(_PROCESS, (made_as.value, moment.isoformat()), _QUIET, stderr=subprocess.PIPE) as process:
            content = _answer(process, given, made_as, progress, seconds)
    progress("Done", _DONE)
    return content


@contextmanager
def _turn(progress: Progress) -> Generator[None]:
    """Wait until few enough packs are being made."""
    while not _turns.acquire(timeout=_BEAT):
        progress("Waiting for other packs", 0.0)
    try:
        yield
    finally:
        _turns.release()


def _answer(process: subprocess.Popen[bytes], given: bytes, made_as: PackFormat, progress: Progress, seconds: float) -> bytes:
    """Hand over the review, pass on what is said, and take the file."""
    assert process.stdin and process.stdout and process.stderr
    said: SimpleQueue[dict[str, object] | None] = SimpleQueue()
    content: list[bytes] = []
    for work in (
        Thread(target=_hand_over, args=(process.stdin, given), daemon=True),
        Thread(target=_listen, args=(process.stderr, said), daemon=True),
        taking := Thread(target=_take, args=(process.stdout, content), daemon=True),
    ):
        work.start()
    problem = _heard(said, progress, monotonic() + seconds, made_as)
    taking.join(max(1.0, seconds))
    if process.wait() or not content or not content[0]:
        raise _refusal(problem, made_as)
    return content[0]


def _heard(said: "SimpleQueue[dict[str, object] | None]", progress: Progress, end: float, made_as: PackFormat) -> dict[str, object]:
    """Everything the process says until it ends; its last words when they are a problem."""
    problem: dict[str, object] = {}
    what, done = "Starting", _STARTED
    while True:
        if monotonic() > end:
            raise DashboardError(f"Making the {made_as.upper()} took too long and was ended.", "Choose fewer vendors, or try again later.")
        try:
            words = said.get(timeout=_BEAT)
        except Empty:
            done += (_NEARLY - done) * _CREEP  # nobody knows how long the rest takes; that it goes on can be shown
            progress(what, done)
            continue
        if words is None:
            return problem
        if "what" in words:
            what, done = str(words["what"]), max(done, float(str(words["done"])))
            progress(what, done)
        else:
            problem = words


def _refusal(problem: dict[str, object], made_as: PackFormat) -> DashboardError:
    if "message" in problem:
        return DashboardError(str(problem["message"]), str(problem["remedy"]))
    why = f" ({problem['crash']})" if "crash" in problem else ""
    return DashboardError(
        f"The {made_as.upper()} could not be made: its process ended without one{why}.", "Try again; the other formats are not affected."
    )


def _hand_over(stdin: IO[bytes], given: bytes) -> None:
    with suppress(OSError, ValueError):  # the process has ended: what it said tells why
        stdin.write(given)
        stdin.close()


def _listen(stderr: IO[bytes], said: "SimpleQueue[dict[str, object] | None]") -> None:
    """Queue every message; what a library writes is no message."""
    try:
        for line in stderr:
            if line.startswith(b"{") and line.endswith(b"}\n"):
                said.put(json.loads(line))
    except (OSError, ValueError):
        pass
    said.put(None)


def _take(stdout: IO[bytes], content: list[bytes]) -> None:
    with suppress(OSError, ValueError):
        content.append(stdout.read())
