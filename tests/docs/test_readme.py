"""README and the pages it leads to say everything there is, and nothing that is not: names, files, commands, recipes, generated table."""

import ast
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from analytics.__main__ import main
from analytics.catalogue import KPIS
from analytics.intake import parse_recipe
from analytics.intake.recipe import Shape
from analytics.intake.register_fields import REGISTER_FIELDS
from analytics.performance.variance import Status
from analytics.settings import DEFAULTS
from tests.docs.kpi_table import BEGIN, END, README, REMEDY, block, kpi_table

ROOT = README.parent
HANDED_ON = [ROOT / "docs" / name for name in ("reference.md", "rooms.md", "editions.md", "review.md")]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in (README, *HANDED_ON))
MOST_LINES = 900
CODE_SPANS = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)))
COMMAND_LINES = [line.removeprefix("$ ") for line in re.findall(r"^(?:\$ )?[\w./]*python\d? -m analytics .+$", TEXT, re.MULTILINE)]
OURS = ("analytics", "bench", "data", "docs", "pages", "static", "tests", ".ci", ".streamlit")
NOT_PRODUCED = {Status.EXCUSED}


def missing(names: set[str]) -> list[str]:
    """The names the README does not have in code marks."""
    return sorted(names - CODE_SPANS)


def pages() -> list[tuple[str, str]]:
    """Section and title of every entry of the menu."""
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Entry"]
    return [(ast.literal_eval(call.args[0]), ast.literal_eval(call.args[1])) for call in calls]


def test_the_table_of_kpis_is_that_of_the_catalogue() -> None:
    assert BEGIN in TEXT and END in TEXT, f"The README has no markers {BEGIN} {END}."
    assert block(TEXT) == kpi_table(), f"The README's table of KPIs is not that of the catalogue. {REMEDY}"


def test_every_kpi_and_variant_is_named() -> None:
    assert not missing(set(KPIS)), REMEDY


def test_every_page_has_its_line() -> None:
    assert len(pages()) > 1
    assert [title for section, title in pages() if f"| {section} | {title} |" not in TEXT] == []


def test_every_command_is_described_and_shown() -> None:
    headings = {name.strip() for line in re.findall(r"^### (.+)$", TEXT, re.MULTILINE) for name in line.split(",")}
    shown = {shlex.split(line, comments=True)[3] for line in COMMAND_LINES}
    assert sorted(set(main.commands) - headings) == []
    assert sorted(set(main.commands) - shown) == []


@pytest.mark.parametrize("line", sorted(set(COMMAND_LINES)))
def test_every_command_line_has_options_that_exist(line: str) -> None:
    _, _, _, name, *arguments = shlex.split(line, comments=True)
    main.commands[name].make_context(name, arguments)


def test_every_option_exists_in_some_command() -> None:
    known = {option for command in main.commands.values() for parameter in command.params for option in parameter.opts}
    named = {option for span in CODE_SPANS for option in re.findall(r"^--[a-z-]+", span)}
    assert named <= known | {"--help"}
    assert all(isinstance(command, click.Command) for command in main.commands.values())


def test_every_setting_has_its_line() -> None:
    keys = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    assert [key for key in keys if f"| `{key}` |" not in TEXT] == []


def test_every_shape_register_and_status_is_named() -> None:
    assert missing({*Shape, *REGISTER_FIELDS}) == []
    assert [status for status in Status if status not in NOT_PRODUCED and f"| {status} |" not in TEXT] == []


def test_every_recipe_parses() -> None:
    recipes = [text for text in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL) if text.lstrip().startswith(("name", "shape"))]
    assert {parse_recipe(text, "readme").shape for text in recipes} == set(Shape)


def links(path: Path) -> list[str]:
    """Where a page links to beside the web."""
    return [link for link in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")) if not link.startswith("http")]


def anchors(path: Path) -> set[str]:
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", [README, *HANDED_ON], ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        aim = page.parent / name if name else page
        assert aim.exists() and (not anchor or anchor in anchors(aim)), link


def test_the_readme_is_short_and_leads_to_what_it_hands_on() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    linked = {link.partition("#")[0] for link in links(README)}
    assert {"docs/review.png", "docs/recipes.md", *(path.relative_to(ROOT).as_posix() for path in HANDED_ON)} <= linked


def test_the_json_of_every_command_that_prints_some_is_shown() -> None:
    chapter = HANDED_ON[0].read_text(encoding="utf-8").partition("## JSON")[2].partition("\n## ")[0]
    assert sorted(set(main.commands) - {"serve"} - set(re.findall(r"`(\w+)`", chapter))) == []


def test_every_file_named_exists() -> None:
    named = {span for span in CODE_SPANS if span.startswith(tuple(f"{folder}/" for folder in OURS)) and not span.startswith("data/local")}
    files = {span for span in named if not re.search(r"[<*\s]", span)}
    assert files and [name for name in sorted(files) if not (ROOT / name).exists()] == []
    assert [name for name in ("app.py", "pyproject.toml", "CHANGELOG.md", "LICENSE") if not (ROOT / name).exists()] == []


def test_every_make_target_exists_and_is_named() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {found for span in (*CODE_SPANS, *TEXT.splitlines()) for found in re.findall(r"^make ([a-z]+)", span)}
    assert named == targets


def test_the_two_commands_come_first() -> None:
    assert re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)[0].splitlines() == ["make run", "make test"]


def test_the_picture_is_small() -> None:
    assert (ROOT / "docs" / "review.png").stat().st_size < 200_000


def test_the_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_licences_of_others_are_named() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert all(words in TEXT for words in ("SIL Open Font License 1.1", "Open Government Licence v3.0", "MIT licence"))
