"""Small files for tests of recognition: text in, recognition out."""

import tomllib

from analytics.intake.originals import Original
from analytics.intake.recognise import Recognition, recognise


def recognised(text: str | bytes, name: str = "export.csv", **answers: str) -> Recognition:
    """What a file with this content is recognised as; answers by key, a dot in it written as __."""
    content = text.encode() if isinstance(text, str) else text
    return recognise(Original.of(content, name), {key.replace("__", "."): value for key, value in answers.items()})


def recipe_of(text: str | bytes, **answers: str) -> dict:
    """The proposed recipe as plain values."""
    return tomllib.loads(recognised(text, **answers).recipe.text)


def open_keys(text: str | bytes, **answers: str) -> list[str]:
    """The keys of the open questions."""
    return [question.key for question in recognised(text, **answers).questions]


def by_day(*days: str, header: str = "Date") -> str:
    """A file of one vendor with one row per day."""
    return f"{header},Vendor,Calls\n" + "".join(f'"{day}",Acme,{10 + index}\n' for index, day in enumerate(days))


def with_column(header: str, *cells: str) -> str:
    """A file of one vendor with a count and one more column."""
    rows = "".join(f'2026-03-{13 + index},Acme,{1000 + index},"{cell}"\n' for index, cell in enumerate(cells))
    return f"Date,Vendor,Calls answered,{header}\n{rows}"
