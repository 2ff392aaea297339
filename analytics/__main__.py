"""The command line: `python -m analytics COMMAND`."""

import click

from analytics.commands import batches, data, recognise, reports, safekeeping, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """BPO vendor performance: load exports, print KPIs, report and risks, start the dashboard."""


for command in (*recognise.COMMANDS, *data.COMMANDS, *batches.COMMANDS, *safekeeping.COMMANDS, *reports.COMMANDS, *serve.COMMANDS):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m analytics")
