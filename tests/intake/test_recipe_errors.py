"""For every key and every word of the recipe language: written wrong, the error names line, key and the nearest valid name."""

import pytest

from analytics.catalogue import KPIS, MEASURES
from analytics.errors import IntakeError
from analytics.intake import parse_recipe
from analytics.intake.recipe import DURATION_UNITS, GRAINS, CellUnit, OrderType, Shape
from analytics.intake.recipe_dates import DATE_ORDERS
from analytics.intake.recipe_keys import KEYS, keys_of
from analytics.intake.register_fields import REGISTER_FIELDS

TOP = 'shape = "{shape}"\nsource = "acd"\n{recipe}\n'
MATCH = '[match]\ncolumns = ["Date"]\n{match}\n'
ROWS = '[rows]\nexclude = [{{column = "Site", equals = ["Total"]{condition}}}]\n{rows}\n'
FOLD = 'fold_by = "Ticket"\norder_by = {{column = "Revision", type = "integer"{order_by}}}\n'
PERIOD = '[dimensions]\n{dimensions}\nperiod_start = {{column = "Date", grain = "day"{period_start}}}\n'
VENDOR = 'vendor = {{column = "Vendor"{text}}}\n'
THRESHOLD = '[threshold_seconds]\ncolumn = "T"\n{threshold}\n'
TOTALS = '[measures]\ncontacts_offered = {{column = "Calls"{measure}}}\n'
CONTACTS = '[measures]\ncontacts_transferred = {{column = "Transfers"{measure}}}\n'
RATIOS = '[kpis]\ncsat = {{column = "CSAT", unit = "percent"{kpi}}}\n'
RESULTS = '[scorecard]\nkpi = {{column = "KPI"}}\nactual = {{column = "Actual"{result}}}\n{scorecard}\n'
LIST = 'register = "events"\n[columns]\n{columns}\n'

_COMMON = TOP + MATCH + ROWS
_DATED = PERIOD + VENDOR
SKELETONS = {
    Shape.AGGREGATES: [_COMMON + _DATED + THRESHOLD + TOTALS + RATIOS],
    Shape.INTERACTIONS: [_COMMON + _DATED + THRESHOLD + CONTACTS],
    Shape.EVENTS: [_COMMON + FOLD + _DATED + THRESHOLD + CONTACTS],
    Shape.SCORECARD: [_COMMON + _DATED + RATIOS, _COMMON + _DATED + RESULTS],
    Shape.REGISTER: [TOP.replace("\n{recipe}", '\nregister = "events"\n{recipe}') + MATCH + ROWS],
}
INLINE = ("condition", "order_by", "period_start", "text", "measure", "kpi", "result")
PLACES = [(part, shape) for part in KEYS for shape in Shape if keys_of(part, shape)]


def recipe_with(part: str, shape: Shape, entry: str) -> str:
    """A right recipe with one more entry in this part."""
    skeleton = next(text for text in SKELETONS[shape] if f"{{{part}}}" in text)
    parts = dict.fromkeys((*KEYS, "columns"), "") | {part: f", {entry}" if part in INLINE else entry, "shape": shape}
    return skeleton.format(**parts)


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


def refusal(text: str) -> IntakeError:
    with pytest.raises(IntakeError) as refused:
        parse_recipe(text, "test")
    return refused.value


@pytest.mark.parametrize(("part", "shape"), PLACES)
def test_the_recipes_tried_here_are_right_but_for_the_mistake(part: str, shape: Shape) -> None:
    assert parse_recipe(recipe_with(part, shape, "").replace(", }", "}"), "test").shape is shape


@pytest.mark.parametrize(
    ("part", "shape", "key"),
    [(part, shape, key) for part, shape in PLACES for key in keys_of(part, shape) if key not in ("shape", "source")],
)
def test_a_key_written_wrong(part: str, shape: Shape, key: str) -> None:
    wrong = key + key[-1]
    text = recipe_with(part, shape, f"{wrong} = 1")
    problem = refusal(text)
    assert f"line {line_with(text, f'{wrong} = 1')}: unknown key '{wrong}'" in problem.message
    assert "Did you mean: " in problem.remedy and key in problem.remedy


@pytest.mark.parametrize(
    ("part", "shape", "key"),
    [(part, shape, key) for part, shape in PLACES for key, shapes in KEYS[part].items() if shape not in shapes],
)
def test_a_key_of_another_shape(part: str, shape: Shape, key: str) -> None:
    text = recipe_with(part, shape, f"{key} = 1")
    problem = refusal(text)
    assert f"line {line_with(text, f'{key} = 1')}: '{key}' is for shape = " in problem.message
    assert all(f'"{knowing}"' in problem.message for knowing in KEYS[part][key])
    assert problem.remedy


@pytest.mark.parametrize("shape", [shape for shape in Shape if shape is not Shape.REGISTER])
@pytest.mark.parametrize(
    ("part", "key", "place"),
    [
        ("rows", "sheet", "the top of the recipe"),
        ("recipe", "exclude", "[rows]"),
        ("recipe", "grain", "period_start"),
        ("dimensions", "others", "a dimension"),
        ("text", "from_zone", "period_start"),
    ],
)
def test_a_key_in_the_wrong_place(shape: Shape, part: str, key: str, place: str) -> None:
    problem = refusal(recipe_with(part, shape, f"{key} = 1"))
    assert f"unknown key '{key}' in" in problem.message and place in problem.remedy


EVENTS = recipe_with("recipe", Shape.EVENTS, "")
WORDS = [
    *(("shape", f'shape = "{shape}"', f'shape = "{shape}', recipe_with("recipe", shape, "")) for shape in Shape),
    *(("grain", f'grain = "{grain}"', f'grain = "{grain}', EVENTS.replace('"day"', f'"{grain}"')) for grain in GRAINS),
    *(("type", f'type = "{kind}"', f'type = "{kind}', EVENTS.replace('"integer"', f'"{kind}"')) for kind in OrderType),
    *(("unit", f'unit = "{u}"', f'unit = "{u}', recipe_with("condition", Shape.EVENTS, f'unit = "{u}"')
       .replace('equals = ["Total"]', "at_most = 1")) for u in CellUnit),
    *(("unit", f'unit = "{u}"', f'unit = "{u}', EVENTS.replace('contacts_transferred = {column = "Transfers"',
       f'talk_seconds = {{column = "Talk", unit = "{u}"')) for u in DURATION_UNITS),
    *(("date_order", f'date_order = "{o}"', f'date_order = "{o}', recipe_with("recipe", Shape.EVENTS, f'date_order = "{o}"'))
      for o in DATE_ORDERS),
    *(("duplicates", f'duplicates = "{d}"', f'duplicates = "{d}', recipe_with("rows", Shape.AGGREGATES, f'duplicates = "{d}"'))
      for d in ("refuse", "sum")),
    *(("register", f'register = "{r}"', f'register = "{r}', f'shape = "register"\nregister = "{r}"\n') for r in REGISTER_FIELDS),
    *((zone_key, f'{zone_key} = "Europe/Warsaw"', f'{zone_key} = "Europe/Warsaw',
       recipe_with("period_start", Shape.EVENTS, 'format = "%Y-%m-%d %H:%M", from_zone = "Europe/Warsaw", to_zone = "UTC"')
       .replace('from_zone = "Europe/Warsaw", to_zone = "UTC"', 'from_zone = "Europe/Warsaw", to_zone = "Europe/Warsaw"'))
      for zone_key in ("from_zone", "to_zone")),
]  # fmt: skip


@pytest.mark.parametrize(("key", "right", "stem", "text"), WORDS)
def test_a_word_written_wrong(key: str, right: str, stem: str, text: str) -> None:
    assert right in text
    word = right.split('"')[1]
    wrong = text.replace(right, f'{stem}{word[-1]}"', 1)
    problem = refusal(wrong)
    assert f"line {line_with(wrong, f'{stem}{word[-1]}')}: " in problem.message and word in problem.remedy
    assert key in problem.message or key.endswith("_zone")


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_written_wrong(name: str) -> None:
    wrong = recipe_with("recipe", Shape.EVENTS, "").replace("contacts_transferred", name + name[-1])
    problem = refusal(wrong)
    assert f"line {line_with(wrong, name + name[-1])}: unknown measure '{name}{name[-1]}'" in problem.message and name in problem.remedy


@pytest.mark.parametrize("name", [name for name in KPIS if "." not in name])
def test_a_kpi_written_wrong(name: str) -> None:
    wrong = recipe_with("recipe", Shape.SCORECARD, "").replace("csat", name + name[-1])
    problem = refusal(wrong)
    assert f"line {line_with(wrong, name + name[-1])}: unknown KPI '{name}{name[-1]}'" in problem.message and name in problem.remedy


@pytest.mark.parametrize("register", REGISTER_FIELDS)
def test_a_field_of_a_register_written_wrong(register: str) -> None:
    for field in REGISTER_FIELDS[register]:
        text = f'shape = "register"\nregister = "{register}"\n[columns]\n{field}{field[-1]} = "X"\n'
        assert "line 4: unknown key" in refusal(text).message and field in refusal(text).remedy
