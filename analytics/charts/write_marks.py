"""Write the marks that pages refer to as files: `python -m analytics.charts.write_marks`, after a change of a mark or a colour."""

from pathlib import Path
from typing import get_args

from analytics.charts.images import mark_files
from analytics.charts.theme import Mode

FOLDER = Path(__file__).resolve().parents[2] / "static" / "marks"


def write_marks(folder: Path = FOLDER) -> None:
    """One folder per mode, one SVG file per mark."""
    for mode in get_args(Mode):
        (folder / mode).mkdir(parents=True, exist_ok=True)
        for name, svg in mark_files(mode).items():
            (folder / mode / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_marks()
