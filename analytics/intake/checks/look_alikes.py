"""Names that are known already, written differently: matched where only case, blanks or the form of characters differ, else asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analytics.catalogue import DIMENSIONS
from analytics.intake.checks.rows import MOST_NAMES, Rows, listed
from analytics.intake.checks.spelling import ALMOST_SURE, folded, in_latin, likeness, scripts, skeleton
from analytics.intake.problems import Choice, Issue, Level, Question

NEW = "new"
ASKED = ("vendor", "site", "lob")
_MOST_COMPARED = 2_000  # names; typos are looked for among fewer than these
_RARE = 0.2  # a typo is rarer than the name it stands for
_MAP = "Rename it with map in the recipe, or answer with --set."


@dataclass
class NameFindings:
    """What the names of a file come to. `renamed`: dimension -> written -> stored."""

    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def name_findings(tables: Sequence[Rows], known: Mapping[str, Collection[str]], answers: Mapping[str, str]) -> NameFindings:
    """The names of every dimension held against those known and against each other; `answers`: 'vendor.<written>' -> a name, or 'new'."""
    found = NameFindings()
    for dimension in DIMENSIONS:
        counts = pd.concat([rows.frame[dimension] for rows in tables]).value_counts(sort=True)
        written = {str(name): int(count) for name, count in counts.items()}
        _Names(dimension, written, known.get(dimension, ()), tables, found).judge(answers)
    return found


@dataclass
class _Names:
    """The names of one dimension in one file, judged one by one, the most frequent first."""

    dimension: str
    written: Mapping[str, int]
    known: Collection[str]
    tables: Sequence[Rows]
    found: NameFindings

    def judge(self, answers: Mapping[str, str]) -> None:
        self.accepted = dict.fromkeys(self.known, 0)
        self.by_fold = {folded(name): name for name in self.known}
        self.by_skeleton = {skeleton(name): name for name in self.known}
        for name, count in self.written.items():
            if name not in self.accepted:
                self._judge(name, count, answers.get(f"{self.dimension}.{name}"))

    def _judge(self, name: str, count: int, answer: str | None) -> None:
        if answer is not None:
            self._answered(name, count, answer)
        elif same := self.by_fold.get(folded(name)):
            self._rename(name, same, "they differ only in case, blanks or the form of their characters")
        elif (looks_like := self.by_skeleton.get(skeleton(name))) and self.dimension in ASKED:
            self._ask(name, looks_like, "looks like")
        elif looks_like is None and len(mixed := scripts(name)) > 1 and in_latin(name) != name:
            self._ask(name, in_latin(name), f"mixes {' and '.join(mixed)} letters and looks like")
        else:
            self._typo_or_new(name, count)

    def _answered(self, name: str, count: int, answer: str) -> None:
        if answer in (NEW, name):
            self._accept(name, count)
        else:
            self._rename(name, answer, "as answered")

    def _typo_or_new(self, name: str, count: int) -> None:
        near, score, is_known = self._nearest(name, count)
        if score >= ALMOST_SURE and is_known and self.dimension == "vendor":
            self._ask(name, near, "is spelt almost like")
            return
        if score:
            message = f"The {self.dimension} '{name}' is new and looks like '{near}'."
            remedy = "If they are one, rename it with map in the recipe."
            self.found.issues.append(self._issue(Level.WARNING, "new_name", name, message, remedy))
        self._accept(name, count)

    def _nearest(self, name: str, count: int) -> tuple[str, float, bool]:
        """(name, likeness, whether it is stored) of the most alike: of those stored that the file itself has not, and of frequent ones."""
        if len(self.accepted) > _MOST_COMPARED:
            return "", 0, False
        others = [other for other, rows in self.accepted.items() if other not in self.written or count <= rows * _RARE]
        likely = max(((likeness(name, other), other) for other in others), default=(0.0, ""))
        return likely[1], likely[0], likely[1] in self.known

    def _accept(self, name: str, count: int) -> None:
        self.accepted[name] = count
        self.by_fold.setdefault(folded(name), name)
        self.by_skeleton.setdefault(skeleton(name), name)

    def _rename(self, name: str, stored: str, why: str) -> None:
        self.found.renamed.setdefault(self.dimension, {})[name] = stored
        message = f"The {self.dimension} '{name}' is stored as '{stored}': {why}."
        self.found.issues.append(self._issue(Level.INFO, "same_name", name, message, ""))
        self.accepted.setdefault(stored, 0)

    def _ask(self, name: str, other: str, how: str) -> None:
        if self.dimension not in ASKED:
            return
        kind = self.dimension
        text = f"The {kind} '{name}' {how} '{other}'{'' if other in self.accepted else ', which is not known either'}. Which is it?"
        choices = (Choice(other, f"its rows are stored under '{other}'"), Choice(NEW, f"'{name}' is a {kind} of its own"))
        self.found.questions.append(Question(f"{kind}.{name}", text, choices))
        self.found.issues.append(self._issue(Level.WARNING, "look_alike", name, f"The {kind} '{name}' {how} '{other}'.", _MAP))

    def _issue(self, level: Level, code: str, name: str, message: str, remedy: str) -> Issue:
        rows = next(rows for rows in self.tables if (rows.frame[self.dimension] == name).any())
        return rows.finding(level, code, rows.frame[self.dimension] == name, message, remedy, self.dimension)


def new_vendors(tables: Sequence[Rows], delivering: Collection[str], doubtful: Collection[str]) -> list[Issue]:
    """A remark where a source that is known brings vendors it never had; `doubtful`: those that are asked about."""
    written = dict.fromkeys(name for rows in tables for name in rows.frame["vendor"].unique())
    new = [str(name) for name in written if name not in delivering and name not in doubtful]
    if not delivering or not new:
        return []
    words = "A vendor is" if len(new) == 1 else f"{len(new):,} vendors are"
    return [Issue(Level.INFO, "new_vendor", f"{words} new in this source: {listed(new, MOST_NAMES)}.", count=len(new), example=new[0])]
