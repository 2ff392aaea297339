"""WHAT a file is before any recipe is known: how it is written, what its columns hold, what they mean; what stays open is asked."""

from analytics.intake.problems import ColumnReport
from analytics.intake.recognise.findings import Note
from analytics.intake.recognise.recognition import Recognition, describe
from analytics.intake.recognise.safely import recognise

__all__ = ["ColumnReport", "Note", "Recognition", "describe", "recognise"]
