"""The README's examples are run: its files are written, its console blocks typed in, and what they print is compared."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.kpi_table import README

ROOT = README.parent
TEXT = README.read_text(encoding="utf-8")
EXAMPLES = [example for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) for example in block.split("$ ")[1:]]
FILES = re.findall(r"^`(\w+\.\w+)`:\n\n```\w+\n(.*?)```", TEXT, re.DOTALL | re.MULTILINE)
FEWEST_EXAMPLES = 20


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder that looks like the project's root to a user: its sample data and recipes, and the README's example files."""
    (tmp_path / "data" / "local").mkdir(parents=True)
    for name in ("sample", "recipes"):
        (tmp_path / "data" / name).symlink_to(ROOT / "data" / name)
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def typed(command: str, folder: Path, warehouse: Path) -> str:
    """What a user sees after typing the command there; `python` is this Python."""
    environment = os.environ | {"BPO_WAREHOUSE": str(warehouse), "PYTHONPATH": str(ROOT)}
    line = re.sub(r"^python\b", sys.executable, command)
    outcome = subprocess.run(
        line, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return outcome.stdout


@pytest.mark.slow
def test_every_example_prints_what_the_readme_says(desk: Path, demo_warehouse: Path, demo_copy: Path) -> None:
    assert len(EXAMPLES) >= FEWEST_EXAMPLES
    wrong = []
    for example in EXAMPLES:
        command, _, wanted = example.partition("\n")
        first_run = command == "python -m analytics demo"
        printed = demo_warehouse.with_suffix(".txt").read_text(encoding="utf-8") if first_run else typed(command, desk, demo_copy)
        if not doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS):
            wrong.append(f"$ {command}\n{printed}")
    assert not wrong, "These print something else than the README says; correct it:\n\n" + "\n".join(wrong)
