from pathlib import Path

import pytest

from tests.intake.checks.files import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty warehouse to bring files to."""
    return Desk(tmp_path)
