"""The locks: hashed, free of anyone's own package sources, and complete for what the code imports."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OWN = {"analytics", "bench", "pages", "tests"}
LOCKS = ("requirements.txt", "requirements-dev.txt")


def lines_of(name: str) -> list[str]:
    return [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def asked_for(name: str) -> set[str]:
    return {line for line in lines_of(name) if not line.startswith(("#", "-"))}


def imported_packages(*folders: str) -> set[str]:
    """Distribution names of everything third-party the Python files import."""
    files = (path for folder in folders for path in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py")))
    modules: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    installed = packages_distributions()
    return {installed.get(module, [module])[0].lower() for module in modules - OWN - sys.stdlib_module_names}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z])", "\n".join(line for line in lines_of(lock) if not line.lstrip().startswith("#")))
    assert len(blocks) > 20
    assert [block for block in blocks if not re.match(r"[a-z0-9-]+==[^ ]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", block)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_source_of_anyone_is_written_into_a_lock(lock: str) -> None:
    assert [line for line in lines_of(lock) if "://" in line or "index" in line or "find-links" in line or " @ " in line] == []


def test_both_locks_pin_the_same_versions() -> None:
    runtime, tests = ({line for line in lines_of(lock) if "==" in line} for lock in LOCKS)
    assert runtime <= tests


def test_the_product_imports_only_what_it_asks_for() -> None:
    unasked = imported_packages("app.py", "analytics", "pages") - asked_for("requirements.in")
    assert not unasked, f"Name {', '.join(sorted(unasked))} in requirements.in and run make lock."


def test_tests_and_measurements_import_only_what_is_asked_for() -> None:
    known = asked_for("requirements.in") | asked_for("requirements-dev.in")
    unasked = imported_packages("bench", "tests") - known
    assert not unasked, f"Name {', '.join(sorted(unasked))} in requirements-dev.in and run make lock."


def test_nothing_is_asked_for_that_nothing_imports() -> None:
    unused = asked_for("requirements.in") - imported_packages("app.py", "analytics", "pages")
    assert not unused, f"Take {', '.join(sorted(unused))} out of requirements.in and run make lock."
