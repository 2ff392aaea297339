"""HOW it comes in: decode, map by a recipe, parse, check, keep. Never guesses, never loses a row silently."""

from analytics.intake.keeping import keep, keep_all, rehearse
from analytics.intake.load import load_file, load_files, propose_for, refused_question, stored_recipes
from analytics.intake.originals import Original
from analytics.intake.preview import Preview, preview
from analytics.intake.problems import Choice, Issue, Level, Question, Reject
from analytics.intake.progress import Tell, untold
from analytics.intake.proposal import Proposal, ProposedColumn, proposed, recipe_for, recipes_fitting, with_mapping
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.report import FileReport, Status
from analytics.intake.workbook import WORKBOOK_SUFFIXES

__all__ = [
    "WORKBOOK_SUFFIXES", "Choice", "FileReport", "Issue", "Level", "Original", "Preview", "Proposal", "ProposedColumn", "Question",
    "Recipe", "Reject", "Shape", "Status", "Tell", "keep", "keep_all", "load_file", "load_files", "parse_recipe", "preview", "propose_for",
    "proposed", "read_recipe", "recipe_for", "recipes_fitting", "refused_question", "rehearse", "stored_recipes", "untold", "with_mapping",
]  # fmt: skip
