"""What recognition collects beside the proposal: things decided but worth seeing, and questions the data leaves open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.errors import UsageError, did_you_mean
from analytics.intake.problems import Choice, Question
from analytics.intake.recognise.memory import Memory

MOST_SHOWN = 3
ANY_TEXT = ("vendor", "currency", "zone")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was decided, or left out, and why; `about` is a column or a part of the file."""

    about: str
    text: str


class Findings:
    """Notes and questions of one file, with the answers given so far, and what is known of it from before."""

    def __init__(self, answers: Mapping[str, str] | None = None, memory: Memory | None = None) -> None:
        self.answers = dict(answers or {})
        self.memory = memory or Memory()
        self.notes: list[Note] = []
        self.asked: dict[str, Question] = {}

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions without an answer that have more than one, in the order they came up."""
        return tuple(
            question for key, question in self.asked.items() if key not in self.answers and (len(question.choices) > 1 or key in ANY_TEXT)
        )

    def note(self, about: str, text: str) -> None:
        """Something to show, once."""
        if Note(about, text) not in self.notes:
            self.notes.append(Note(about, text))

    def ask(self, key: str, text: str, choices: Sequence[Choice]) -> str:
        """The answer given, else the first choice with the question left open; an answer that is none: `UsageError`."""
        self.asked.setdefault(key, Question(key, text, tuple(choices)))
        answer = self.answers.get(key)
        if answer is None:
            return choices[0].value
        known = [choice.value for choice in choices]
        if answer not in known and key not in ANY_TEXT:
            raise UsageError(
                f"'{answer}' is no answer to the question '{key}'.", did_you_mean(answer, known) or f"Known: {', '.join(known)}."
            )
        return answer


def shown(values: Sequence[str], meanings: Sequence[str]) -> str:
    """'1.200 is 1200, 845 is 845': what an answer makes of the user's own values."""
    return ", ".join(f"{value} is {meaning}" for value, meaning in list(zip(values, meanings, strict=True))[:MOST_SHOWN])
