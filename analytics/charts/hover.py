"""What a reader is told on pointing at something: shared words stand once in the template, only what differs is sent for each point.

A click or a selection returns the first columns; the template reads the columns behind them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from analytics.catalogue import Kpi, Term
from analytics.catalogue.units import NOT_MEASURED_TEXT
from analytics.charts.parts import Spec, amount_suffix, escape, measure_words, whole_amounts

MOST_VARYING_WORDS = 2
# Numbers a browser prints exactly as they are written here.
_PLAIN_NUMBER = re.compile(r"0|-?[1-9]\d{0,8}|-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]")


class Facts:
    """The facts of some points, column by column, and the places in a hover template that read them."""

    def __init__(self, *returned: Sequence[object]) -> None:
        """`returned`: the columns a click returns, in their order."""
        self._columns: list[list[object]] = [list(column) for column in returned]

    def place(self, column: Sequence[object], form: str = "") -> str:
        """A place for one value of each point, in a d3 format such as ':,d'. Text must be escaped; it is never read as template."""
        values = list(column)
        if values not in self._columns:
            self._columns.append(values)
        return f"%{{customdata[{self._columns.index(values)}]{form}}}"

    def words(self, texts: Sequence[str]) -> str:
        """Escaped words of our own, not a user's: what all points share becomes template, one or two words that differ a place each."""
        different = list(dict.fromkeys(texts))
        parts = list(zip(*(text.split(" ") for text in different), strict=False))
        varying = {words for words in parts if len(set(words)) > 1}
        if len({text.count(" ") for text in different}) > 1 or len(varying) > MOST_VARYING_WORDS:
            return self.said(texts)
        return " ".join(self._word(texts, dict(zip(different, words, strict=True))) for words in parts)

    def _word(self, texts: Sequence[str], word_of: Mapping[str, str]) -> str:
        """One of the words of each text: template where it is the same in all."""
        shortest = {text: _shortest(word) for text, word in word_of.items()}
        return self.place([shortest[text] for text in texts]) if len(set(word_of.values())) > 1 else _literal(word_of[texts[0]])

    def said(self, texts: Sequence[str]) -> str:
        """Escaped texts as a whole: template where all are equal, else a place."""
        return _literal(texts[0]) if len(set(texts)) == 1 else self.place(texts)

    def lines(self, hovers: Sequence[str]) -> list[str]:
        """Whole hovers (escaped) with equally many lines, line by line."""
        return [self.said(line) for line in zip(*(hover.split("<br>") for hover in hovers), strict=True)]

    def counts(self, amounts: Sequence[int | None]) -> str:
        """Whole numbers with thousands separated; '-' where one is not known."""
        if None in amounts:
            return self.words([NOT_MEASURED_TEXT if amount is None else f"{amount:,}" for amount in amounts])
        return self.place(amounts, ":,d") if len(set(amounts)) > 1 else f"{amounts[0]:,}"

    def spec(self, lines: Iterable[str]) -> Spec:
        """Template and customdata of a trace; empty lines are left out. Without a name of its own Plotly would add 'trace 3'."""
        rows = {"customdata": _Rows(map(list, zip(*self._columns, strict=True)))} if self._columns else {}
        return rows | {"name": "", "hovertemplate": "<br>".join(line for line in lines if line)}


class _Rows(list):
    """Rows nobody changes: Plotly copies all it is given, which for a thousand rows takes longer than making them."""

    def __deepcopy__(self, memo: dict) -> "_Rows":
        return self


def _shortest(word: str) -> object:
    """A number where that prints the same, without its quotes."""
    if not _PLAIN_NUMBER.fullmatch(word):
        return word
    return float(word) if "." in word else int(word)


def _literal(word: str) -> str:
    """A word that is part of a template: nothing in it is a place."""
    return word.replace("%{", "&#37;{")


def counted(facts: Facts, kpi: Kpi, above: Sequence[float | None], below: Sequence[float | None]) -> str:
    """'19,221 answered within threshold / 25,697 contacts offered' with places for the counts; '-' where one is not known."""
    counts = _amounts(facts, kpi.numerator_terms, above)
    return f"{counts} / {_amounts(facts, kpi.denominator_terms, below)}" if kpi.denominator_terms else counts


def _amounts(facts: Facts, terms: tuple[Term, ...], amounts: Sequence[float | None]) -> str:
    whole = whole_amounts(terms, amounts)
    suffix = amount_suffix(terms) if any(amount is not None for amount in whole) else ""
    return f"{facts.counts(whole)}{suffix} {measure_words(terms)}"


def bold(words: str) -> str:
    """Words or places in bold."""
    return f"<b>{words}</b>"


def vendor_names(vendors: Sequence[str | None]) -> list[str]:
    """Vendors as they are written in a hover, escaped; None is the portfolio."""
    return [escape(vendor or "All vendors") for vendor in vendors]
