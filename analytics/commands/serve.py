"""`serve`: the dashboard in the browser."""

import json
import signal
from threading import Event
from types import FrameType

import click

from analytics.commands.common import command, say
from analytics.serving import Dashboard, start_dashboard
from analytics.warehouse import Warehouse
from analytics.warehouse.temporary import remove_leftovers

DEFAULT_PORT = 8501
SECONDS_BETWEEN_LOOKS = 0.5
_asked_to_end = Event()


@command("serve")
@click.option("--port", type=int, default=DEFAULT_PORT, show_default=True, help="Port on 127.0.0.1.")
def serve(warehouse: Warehouse, as_json: bool, port: int) -> None:
    """Start the dashboard; its address is printed once it is ready for any link. Ctrl+C ends it."""
    _asked_to_end.clear()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        _serve(warehouse, as_json, port)
    except KeyboardInterrupt:
        say("Dashboard stopped.")


def _serve(warehouse: Warehouse, as_json: bool, port: int) -> None:
    """Run the server until it ends or is interrupted; it never outlives this process."""
    say("Starting the dashboard ...")
    remove_leftovers()
    dashboard = start_dashboard(port, warehouse.folder)
    try:
        if as_json:
            # On one line: whoever waits for it reads a line, for the output does not end while the dashboard runs.
            click.echo(json.dumps({"address": dashboard.address, "warehouse": str(warehouse.folder.resolve())}))
        else:
            click.echo(f"Dashboard ready: {dashboard.address}")
            say("Ctrl+C ends it.")
        dashboard.warm_up()
        _wait(dashboard)
    finally:
        dashboard.stop()


def _wait(dashboard: Dashboard) -> None:
    """Until the server ends or the signal came: what a signal raises inside a callback of Python is lost, the event is not."""
    while dashboard.process.poll() is None:
        if _asked_to_end.wait(SECONDS_BETWEEN_LOOKS):
            raise KeyboardInterrupt
    dashboard.wait()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """A polite end from outside is the same as Ctrl+C."""
    _asked_to_end.set()
    raise KeyboardInterrupt


COMMANDS: list[click.Command] = [serve]
