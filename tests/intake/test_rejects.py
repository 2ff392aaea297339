"""Refused rows in memory and on disk are the same to whoever asks; temporary folders disappear with who made them."""

import gc
import subprocess
import sys
from pathlib import Path

from analytics.intake.problems import Reject
from analytics.intake.rejects import ListedRejects, StoredRejects, store_rejects
from analytics.intake.workspace import Workspace

REJECTS = tuple(
    Reject(line, "Wait" if line % 2 else None, "negative" if line % 2 else "cells", f"row {line}", "Correct it.", f'raw, "{line}"\n')
    for line in range(2, 25_002)
)


def test_both_kinds_answer_alike(tmp_path: Path) -> None:
    listed, stored = ListedRejects(REJECTS), store_rejects(iter(REJECTS), Workspace(tmp_path))
    assert isinstance(stored, StoredRejects)
    assert len(listed) == len(stored) == 25_000
    assert listed.issues == stored.issues
    assert [(issue.code, issue.column, issue.count, issue.line) for issue in stored.issues] == [
        ("cells", None, 12_500, 2), ("negative", "Wait", 12_500, 3),
    ]  # fmt: skip
    assert listed.first(3) == stored.first(3) == list(REJECTS[:3])
    assert stored.first(25_000)[-1] == REJECTS[-1]
    assert listed.rows().read_all().equals(stored.rows().read_all())


def test_none_need_no_file(tmp_path: Path) -> None:
    none = store_rejects(iter(()), Workspace(tmp_path))
    assert (len(none), none.issues, none.first(5), none.rows().read_all().num_rows) == (0, (), [], 0)


def test_the_folder_lives_as_long_as_the_rows(tmp_path: Path) -> None:
    stored = store_rejects(iter(REJECTS[:2]), Workspace(tmp_path))
    gc.collect()
    assert len(list(tmp_path.iterdir())) == 1 and len(stored.first(5)) == 2
    del stored
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    code = f"import os, signal, pathlib; from analytics.intake.workspace import Workspace; w = Workspace(pathlib.Path({str(tmp_path)!r}));"
    subprocess.run([sys.executable, "-c", f"{code} os.kill(os.getpid(), signal.SIGKILL)"], check=False)
    (left,) = tmp_path.iterdir()
    living = Workspace(tmp_path)
    assert not left.exists()
    another = Workspace(tmp_path)
    assert living.folder.exists() and another.folder.exists()
