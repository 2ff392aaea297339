"""The parts of a recipe about texts and constants: dimensions, threshold, currency."""

from analytics.catalogue import DIMENSIONS
from analytics.intake.cells import clean_text
from analytics.intake.recipe import Shape, TextField
from analytics.intake.sections import Section


def read_dimensions(dimensions: Section, shape: Shape) -> dict[str, TextField]:
    """Vendor, and whatever else tells rows apart."""
    if "vendor" not in dimensions.values:
        dimensions.fail("", "[dimensions] has no vendor.", 'Add vendor = {column = "Provider"} or vendor = {constant = "Acme"}.')
    return {name: read_text(section, shape) for name, section in dimensions.tables().items() if name in DIMENSIONS}


def read_text(section: Section, shape: Shape) -> TextField:
    """A text from a column, renamed by a map, or the same text for every row."""
    section.only("text", shape)
    column, constant = column_or_constant(section)
    renamed = section.table("map")
    names = {clean_text(key): renamed.string(key) for key in renamed.values} if renamed else {}
    others, refuse_others = section.optional("others"), section.flag("refuse_others")
    for key in ("map", "others", "refuse_others"):
        if key in section.values and constant is not None:
            section.fail(key, f"a constant needs no {key}.", "Remove one of them.")
        if key != "map" and key in section.values and not names:
            section.fail(key, f"{key} stands without a map.", 'Name the values that are known: map = {"Acme GmbH" = "Acme"}.')
    if others is not None and refuse_others:
        section.fail(
            "others",
            "others and refuse_others exclude each other.",
            "Keep others to collect unknown values, refuse_others to refuse their rows.",
        )
    if others is not None and not clean_text(others):
        section.fail("others", "others is empty.", 'Name what unknown values become: others = "Other".')
    return TextField(column, constant, names, others, refuse_others)


def column_or_constant(section: Section) -> tuple[str | None, str | None]:
    """Exactly one of the two."""
    column, constant = section.optional("column"), section.optional("constant")
    if (column is None) == (constant is None):
        section.fail("", f"{section.title} needs either a column or a constant.", 'Write {column = "Header"} or {constant = "..."}.')
    return column, constant


def read_threshold(root: Section, shape: Shape) -> TextField | None:
    """threshold_seconds = 20, or {column = "..."}."""
    if isinstance(root.values.get("threshold_seconds"), dict):
        section = root.table("threshold_seconds")
        assert section is not None
        section.only("threshold", shape)
        return TextField(column=section.required("column", '"Header"'))
    number = root.number("threshold_seconds")
    return None if number is None else TextField(constant=number)


def read_currency(root: Section, shape: Shape) -> TextField | None:
    """currency = "EUR", or a text field."""
    if "currency" not in root.values:
        return None
    if isinstance(root.values["currency"], dict):
        section = root.table("currency")
        assert section is not None
        return read_text(section, shape)
    return TextField(constant=root.required("currency", '"EUR"'))
