"""The README's table of shipped recipes, made from their files: `python -m tests.docs.recipe_table` writes it into the README."""

import re
from collections.abc import Iterator

from analytics.intake import Recipe, Shape, read_recipe
from analytics.intake.load import SHIPPED_RECIPES
from tests.docs.kpi_table import README

BEGIN, END = "<!-- recipes: begin -->", "<!-- recipes: end -->"
REMEDY = "Write it again with: python -m tests.docs.recipe_table"
PLAIN = ("contacts", "daily_calls", "ticket_list", "survey_responses")
_ADDRESS = re.compile(r"https://[^\s,)]+")


def shipped() -> dict[str, Recipe]:
    """File name without ending -> recipe."""
    return {path.stem: read_recipe(path) for path in sorted(SHIPPED_RECIPES.glob("*.toml"))}


def is_of_a_tool(recipe: Recipe) -> bool:
    """Whether it reads the export of a tool whose layout is published: its description says where."""
    return bool(_ADDRESS.search(recipe.description))


def recipe_table() -> str:
    """The recipes of tools, then those with plain headers: file, shape, description."""
    tools = [name for name, recipe in shipped().items() if is_of_a_tool(recipe)]
    rest = [name for name, recipe in shipped().items() if name not in (*tools, *PLAIN) and recipe.shape is not Shape.REGISTER]
    registers = [name for name, recipe in shipped().items() if recipe.shape is Shape.REGISTER]
    return "\n".join(
        (
            "| recipe | shape | reads |",
            "| --- | --- | --- |",
            *_rows(tools),
            *_rows(PLAIN),
            f"\nOf the sample: {_listed(rest)}. Registers under the names of their fields: {_listed(registers)}.",
        )
    )


def _rows(names: list[str] | tuple[str, ...]) -> Iterator[str]:
    for name in names:
        recipe = shipped()[name]
        yield f"| `{name}` | {recipe.shape} | {_ADDRESS.sub(lambda address: f'<{address[0]}>', recipe.description)} |"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def block(text: str) -> str:
    """What stands between the markers."""
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def with_table(text: str) -> str:
    """The README with the table of today between the markers."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{recipe_table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
