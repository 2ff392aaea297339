"""`serve`: the dashboard in the browser."""

import json
import signal
from pathlib import Path
from types import FrameType

import click

from analytics.serving import start_dashboard
from analytics.warehouse import default_folder

DEFAULT_PORT = 8501


@click.command()
@click.option("--port", type=int, default=DEFAULT_PORT, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--warehouse", type=click.Path(path_type=Path), help="Folder of the warehouse, else $BPO_WAREHOUSE or data/local."
)
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON once the dashboard is ready.")
def serve(port: int, warehouse: Path | None, as_json: bool) -> None:
    """Start the dashboard; its address is printed once it is ready for any link. Ctrl+C ends it."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        _serve(port, warehouse or default_folder(), as_json)
    except KeyboardInterrupt:
        click.echo("Dashboard stopped.", err=True)


def _serve(port: int, warehouse: Path, as_json: bool) -> None:
    """Run the server until it ends or is interrupted; it never outlives this process."""
    click.echo("Starting the dashboard ...", err=True)
    dashboard = start_dashboard(port, warehouse)
    try:
        ready = {"address": dashboard.address, "warehouse": str(warehouse.resolve())}
        click.echo(json.dumps(ready) if as_json else f"Dashboard ready: {dashboard.address}  (Ctrl+C ends it)")
        dashboard.wait()
    finally:
        dashboard.stop()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """A polite end from outside is the same as Ctrl+C."""
    raise KeyboardInterrupt


COMMANDS = [serve]
