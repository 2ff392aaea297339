"""What people write in a quarterly review: other words for a sentence made by rule, and comments of their own.

    row = sentence_row(review, "headline", "A good quarter.", "Ana Reyes", today, scope=scope)
    report = entered(warehouse, "commentary", rows_for(row, EVERYBODY, standing(store, scope, review)), who)
    words = commentary(store, scope, review, filters)      # those that stand for this review
    review = with_commentary(review, words)                # each marked as theirs; what the rule had said stays beside it

Words belong to a quarter, to the review of all vendors or of one, and to one audience or all: whoever writes on the page writes for every
audience that has the sentence; in a vendor's own pack only if they say so. They are rows of the register `commentary` and go the way of
every file: a batch, who brought it, an undo. Newer words at the same place stand in place of older ones; empty ones
take them back. Words on all vendors may speak of any of them: they exist only for who sees all vendors.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from analytics.asking import Reader
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.performance.notes import LONGEST_NAME, LONGEST_NOTE, Entered
from analytics.review.model import Audience, Line, Lines, QuarterlyReview, Section, Sentence
from analytics.warehouse.scope import Scope

REGISTER = "commentary"
EVERYBODY: tuple[str, ...] = ("",)
OUR_OWN: tuple[str, ...] = (Audience.EXECUTIVE, Audience.OPERATIONS)
COMMENTS = "comments"
OWN = "own/"
_TITLE = "Comments"
_NO_FILTER = "Leave all filters out, or choose one vendor only: words are kept for the review of all vendors or of one."


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote at a place of a quarter's review ('' as vendor or audience: of all); an empty `body` takes it back.

    `earlier`: what stood at the same place before, the newest first.
    """

    quarter: str
    place: str
    vendor: str
    audience: str
    author: str
    written_on: date
    body: str
    entered: Entered
    earlier: tuple["Comment", ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it stands for itself, in place of no sentence."""
        return self.place.startswith(OWN)


def commentary(store: Reader, scope: Scope, review: QuarterlyReview, filters: Filters | None = None) -> list[Comment]:
    """What stands for this review, withdrawn words included (with an empty body); none under a filter that is more than one vendor."""
    return [comment for comment in standing(store, scope, review, filters) if comment.audience in ("", review.audience)]


def standing(store: Reader, scope: Scope, review: QuarterlyReview, filters: Filters | None = None) -> list[Comment]:
    """What stands for this quarter and vendor, for whichever audience: as `commentary`."""
    vendor = vendor_of(review, filters or Filters())
    found = [] if vendor is None else _read(store, scope, review.quarter, vendor)
    threads: dict[tuple[str, str], list[Comment]] = {}
    for comment in found:
        threads.setdefault((comment.place, comment.audience), []).append(comment)
    return [replace(newest, earlier=tuple(older)) for newest, *older in threads.values()]


def vendor_of(review: QuarterlyReview, filters: Filters) -> str | None:
    """The vendor whose words a review shows, '' those on all, None for a choice between."""
    if filters.dimensions not in ((), ("vendor",)) or len(filters.vendor) > 1:
        return None
    if review.audience is Audience.VENDOR:
        return review.vendors[0] if len(review.vendors) == 1 else None
    return "".join(filters.vendor)


def _read(store: Reader, scope: Scope, quarter: str, vendor: str) -> list[Comment]:
    """Every accepted row of this quarter and vendor, the newest first.

    A file that speaks of others too does not exist for a vendor's scope; which words stand was settled with all files known.
    """
    rows = store.select(
        scope,
        """SELECT place, coalesce(audience, '') AS audience, author, written_on, coalesce(body, '') AS body,
            coalesce(batch_id, '') AS batch, coalesce(sequence, 0) AS sequence, loaded_at, coalesce(loaded_by, '') AS loaded_by,
            coalesce(file_name, '') AS file_name
        FROM commentary_rows LEFT JOIN (SELECT batch_id, sequence, status, loaded_at, loaded_by, file_name FROM batches) USING (batch_id)
        WHERE quarter = $quarter AND coalesce(vendor, '') = $vendor AND coalesce(status, 'active') = 'active'
        ORDER BY (place, coalesce(audience, ''), batch) IN (
            SELECT (place, coalesce(audience, ''), coalesce(batch_id, '')) FROM commentary
            WHERE quarter = $quarter AND coalesce(vendor, '') = $vendor
        ) DESC, sequence DESC, place""",
        {"quarter": quarter, "vendor": vendor},
    )
    return [_comment(row, quarter, vendor) for row in rows.to_dict("records")]


def _comment(row: dict[str, Any], quarter: str, vendor: str) -> Comment:
    when = row["loaded_at"].to_pydatetime() if row["batch"] else None
    entered = Entered(row["batch"], int(row["sequence"]), when, row["loaded_by"], row["file_name"])
    written_on = row["written_on"].date()
    return Comment(quarter, row["place"], vendor, row["audience"], row["author"], written_on, row["body"], entered)


def with_commentary(review: QuarterlyReview, comments: Iterable[Comment]) -> QuarterlyReview:
    """The review with people's words in place of its sentences, wherever they stand, and a section of what they added.

    Words for this audience go before words for all. Words at a place the review does not have are not shown.
    """
    meant = [c for c in comments if c.body and c.quarter == review.quarter and c.audience in ("", review.audience)]
    spoken = {comment.place: comment for comment in sorted(meant, key=lambda comment: (bool(comment.audience), comment.entered.sequence))}
    found = _respoken(review, {place: comment for place, comment in spoken.items() if not comment.is_own})
    own = [spoken[place] for place in sorted(spoken) if spoken[place].is_own]
    others = tuple(section for section in found.sections if section.id != COMMENTS)
    return replace(found, sections=(*others, _section(own)) if own else others)


def _section(own: Iterable[Comment]) -> Section:
    said = (Sentence(comment.place, comment.body, (), comment.author, comment.written_on) for comment in own)
    return Section(COMMENTS, _TITLE, None, (Lines(tuple(Line("", sentence) for sentence in said), ""),))


def _respoken(part: Any, spoken: dict[str, Comment]) -> Any:
    """The same parts, each sentence with somebody's words in them; what holds none stays the very same object."""
    if isinstance(part, Sentence):
        comment = spoken.get(part.place)
        return _in_words_of(part, comment) if comment else part
    if isinstance(part, tuple):
        parts = tuple(_respoken(one, spoken) for one in part)
        return part if all(new is old for new, old in zip(parts, part, strict=True)) else parts
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {field.name: new for field in fields(part) if (new := _respoken(old := getattr(part, field.name), spoken)) is not old}
    return replace(part, **changed) if changed else part


def _in_words_of(sentence: Sentence, comment: Comment) -> Sentence:
    rule = sentence.computed if sentence.author else sentence.text
    return replace(sentence, text=comment.body, author=comment.author, written_on=comment.written_on, computed=rule)


def places(review: QuarterlyReview) -> dict[str, Sentence]:
    """Place -> the sentence there, of all that can be put in other words, in the order they stand."""
    return {sentence.place: sentence for sentence in _sentences(review)}


def _sentences(part: Any) -> Iterable[Sentence]:
    if isinstance(part, Sentence):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _sentences(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _sentences(getattr(part, field.name))


def sentence_row(
    review: QuarterlyReview,
    place: str,
    body: str,
    author: str,
    written_on: date,
    *,
    scope: Scope,
    filters: Filters | None = None,
) -> dict[str, str | date]:
    """A row of the register `commentary` that puts the sentence at a place, or an own comment, in other words, for everybody.

    No words, or those of the rule, take them back. A place the review does not have, no author, too many words, a filter, somebody who
    may not: `UsageError`.
    """
    if place not in places(review):
        raise UsageError(f"The review of {review.label} has no sentence '{place}'.", "Reload the page: its sentences may have changed.")
    sentence = places(review)[place]
    rule = sentence.computed if sentence.author else sentence.text
    body = "" if body.split() == rule.split() else body
    return _row(review, place, body, author, written_on, scope, filters or Filters())


def comment_row(
    review: QuarterlyReview,
    body: str,
    author: str,
    written_on: date,
    *,
    scope: Scope,
    filters: Filters | None = None,
) -> dict[str, str | date]:
    """A row of the register `commentary` that adds a comment for everybody; errors as for `sentence_row`, and empty words."""
    if not body.strip():
        raise UsageError("The comment is empty.", f"Write up to {LONGEST_NOTE} characters.")
    place = f"{OWN}{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    return _row(review, place, body, author, written_on, scope, filters or Filters())


def rows_for(row: dict[str, str | date], audiences: Iterable[str], stands: Iterable[Comment]) -> list[dict[str, str | date]]:
    """The row once for each audience ('' all), and what `stands` at its place for any other taken back: only the newest stand."""
    meant = tuple(audiences)
    others = {comment.audience for comment in stands if comment.place == row["place"] and comment.body} - set(meant)
    return [row | {"audience": str(audience)} for audience in meant] + [row | {"audience": one, "body": ""} for one in sorted(others)]


def _row(
    review: QuarterlyReview, place: str, body: str, author: str, written_on: date, scope: Scope, filters: Filters
) -> dict[str, str | date]:
    vendor = vendor_of(review, filters)
    if vendor is None:
        raise UsageError("This review is filtered, and words for it cannot be kept.", _NO_FILTER)
    if scope.vendors is not None and vendor not in scope.vendors:
        raise UsageError("Only who sees all vendors can write in the review of all.", "Choose one vendor.")
    return {
        "quarter": review.quarter, "place": place, "vendor": vendor, "audience": "",
        "author": name_of(author), "written_on": written_on,
        "body": _on_one_line("The text", body, LONGEST_NOTE),
    }  # fmt: skip


def _on_one_line(what: str, words: str, longest: int) -> str:
    """The words with one blank between them, without control characters; half a character becomes '?'."""
    whole = words.encode("utf-8", "replace").decode("utf-8")
    said = " ".join("".join(one for one in whole if one.isspace() or unicodedata.category(one) != "Cc").split())
    if len(said) > longest:
        raise UsageError(f"{what} has {len(said)} characters, more than {longest}.", "Shorten it; a longer story belongs in a document.")
    return said


def name_of(person: str) -> str:
    """A name as it is printed beside what somebody wrote or issued; an empty or too long one: `UsageError`."""
    name = _on_one_line("The name", person, LONGEST_NAME)
    if not name:
        raise UsageError("The name is empty.", "Write who says so: what people write and issue is always marked as theirs.")
    return name
