"""What a column may mean by its name: the words of the catalogue and of other systems, exactly first, then nearly."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from analytics.catalogue import DIMENSIONS, current
from analytics.catalogue.current import Catalogue
from analytics.intake.recognise.headers import Header, phrase_forms
from analytics.intake.recognise.words import Role, own_words

FUZZY_CUTOFF = 85
_SHORTEST_FUZZY = 6
_ALIKE = 70


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a column can be: measure contacts_offered, dimension vendor, the outcome of a contact."""

    role: Role
    id: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A meaning with its reason and how sure it is (0 to 1)."""

    meaning: Meaning
    reason: str
    confidence: float


def guesses(header: Header, roles: tuple[Role, ...]) -> list[Guess]:
    """What a column may mean by its name: exact matches first, else near ones of at least 85 of 100."""
    table = _table(current())
    found: list[Guess] = []
    for form, confidence in (
        (header.words, 1.0),
        (" ".join(sorted(header.words.split())), 0.97),
        (header.plain, 0.95),
        (header.core, 0.93),
    ):
        for role in roles:
            found += [Guess(meaning, _reason(header, meaning), confidence) for meaning in table[role].get(form, ())]
    return list({guess.meaning: guess for guess in reversed(found)}.values())[::-1] or _near(header, roles, table)


def _reason(header: Header, meaning: Meaning) -> str:
    named = meaning.id.replace("_", " ")
    return "named so" if header.words == named else f"'{header.name}' is another word for {named}"


def _near(header: Header, roles: tuple[Role, ...], table: "_Table") -> list[Guess]:
    if len(header.core) < _SHORTEST_FUZZY:
        return []
    found: list[Guess] = []
    for role in roles:
        known = [phrase for phrase in table[role] if len(phrase) >= _SHORTEST_FUZZY and _is_word_by_word(header.core, phrase)]
        best = process.extractOne(header.core, known, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF)
        if best:
            phrase, score, _ = best
            reason = f"'{header.name}' is nearly '{phrase}' ({score:.0f} of 100)"
            found += [Guess(meaning, reason, round(score / 100 * 0.9, 2)) for meaning in table[role][phrase]]
    return sorted(found, key=lambda guess: -guess.confidence)


def _is_word_by_word(core: str, phrase: str) -> bool:
    """Every word has its counterpart, spelled almost alike: 'rank' is no spelling of 'rate'."""
    pairs = list(zip(core.split(), phrase.split(), strict=False))
    return len(core.split()) == len(phrase.split()) and all(fuzz.ratio(one, other) >= _ALIKE for one, other in pairs)


_Table = dict[Role, dict[str, tuple[Meaning, ...]]]


@lru_cache(maxsize=8)
def _table(catalogue: Catalogue) -> _Table:
    """Role -> phrase -> meanings, of our own words and of the catalogue's."""
    named: dict[Role, dict[str, dict[Meaning, None]]] = {role: {} for role in Role}

    def add(role: Role, id: str, phrases: tuple[str, ...]) -> None:
        for phrase in phrases:
            for form in phrase_forms(phrase):
                named[role].setdefault(form, {})[Meaning(role, id)] = None

    for role, entries in own_words().items():
        for id, phrases in entries.items():
            add(role, id, phrases)
    for measure in catalogue.measures.values():
        add(Role.MEASURE, measure.id, (measure.id.replace("_", " "), measure.label, *measure.synonyms))
    for kpi in catalogue.kpis.values():
        if kpi.denominator:
            add(Role.KPI, kpi.id, (kpi.id.replace("_", " "), kpi.label, *kpi.synonyms))
    for dimension in DIMENSIONS.values():
        add(Role.DIMENSION, dimension.id, (dimension.id, dimension.label))
    return {role: {phrase: tuple(meanings) for phrase, meanings in phrases.items()} for role, phrases in named.items()}
