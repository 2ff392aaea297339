"""HOW it comes in: decode, map by a recipe, parse, check, keep. Never guesses, never loses a row silently."""

from analytics.intake.keeping import keep, keep_all, rehearse
from analytics.intake.load import load_file, load_files, recipe_for, stored_recipes
from analytics.intake.preview import Preview, preview
from analytics.intake.problems import Choice, Issue, Level, Question, Reject
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.report import FileReport, Status
from analytics.intake.sheet import HEAD, read_header

__all__ = [
    "HEAD", "Choice", "FileReport", "Issue", "Level", "Preview", "Question", "Recipe", "Reject", "Shape", "Status", "keep", "keep_all",
    "load_file", "load_files", "parse_recipe", "preview", "read_header", "read_recipe", "recipe_for", "rehearse", "stored_recipes",
]  # fmt: skip
