"""The command line: `python -m analytics COMMAND`."""

import importlib
import importlib.util

import click

MODULES = ("data", "reports", "serve")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """BPO vendor performance: load exports, print KPIs, report and risks, start the dashboard."""


for name in MODULES:
    if importlib.util.find_spec(f"analytics.commands.{name}"):
        for each in importlib.import_module(f"analytics.commands.{name}").COMMANDS:
            main.add_command(each)

if __name__ == "__main__":
    main(prog_name="python -m analytics")
