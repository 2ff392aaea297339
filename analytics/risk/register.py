"""The risk register on a day: score = likelihood x impact, its band, and how it moved since an earlier day.

Scores are dated. A risk stands where its last score on or before the day puts it; its movement is that score minus
the last one on or before the earlier day. Bands are a setting; the default follows NPSA 2008 (1-3 low, 4-6 moderate,
8-12 high, 15-25 extreme).
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.asking import Reader
from analytics.performance.verdict import number_word
from analytics.periods import day_text
from analytics.settings import RiskBand
from analytics.warehouse.scope import Scope
from analytics.wording import counted

LIKELIHOODS = {1: "rare", 2: "unlikely", 3: "possible", 4: "likely", 5: "almost certain"}
IMPACTS = {1: "negligible", 2: "minor", 3: "moderate", 4: "major", 5: "severe"}

_SQL = """
WITH dated AS (SELECT * FROM risk_scores WHERE kind = $kind),
now AS (SELECT risk_id, max_by(likelihood, scored_on) AS likelihood, max_by(impact, scored_on) AS impact,
               max_by(reason, scored_on) AS reason
        FROM dated WHERE scored_on <= $day GROUP BY risk_id),
before AS (SELECT risk_id, max_by(likelihood, scored_on)::DOUBLE AS previous_likelihood,
               max_by(impact, scored_on)::DOUBLE AS previous_impact
           FROM dated WHERE scored_on <= $earlier GROUP BY risk_id)
SELECT risks.risk_id, number, title, category, vendor, owner, status, opened_on, next_review, description, mitigation,
       likelihood, impact, likelihood * impact AS score, previous_likelihood, previous_impact,
       previous_likelihood * previous_impact AS previous_score, reason
FROM risks JOIN now USING (risk_id) LEFT JOIN before USING (risk_id)
WHERE opened_on IS NULL OR opened_on <= $day
ORDER BY score DESC, number
"""


class ScoreKind(StrEnum):
    """Before controls (inherent) or with them in place (residual)."""

    INHERENT = "inherent"
    RESIDUAL = "residual"


def band_of(score: int, bands: Sequence[RiskBand]) -> str:
    """The name of the band a score lies in."""
    return next(band.name for band in bands if score <= band.to)


def band_scores(bands: Sequence[RiskBand]) -> list[tuple[int, int]]:
    """Lowest and highest score of each band that 5 x 5 can give: 1-3, 4-6, 8-12, 15-25 by default."""
    products = {likelihood * impact for likelihood in LIKELIHOODS for impact in IMPACTS}
    found = [[score for score in sorted(products) if band_of(score, bands) == band.name] for band in bands]
    return [(scores[0], scores[-1]) if scores else (band.to, band.to) for band, scores in zip(bands, found, strict=True)]


def register_frame(
    store: Reader, scope: Scope, day: date, earlier: date, bands: Sequence[RiskBand], kind: ScoreKind = ScoreKind.RESIDUAL
) -> pd.DataFrame:
    """One row per risk scored by `day`, highest score first.

    Columns: risk_id, number, title, category, vendor, owner, status, opened_on, next_review, description, mitigation,
    likelihood, impact, score, previous_likelihood, previous_impact, previous_score (NaN when there was none),
    reason, band, movement (score minus the earlier score, or NaN), movement_text ('grew from 16', 'new').
    """
    frame = store.select(scope, _SQL, {"kind": kind.value, "day": day, "earlier": earlier})
    movement = frame["score"].to_numpy(float) - frame["previous_score"].to_numpy(float)
    band = pd.Series([band_of(int(score), bands) for score in frame["score"]], index=frame.index, dtype=object)
    words = pd.Series(
        [_movement_words(*pair) for pair in zip(movement, frame["previous_score"], strict=True)], index=frame.index, dtype=object
    )
    return frame.assign(band=band, movement=movement, movement_text=words)


def _movement_words(movement: float, previous: float) -> str:
    if np.isnan(movement):
        return "new"
    if movement == 0:
        return "unchanged"
    return f"{'grew' if movement > 0 else 'eased'} from {int(previous)}"


def with_overdue(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """The register plus days_overdue (how long the review of an open risk has been due on a day, 0 when it is not) and overdue_text.

    `overdue_text`: 'review overdue by 16 days on 31 Oct 2026', '' for none. A review that is due on the day itself is not overdue.
    """
    late = np.nan_to_num((pd.Timestamp(day) - pd.to_datetime(frame["next_review"])).dt.days.to_numpy(float))
    days = np.where(frame["status"].eq("open").to_numpy(bool), np.maximum(late, 0), 0).astype(int)
    words = [f"review overdue by {counted(late, 'day')} on {day_text(day)}" if late else "" for late in days.tolist()]
    return frame.assign(days_overdue=days, overdue_text=pd.Series(words, index=frame.index, dtype=object))


def overdue_words(frame: pd.DataFrame, day: date) -> str:
    """'Three reviews are overdue on 31 Oct 2026.' of a register `with_overdue` that day, '' when none is."""
    count = int((frame["days_overdue"] > 0).sum())
    return "" if not count else f"{number_word(count).capitalize()} review{' is' if count == 1 else 's are'} overdue on {day_text(day)}."


def last_scored_day(store: Reader, scope: Scope) -> date | None:
    """The day of the newest score, for a register without performance data; None when there is no score."""
    newest = store.select(scope, "SELECT max(scored_on) AS newest FROM risk_scores")["newest"].iat[0]
    return None if pd.isna(newest) else newest.date()


def count_words(frame: pd.DataFrame) -> str:
    """The register in one sentence: the highest band by name, then how many grew and eased."""
    if frame.empty:
        return "No risk matches these filters."
    grew, eased = int((frame["movement"] > 0).sum()), int((frame["movement"] < 0).sum())
    return f"{top_words(frame)} {_moved_words(grew, eased)}"


def top_words(frame: pd.DataFrame) -> str:
    """'Two risks are extreme: data breach at A and fire at B.', of a register that is not empty: its highest band."""
    band = frame["band"].iat[0]
    top = frame[frame["band"] == band]
    named = [_named(title, vendor) for title, vendor in zip(top["title"], top["vendor"], strict=True)]
    verb = "is" if len(top) == 1 else "are"
    noun = "risk" if len(top) == 1 else "risks"
    listed = f": {named[0]}." if len(named) == 1 else f": {named[0]} and {named[1]}." if len(named) == 2 else "."
    return f"{number_word(len(top)).capitalize()} {noun} {verb} {band}{listed}"


def _named(title: str, vendor: object) -> str:
    """'data breach at A'; the title as it reads inside a sentence, in which an abbreviation (SLA) stays one."""
    abbreviated = title[1:2].isupper()
    lowered = title.lower() if title.istitle() else title if abbreviated else title[:1].lower() + title[1:]
    return f"{lowered} at {vendor}" if isinstance(vendor, str) else lowered


def _moved_words(grew: int, eased: int) -> str:
    if not grew and not eased:
        return "None moved since the last comparison."
    return f"{number_word(grew).capitalize()} grew, {number_word(eased)} eased."
