"""The shape of the code, checked on its syntax trees: who may import whom, what pages may not do, how long things get.

Every message says what to do instead. The checks are tried on small pieces of source at the end.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up: a room may use every room below it, and rooms on its own floor.
FLOORS = (
    {"errors", "wording", "processes"},
    {"catalogue"},
    {"settings"},
    {"periods", "fair_periods", "filters", "target_checks"},
    {"warehouse"},
    {"query", "asking", "coverage", "exchange", "options", "reach", "reported", "undivided", "restatements", "undoing"},
    {"performance", "lineage", "quality", "history"},
    {"risk"},
    {"review"},
)
# Rooms beside the tower, with all they may use.
BESIDE = {
    "charts": {"errors", "wording", "catalogue", "settings", "periods"},
    "exports": {"errors", "catalogue"},
    "packs": {"errors", "wording", "catalogue", "settings", "periods", "charts", "exports", "review", "processes"},
    "intake": {
        "errors",
        "wording",
        "catalogue",
        "settings",
        "periods",
        "filters",
        "target_checks",
        "warehouse",
        "restatements",
        "processes",
    },
    "sample": {"errors", "wording", "catalogue", "settings", "periods", "warehouse", "intake"},
    "serving": {"errors"},
}
ENTRANCES = {"__init__", "__main__", "commands"}

MOST_LINES_OF_A_PAGE = 60
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_FILE = 400
SQL = re.compile(r"\b(SELECT\b.*\bFROM|INSERT\s+INTO|UPDATE\b.*\bSET|DELETE\s+FROM|CREATE\s+TABLE)\b|^\s*select\b.*\bfrom\b", re.DOTALL)


def python_files(*folders: str) -> list[str]:
    """Paths below the project's root; a name ending in .py is taken as it is."""
    found = (path for folder in folders for path in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py")))
    return sorted(path.relative_to(ROOT).as_posix() for path in found if path.exists())


def imported(source: str) -> Iterator[str]:
    """The dotted names a source imports, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room_of(dotted: str) -> str:
    """'analytics.warehouse.store' -> 'warehouse'."""
    return f"{dotted}.__init__".split(".")[1]


def allowed_rooms(room: str) -> set[str] | None:
    """What a room may import; None when the room has no place yet."""
    for height, floor in enumerate(FLOORS):
        if room in floor:
            return set().union(*FLOORS[: height + 1])
    return BESIDE[room] | {room} if room in BESIDE else None


def upward_imports(path: str, source: str) -> list[str]:
    """Imports of an analytics file that do not point down."""
    room = room_of(path.removesuffix(".py").replace("/", "."))
    if room in ENTRANCES:
        return []
    allowed = allowed_rooms(room)
    if allowed is None:
        return [f"{path}: the room '{room}' has no place. Give it one in FLOORS or BESIDE of {Path(__file__).name}."]
    own = {name for name in imported(source) if name.startswith("analytics.")}
    return [
        f"{path} imports {name}, which does not lie below '{room}'. Pass what it needs as an argument, or move the code up."
        for name in sorted(own)
        if room_of(name) not in allowed
    ]


def imports_of(path: str, source: str, forbidden: tuple[str, ...], instead: str) -> list[str]:
    """Imports of packages that have no business in this file."""
    names = (name for name in imported(source) if any(f"{name}.".startswith(f"{package}.") for package in forbidden))
    return [f"{path} imports {name}. {instead}" for name in sorted(names)]


def texts_in(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every string literal; an f-string counts as one text with its holes left out."""
    for node in ast.walk(ast.parse(source)):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
        if text:
            yield getattr(node, "lineno", 0), text


def sql_in(path: str, source: str) -> list[str]:
    """String literals that read like SQL."""
    lines = {line for line, text in texts_in(source) if SQL.search(text)}
    return [f"{path}:{line} contains SQL. Put the question into analytics and call it by name." for line in sorted(lines)]


def raw_html_in(path: str, source: str) -> list[str]:
    """Uses of Streamlit's switch that lets text from data become HTML."""
    nodes = ast.walk(ast.parse(source))
    lines = (
        node.lineno
        for node in nodes
        if (isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html")
        or (isinstance(node, ast.Constant) and node.value == "unsafe_allow_html")
    )
    return [f"{path}:{line} allows raw HTML. Use Streamlit's own elements, or text with escaped markdown." for line in lines]


def copies_of_the_catalogue(path: str, source: str) -> list[str]:
    """Constants of a module made from KPIS or MEASURES: they would hold the definitions of whoever imported it first."""
    constants = (node for node in ast.parse(source).body if isinstance(node, ast.Assign | ast.AnnAssign))
    named = {(node.lineno, name.id) for node in constants for name in ast.walk(node) if isinstance(name, ast.Name)}
    instead = "Each folder has its own definitions: look them up where they are needed."
    return [f"{path}:{line} copies {name} at import. {instead}" for line, name in sorted(named) if name in ("KPIS", "MEASURES")]


def too_long(path: str, source: str) -> list[str]:
    """Files and functions beyond what one can take in at a glance."""
    lines = source.count("\n")
    page = path.startswith("pages/") and not path.startswith("pages/components/")
    most = MOST_LINES_OF_A_PAGE if page else MOST_LINES_OF_A_FILE
    instead = "Move its pieces to pages/components and its sums to analytics." if page else "Split it by purpose."
    long_file = [f"{path} has {lines} lines, more than {most}. {instead}"] if lines > most else []
    return long_file + [
        f"{path}:{node.lineno} {node.name} has {length} lines, more than {MOST_LINES_OF_A_FUNCTION}. Take named steps out of it."
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]


def source_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def assert_none(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def test_imports_in_analytics_point_down() -> None:
    assert_none([problem for path in python_files("analytics") for problem in upward_imports(path, source_of(path))])


def test_analytics_works_without_streamlit() -> None:
    instead = "Analytics must run in a notebook or a nightly job: return data and let a page show it."
    assert_none(
        [found for path in python_files("analytics") for found in imports_of(path, source_of(path), ("streamlit", "pages"), instead)]
    )


def test_pages_leave_storage_and_drawing_to_analytics() -> None:
    instead = "Call analytics for numbers and analytics.charts for figures."
    files = python_files("app.py", "pages")
    assert_none([found for path in files for found in imports_of(path, source_of(path), ("duckdb", "plotly"), instead)])
    assert_none([found for path in files for found in sql_in(path, source_of(path))])


def test_figures_are_built_without_plotly_express() -> None:
    instead = "Build the figure with plotly.graph_objects: it is an order of magnitude faster and its colours come from the theme."
    files = python_files("app.py", "analytics", "pages")
    assert_none([found for path in files for found in imports_of(path, source_of(path), ("plotly.express",), instead)])


def test_definitions_are_looked_up_when_they_are_needed() -> None:
    paths = [path for path in python_files("analytics", "pages/components", "app.py") if not path.startswith("analytics/catalogue/")]
    assert_none([problem for path in paths for problem in copies_of_the_catalogue(path, source_of(path))])


def test_pages_lie_in_section_folders() -> None:
    flat = [path for path in python_files("pages") if path.count("/") == 1 and not path.endswith("__init__.py")]
    assert_none([f"{path} lies directly in pages/, where a link to it would skip app.py. Move it into a section folder." for path in flat])


def test_text_never_becomes_html() -> None:
    assert_none([found for path in python_files("app.py", "analytics", "pages") for found in raw_html_in(path, source_of(path))])


def test_pages_functions_and_files_stay_short() -> None:
    files = python_files("app.py", "analytics", "pages", "bench", "tests")
    assert_none([found for path in files for found in too_long(path, source_of(path))])


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("analytics/errors.py", "from analytics.catalogue import KPIS"),
        ("analytics/warehouse/store.py", "from analytics.query import kpi_frame"),
        ("analytics/query.py", "from analytics.intake import load_file"),
        ("analytics/performance/targets.py", "import analytics.risk.matrix"),
        ("analytics/charts/trend.py", "def draw():\n    from analytics import warehouse"),
        ("analytics/charts/trend.py", "from analytics.query import kpi_frame"),
        ("analytics/attic.py", ""),
    ],
)
def test_an_import_upwards_is_found(path: str, source: str) -> None:
    assert len(upward_imports(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("analytics/warehouse/store.py", "from analytics.warehouse.scope import Scope\nimport duckdb"),
        ("analytics/risk/heatmap.py", "from analytics.performance import report\nfrom analytics.catalogue import KPIS"),
        ("analytics/commands/data.py", "from analytics.intake import load_file"),
        ("analytics/charts/trend.py", "from analytics.catalogue.units import Unit"),
    ],
)
def test_an_import_downwards_is_fine(path: str, source: str) -> None:
    assert upward_imports(path, source) == []


def test_forbidden_packages_are_found_by_whole_name() -> None:
    assert len(imports_of("p.py", "import plotly.express as px\nfrom plotly import graph_objects", ("plotly",), "")) == 2
    assert len(imports_of("p.py", "from plotly import express", ("plotly.express",), "")) == 1
    assert imports_of("p.py", "import plotlyish", ("plotly",), "") == []


def test_sql_is_told_from_prose() -> None:
    assert len(sql_in("p.py", 'q = f"SELECT {x}\\nFROM performance"')) == 1
    assert len(sql_in("p.py", 'q = "SELECT vendor\\nFROM performance"')) == 1
    assert len(sql_in("p.py", 'q = "select vendor from performance"')) == 1
    assert sql_in("p.py", 't = "Select a vendor from the list. Update the data set."') == []


def test_raw_html_is_found_in_calls_and_dictionaries() -> None:
    assert len(raw_html_in("p.py", "st.markdown(text, unsafe_allow_html=True)")) == 1
    assert len(raw_html_in("p.py", "st.markdown(text, **{'unsafe_allow_html': True})")) == 1


def test_a_copy_of_the_catalogue_is_found() -> None:
    assert copies_of_the_catalogue("x.py", "PARTS = {part for measure in MEASURES.values() for part in measure.parts}")
    assert copies_of_the_catalogue("x.py", "def parts():\n    return [kpi for kpi in KPIS]") == []


def test_length_is_counted_per_page_file_and_function() -> None:
    assert len(too_long("pages/risk/matrix.py", "x = 1\n" * 61)) == 1
    assert too_long("pages/components/cards.py", "x = 1\n" * 61) == []
    assert len(too_long("analytics/query.py", "x = 1\n" * 401)) == 1
    assert len(too_long("analytics/query.py", "def f():\n" + "    x = 1\n" * 40)) == 1
    assert too_long("analytics/query.py", "def f():\n" + "    x = 1\n" * 39) == []
