"""Upload: drop exports, see how each is read and what it holds, answer what is open, see its scorecard, keep it or leave it."""

import streamlit as st

from pages.components.dropped import dropped_files, shown_file
from pages.components.mapping_view import mapping_view
from pages.components.questions_view import questions_view
from pages.components.recipe_view import recipe_view
from pages.components.state import open_view
from pages.components.trial_view import compare, show_difference
from pages.components.upload_view import actions, drop_zone, file_list, findings, headline, nothing_dropped, stored_files, too_many

open_view()
top, work, body = st.container(), st.container(), st.container()
uploads = drop_zone()
too_many(uploads)
if not uploads:
    with top:
        nothing_dropped()
    stored_files()
else:
    with work:
        files = dropped_files(uploads)
        file = shown_file(files)
        found = compare(file)
    with body:
        if len(files) > 1:
            file_list(files, file)
        actions(file, found)
        questions_view(file)
        mapping_view(file)
        findings(file)
        show_difference(found)
        recipe_view(file)
    with top:
        headline(files, file)
