"""`serve` as a process of its own: what it prints, when, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "analytics", "serve", *map(str, arguments)]
    # Tests that a script started in the background ignore Ctrl+C, and so would the dashboard.
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=None if os.name == "nt" else lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


@pytest.fixture
def running(port: int, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A dashboard over an empty folder, with what it printed when it was ready."""
    process = start("--port", port, "--warehouse", tmp_path, "--json")
    assert process.stdout
    yield process, json.loads(process.stdout.readline() or "{}")
    process.kill()
    process.wait()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are sent the POSIX way")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_when_ready_and_ends_politely(
    running: tuple[subprocess.Popen[str], dict[str, str]], port: int, tmp_path: Path, ending: signal.Signals
) -> None:
    process, ready = running
    assert ready == {"address": f"http://127.0.0.1:{port}", "warehouse": str(tmp_path.resolve())}
    with urllib.request.urlopen(ready["address"]) as answer:
        assert answer.status == 200
    process.send_signal(ending)
    _, messages = process.communicate(timeout=40)
    assert process.returncode == 0
    assert messages.endswith("Dashboard stopped.\n")
    assert "Traceback" not in messages
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port)):
        pass


@pytest.mark.slow
def test_a_port_in_use_is_one_sentence_and_exit_code_1(port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        process = start("--port", port)
        _, messages = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {port} is in use. Choose another with --port" in messages
    assert "Traceback" not in messages
