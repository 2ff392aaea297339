"""Work handed to a process of its own: whatever happens there, this process lives on and its pages never wait."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def own_process(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], stderr: int = subprocess.DEVNULL
) -> Generator[subprocess.Popen[bytes]]:
    """The module run by this Python with pipes to its input and output; on leaving it is ended, with all it started."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    around = {**os.environ, **environment, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, env=around, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
