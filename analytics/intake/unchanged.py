"""Files that are stored already are recognised by their place, size and time, without being read."""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from analytics.intake.recipe import Recipe
from analytics.intake.report import FileReport, Status
from analytics.warehouse import Scope, Warehouse

# A file written this shortly before it was loaded may have changed since without its time telling so.
SETTLED_SECONDS = 2.0
_SAME_FILE = """
    SELECT batch_id, rows_read, rows_accepted, rows_rejected, loaded_at, answers FROM batches
    WHERE status = 'active' AND file_path = $path AND file_bytes = $bytes AND file_modified_ns = $modified
        AND recipe_text = $recipe AND file_name = $name"""


def unchanged(warehouse: Warehouse, path: Path, recipe: Recipe, answers: Mapping[str, str]) -> FileReport | None:
    """The report of a file that is stored already by this recipe and was not written since; None where it must be read to know."""
    if answers or not warehouse.exists:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    asked = {
        "path": str(path.absolute()), "bytes": found.st_size, "modified": found.st_mtime_ns, "recipe": recipe.text, "name": path.name,
    }  # fmt: skip
    for batch in warehouse.open().select(Scope.everything(), _SAME_FILE, asked).to_dict("records"):
        loaded = batch["loaded_at"].to_pydatetime().replace(tzinfo=UTC).timestamp()
        if loaded - found.st_mtime > SETTLED_SECONDS:
            counts = (int(batch["rows_read"]), int(batch["rows_accepted"]), int(batch["rows_rejected"]))
            return FileReport(path.name, recipe.shape.value, recipe.source, recipe.name, Status.UNCHANGED, batch["batch_id"], *counts)
    return None
