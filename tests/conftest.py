"""What tests of several rooms share: the sample warehouse, built once per run by the product's own command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent


def run_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`python -m analytics ...` as a user would call it, from the project's root."""
    command = [sys.executable, "-m", "analytics", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def demo_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample warehouse, shared by all tests and worker processes: read it, never write to it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "demo-warehouse"
    with FileLock(shared / "demo-warehouse.lock"):
        if not folder.exists():
            built = shared / "demo-warehouse-unfinished"
            shutil.rmtree(built, ignore_errors=True)
            outcome = run_command("demo", "--warehouse", built)
            assert outcome.returncode == 0, outcome.stderr
            (shared / "demo-warehouse.txt").write_text(outcome.stderr + outcome.stdout, encoding="utf-8")
            built.rename(folder)
    return folder


@pytest.fixture
def demo_copy(demo_warehouse: Path, tmp_path: Path) -> Path:
    """A copy of the sample warehouse for a test that writes."""
    return Path(shutil.copytree(demo_warehouse, tmp_path / "warehouse"))
