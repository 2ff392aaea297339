"""The command line: `python -m analytics COMMAND`."""

import sys

try:
    import click

    from analytics.commands import batches, compare, data, editions, notes, recognise, reports, review, safekeeping, serve, targets
except ModuleNotFoundError as missing:
    if (missing.name or "analytics").startswith("analytics"):
        raise
    sys.exit(f"{missing.name} is not installed for {sys.executable}. Activate the environment first: . .venv/bin/activate (README, Start).")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """BPO vendor performance: load exports, print KPIs, report and risks, start the dashboard."""


for room in (recognise, data, batches, safekeeping, reports, review, editions, compare, targets, notes, serve):
    for command in room.COMMANDS:
        main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m analytics")
