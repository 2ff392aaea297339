"""The proposal for files with one row per contact or per event of a contact: how rows become counts and seconds."""

from collections.abc import Mapping, Sequence

from analytics.intake.recipe import CellUnit, Shape
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.contact_columns import (
    CLOCKS,
    Contacts,
    abandoned_words,
    answered_words,
    discarded_words,
    false_words,
    is_flag,
    rated_words,
    resolved_words,
    satisfied_words,
    true_words,
)
from analytics.intake.recognise.corrections import THRESHOLD, named_threshold
from analytics.intake.recognise.date_values import DateFormat, settle_format
from analytics.intake.recognise.draft import Draft, Value, toml
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.mapping import Mapped, note_ringing
from analytics.intake.recognise.number_values import NumberStyle, settle_numbers
from analytics.intake.recognise.unit_values import are_milliseconds, is_bare, settle_duration

USUAL_THRESHOLD = 20
_FIVE, _TEN = 5, 10
_AT_MOST_ONE_SET = "Every row counts once: rows with the same number are not folded, for nothing says which of them is the last."
Table = dict[str, Value]


class ContactWriter:
    """Writes the measures of contacts into a draft."""

    def __init__(self, draft: Draft, contacts: Contacts, findings: Findings, delimiter: str) -> None:
        self.draft, self.contacts, self.findings = draft, contacts, findings
        self.parts = contacts.parts
        numeric = [entry.column for entry in contacts.seconds.values()]
        numeric += [self.parts[name].column for name in ("rating", "recommend") if name in self.parts]
        self.style: NumberStyle = settle_numbers(numeric, [], delimiter, findings)
        self.formats = self._formats()
        self.seconds = named_threshold(findings) or USUAL_THRESHOLD

    def _formats(self) -> dict[str, DateFormat]:
        """The format of every clock of the file."""
        columns = [self.parts[name].column for name in CLOCKS if name in self.parts]
        return {name: settle_format(self.parts[name].column, columns, self.findings) for name in CLOCKS if name in self.parts}

    @property
    def shape(self) -> Shape:
        """Events where rows of one contact repeat and a column says which is the last."""
        return Shape.EVENTS if self.contacts.repeats and "order" in self.parts else Shape.INTERACTIONS

    def write(self) -> None:
        """Rows and measures."""
        if self.shape is Shape.EVENTS:
            self._write_fold()
        elif self.contacts.repeats:
            self.findings.note(self.parts["id"].column.name, _AT_MOST_ONE_SET)
        if self.contacts.are_cases:
            self._write_cases()
        elif not self._is_survey():
            self._write_calls()
        self._write_survey()

    def _is_survey(self) -> bool:
        """Answers to a survey, with nothing about the contact itself."""
        asked = {"rating", "recommend"} & set(self.parts)
        return bool(asked) and not self.contacts.seconds and not {"outcome", "answered", "ended"} & set(self.parts)

    def _write_fold(self) -> None:
        order = self.parts["order"]
        self.draft.add("rows", "fold_by", self.parts["id"].column.name, "rows with the same number are one contact")
        value: Table = {"column": order.column.name, "type": "integer"}
        if order.column.is_date:
            found = settle_format(order.column, [order.column], self.findings)
            value |= {"type": "datetime" if found.has_clock else "date", "format": found.written}
        self.draft.add("rows", "order_by", value, "the last of them stands for it")

    def _measure(self, name: str, value: Mapping[str, Value], why: str = "") -> None:
        self.draft.add("measures", name, dict(value), why)

    def _column(self, part: str) -> str:
        return self.parts[part].column.name

    # --- calls, chats

    def _write_calls(self) -> None:
        self._measure("contacts_offered", {"count": True}, "every row is a contact")
        where = self._answered()
        if where is None:
            self._measure("contacts_handled", {"count": True}, "no column tells an outcome: every contact counts as handled")
            self.findings.note("rows", "No column tells whether a contact was answered; every row counts as handled.")
        self._write_seconds({} if where is None else {"where": where})
        self._write_flag("contacts_transferred", "transferred")
        if "first_contact" in self.parts:
            self._write_flag("resolved_first_contact", "first_contact")
            self._measure("resolution_opportunities", {"column": self._column("first_contact"), "present": True})

    def _answered(self) -> Table | None:
        """The condition of an answered contact, with the counts of answered and abandoned ones."""
        if "abandoned" in self.parts:
            return self._not_abandoned(self.parts["abandoned"])
        if "outcome" in self.parts:
            column = self.parts["outcome"].column
            answered, abandoned = answered_words(column), abandoned_words(column)
            if answered:
                self._note_outcomes(column, [*answered, *abandoned])
                where: Table = {"column": column.name, "equals": list(answered)}
                self._measure("contacts_handled", where, self.parts["outcome"].reason)
                if abandoned:
                    self._measure("contacts_abandoned", {"column": column.name, "equals": list(abandoned)})
                return where
        for part, why in (("answered", "it has a time of answer"), ("agent", "an agent took it")):
            if part in self.parts and self.parts[part].column.size:
                where = {"column": self._column(part), "present": True}
                self._measure("contacts_handled", where, why)
                return where
        return None

    def _not_abandoned(self, entry: Mapped) -> Table:
        """The condition of a contact that did not leave, with the counts of both kinds."""
        name = entry.column.name
        left, stayed = true_words(entry.column), false_words(entry.column)
        where: Table = {"column": name, "equals": stayed} if stayed else {"column": name, "not_equals": left}
        self._measure("contacts_handled", where, "it did not leave")
        self._measure(
            "contacts_abandoned", {"column": name, "equals": left} if left else {"column": name, "not_equals": stayed}, entry.reason
        )
        return where

    def _note_outcomes(self, column: Column, known: Sequence[str]) -> None:
        others = [value for value in column.values if value not in known]
        if others:
            self.findings.note(column.name, f"Counted neither as answered nor as abandoned: {', '.join(others[:8])}.")

    def _write_seconds(self, where: Table) -> None:
        """Durations of answered contacts, from columns or from two clocks."""
        in_thousandths = are_milliseconds(list(self.contacts.seconds.values()), self.style)
        for name, entry in self.contacts.seconds.items():
            if in_thousandths and is_bare(entry):
                unit = CellUnit.MILLISECONDS.value
                self.findings.note(entry.column.name, "No unit is named; read as milliseconds: as seconds contacts would take hours.")
            else:
                unit = settle_duration(entry.column, name, entry.header, self.style, self.findings).value
            note_ringing(entry, self.findings)
            self._measure(name, {"column": entry.column.name, "unit": unit, **where}, entry.reason)
            if name == "queue_seconds":
                self._write_threshold({"column": entry.column.name, "at_most": self.seconds, "unit": unit, **where})
        clocks = (("queue_seconds", "opened", "answered"), ("handle_seconds", "answered", "ended"))
        for name, start, end in clocks:
            if name not in self.contacts.seconds and (between := self._between(start, end)):
                self._measure(name, between, "from its clocks")
                if name == "queue_seconds":
                    self._write_threshold({**between, "at_most": self.seconds})

    def _write_threshold(self, value: Table) -> None:
        if named_threshold(self.findings):
            self.draft.set(THRESHOLD, self.seconds, "as answered")
        else:
            self.draft.set(THRESHOLD, self.seconds, "assumed: the file does not say within how many seconds")
            self.findings.note(THRESHOLD, f"Answered within {self.seconds} s is assumed: change it if the contract says otherwise.")
        self._measure("answered_within_threshold", value)

    def _between(self, start: str, end: str) -> Table:
        """Seconds between two clocks written in one format; {} when there are none."""
        first, last = self.formats.get(start), self.formats.get(end)
        if first is None or last is None or first.written != last.written or not first.has_clock:
            return {}
        return {"from": self._column(start), "to": self._column(end), "format": first.written}

    def _write_flag(self, measure: str, part: str) -> None:
        if part not in self.parts:
            return
        column = self.parts[part].column
        if not is_flag(column):
            self._measure(measure, {"column": column.name, "at_least": 1}, self.parts[part].reason)
        elif words := true_words(column):
            self._measure(measure, {"column": self._column(part), "equals": list(words)}, self.parts[part].reason)

    # --- tickets

    def _write_cases(self) -> None:
        self._measure("cases_opened", {"count": True}, "every contact is a case")
        self._note_discarded()
        where = self._resolved()
        if where:
            self._measure("cases_resolved", where, "finished cases")
            self._write_resolution(where)
        if "in_target" in self.parts and where:
            met: Table = {"column": self._column("in_target"), "equals": list(true_words(self.parts["in_target"].column)), "where": where}
            self._measure("cases_resolved_in_target", met, self.parts["in_target"].reason)
        if "reopened" in self.parts:
            column = self.parts["reopened"].column
            if is_flag(column) and not all(value.isdigit() for value in column.values):
                self._write_flag("cases_reopened", "reopened")
            else:
                self._measure("cases_reopened", {"column": column.name, "at_least": 1}, self.parts["reopened"].reason)

    def _note_discarded(self) -> None:
        """Tickets that were deleted or marked as spam count like any other."""
        if "outcome" in self.parts and (words := discarded_words(self.parts["outcome"].column)):
            name = self._column("outcome")
            rule = toml([{"column": name, "equals": list(words)}])
            text = f"Rows with {', '.join(words)} count as opened cases; to leave them out, write under [rows]: exclude = {rule}"
            self.findings.note(name, text)

    def _resolved(self) -> Table:
        """The condition of a finished case; {} when nothing tells it."""
        if "outcome" in self.parts and (words := resolved_words(self.parts["outcome"].column)):
            return {"column": self._column("outcome"), "equals": list(words)}
        end = next((part for part in ("resolved", "closed") if part in self.parts), None)
        return {"column": self._column(end), "present": True} if end else {}

    def _write_resolution(self, where: Table) -> None:
        seconds = self.contacts.seconds.get("resolution_seconds")
        if seconds:
            unit = settle_duration(seconds.column, "resolution_seconds", seconds.header, self.style, self.findings)
            self._measure("resolution_seconds", {"column": seconds.column.name, "unit": unit.value, "where": where}, seconds.reason)
            return
        ends = [end for end in ("resolved", "closed") if end in self.parts and self._between("opened", end)]
        if ends:
            # The clock that is missing least: a finished case without one would count without its seconds.
            end = max(ends, key=lambda name: self.parts[name].column.size)
            if end != ends[0]:
                self.findings.note(
                    self._column(ends[0]), f"Missing more often than {self._column(end)}, which ends the resolution time instead."
                )
            self._measure("resolution_seconds", {**self._between("opened", end), "where": where}, f"from opening to {self._column(end)}")

    # --- surveys

    def _write_survey(self) -> None:
        if "rating" in self.parts:
            self._write_rating(self.parts["rating"])
        if "recommend" in self.parts:
            name = self._column("recommend")
            self._measure("nps_responses", {"column": name, "present": True}, self.parts["recommend"].reason)
            self._measure("nps_promoters", {"column": name, "at_least": 9})
            self._measure("nps_detractors", {"column": name, "at_most": 6})

    def _write_rating(self, entry: Mapped) -> None:
        name = entry.column.name
        if entry.column.is_text:
            self._measure("csat_responses", {"column": name, "equals": rated_words(entry.column)}, entry.reason)
            self._measure("csat_satisfied", {"column": name, "equals": satisfied_words(entry.column)}, "answers of the satisfied")
            return
        highest = max((number for value in entry.column.values if (number := self.style.read(value)) is not None), default=0)
        self._measure("csat_responses", {"column": name, "present": True}, entry.reason)
        self._measure("csat_score_sum", {"column": name})
        if highest <= _FIVE:
            self._measure("csat_satisfied", {"column": name, "at_least": 4}, "ratings of 4 and 5")
        elif highest <= _TEN:
            self.findings.note(name, "Ratings go up to 10: satisfied answers (4 or 5 of 5) are not counted, the mean is kept.")
