"""Write the sample's exports again: python -m analytics.sample [--out FOLDER]."""

from pathlib import Path

import click

from analytics.sample.exports import write_exports
from analytics.settings import DATA
from analytics.wording import counted


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=DATA / "sample", show_default="data/sample")
def main(out: Path) -> None:
    """Write the exports of the sample operation; the same files every time."""
    for name, rows in write_exports(out).items():
        click.echo(f"{name}: {counted(rows, 'row')}")


main()
