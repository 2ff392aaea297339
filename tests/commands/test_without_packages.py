"""A Python without the packages, as when the environment is not activated."""

import subprocess
import sys

from tests.conftest import ROOT


def test_says_what_to_activate() -> None:
    done = subprocess.run([sys.executable, "-S", "-m", "analytics", "kpi"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("click is not installed for ") and "Activate the environment first" in done.stderr
    assert "Traceback" not in done.stderr
