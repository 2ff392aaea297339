"""Upload: read a file by a stored recipe, see what it holds, keep it on confirm."""

import streamlit as st

from pages.components.parts import heading
from pages.components.state import open_view
from pages.components.trial_view import compare, keep_label, review_or_discard, show_difference
from pages.components.upload_view import (
    UPLOADED,
    answers_given,
    ask_questions,
    choose_recipe,
    counts,
    keep_or_leave,
    read,
    refused_rows,
    rehearsed,
    sample,
    stored_files,
    uploaded,
    verdict,
)

TITLE = "Upload"
open_view()
top = st.container()
file = st.file_uploader("An export of a vendor or a tool: CSV or a workbook", type=UPLOADED, key="file")
if file is None:
    with top:
        heading(TITLE, "nothing is stored before you confirm", sentence="Drop an export, see what it holds, then keep it or leave it.")
    stored_files()
else:
    original = uploaded(file)
    recipe = choose_recipe(original)
    if recipe is None:
        with top:
            heading(TITLE, file.name, sentence="No stored recipe fits the columns of this file. Choose one, or ask for a new recipe.")
    else:
        preview = read(original, recipe)
        report = rehearsed(preview)
        with top:
            heading(TITLE, file.name, f"read by the recipe {recipe.name}", sentence=verdict(preview, report))
        counts(preview)
        ask_questions(preview, report)
        answers = answers_given(preview.sha256)
        difference = compare(preview, report, answers)
        with st.container(horizontal=True, gap="small"):
            review_or_discard(preview, report, answers)
            keep_or_leave(preview, report, keep_label(difference))
        show_difference(difference)
        refused_rows(preview)
        sample(preview)
        with st.expander(f"The recipe {recipe.name}"):
            st.code(recipe.text, language="toml")
