"""WHAT a file is before any recipe is known: how it is written, what its columns hold, what they mean; what stays open is asked."""

from analytics.intake.recognise.recognition import ColumnReport, Recognition, describe, recognise

__all__ = ["ColumnReport", "Recognition", "describe", "recognise"]
