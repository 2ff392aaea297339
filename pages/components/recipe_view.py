"""The recipe of a file, on screen: as TOML to look at and to change, stored under a name, taken away."""

import streamlit as st

from analytics.errors import DashboardError
from analytics.intake import Recipe
from analytics.intake.proposal import PROPOSED
from analytics.intake.recipe_store import store_recipe
from pages.components import data
from pages.components.dropped import ANEW, Dropped, Entry, Standing, recipes
from pages.components.text import text

_TOLD = "_recipe_told"


def recipe_view(file: Dropped) -> None:
    """A closed part of the page; open where storing the recipe is what is left to do."""
    recipe = file.proposal.recipe
    if recipe is None:
        _choose(file.entry, file.proposal.recipe)
        return
    to_store = file.is_new and file.standing is Standing.STORED
    label = "The recipe: store it, and the next file of this kind is known at once" if file.is_new else f"The recipe {text(recipe.name)}"
    panel = st.expander(label, expanded=to_store, key=f"recipe-{file.entry.id}-{to_store}", on_change="rerun")
    if panel.open:
        with panel:
            _recipe(file, recipe)


def _recipe(file: Dropped, recipe: Recipe) -> None:
    if file.is_new:
        _store(file.entry, recipe)
    changed = f"recipe-text-{file.entry.id}-{hash(recipe.text)}"
    st.text_area(
        "The recipe as text; change it where the columns above do not say enough", recipe.text, height=320, key=changed,
        on_change=lambda: file.entry.write(st.session_state[changed]),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        file_name = f"{bare_name(recipe)}.toml"
        st.download_button(
            "Download the recipe", recipe.text, file_name, "application/toml", icon=":material/download:", type="tertiary",
            on_click="ignore", key=f"recipe-download-{file.entry.id}",
        )  # fmt: skip
        _choose(file.entry, recipe)


def bare_name(recipe: Recipe) -> str:
    """Its name without the word that nobody has stored it."""
    return recipe.name.removeprefix(PROPOSED)


def _store(entry: Entry, recipe: Recipe) -> None:
    """The name and the button; a name that another recipe has is told, and that one replaced on a second word."""
    name = f"recipe-name-{entry.id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("Name of the recipe", bare_name(recipe), key=name, width=300)
        st.button("Store the recipe", icon=":material/bookmark_add:", key=f"recipe-store-{entry.id}", on_click=_keep, args=(recipe, name))
        if st.session_state.get(_TOLD):
            st.button(
                "Replace it",
                key=f"recipe-replace-{entry.id}",
                type="tertiary",
                on_click=_keep,
                args=(recipe, name),
                kwargs={"replace": True},
            )
    if told := st.session_state.pop(_TOLD, ""):
        st.warning(text(told))


def _keep(recipe: Recipe, widget: str, replace: bool = False) -> None:
    try:
        store_recipe(data.warehouse().folder, st.session_state[widget], recipe.text, recipes(), replace=replace)
    except DashboardError as problem:
        st.session_state[_TOLD] = f"{problem.message} {problem.remedy}"


def _choose(entry: Entry, current: Recipe | None) -> None:
    """Another stored recipe, or none of them."""
    known = {recipe.name: recipe for recipe in recipes()}
    shown = current.name if current and current.name in known else ANEW
    widget = f"recipe-choice-{entry.id}-{shown}"
    st.selectbox(
        "Read it by another recipe", [ANEW, *known], index=[ANEW, *known].index(shown), key=widget, width=380,
        format_func=lambda name: _words(known[name]) if name else "Recognise it anew",
        on_change=lambda: entry.read_by(st.session_state[widget]),
    )  # fmt: skip


def _words(recipe: Recipe) -> str:
    return f"{recipe.name}: {recipe.description}" if recipe.description else recipe.name
