"""Checks of what a file says, of itself and against what is stored: `checked`. One small module per check."""

from analytics.intake.checks.decisions import carried_out, is_decision
from analytics.intake.checks.entry import Checked, checked
from analytics.intake.checks.history import History

__all__ = ["Checked", "History", "carried_out", "checked", "is_decision"]
