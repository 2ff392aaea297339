"""Which column is what: headers of many systems, held against their values."""

from pathlib import Path

import pytest

from analytics.catalogue import DIMENSIONS, KPIS, MEASURES
from analytics.intake import load_file, read_recipe, stored_recipes
from analytics.intake.originals import Original
from analytics.intake.recipe import Shape
from analytics.intake.recognise import describe, recognise
from analytics.intake.recognise.headers import read_headers
from analytics.intake.recognise.synonyms import guesses
from analytics.intake.recognise.words import BREACHES, Role, own_words
from analytics.warehouse import Scope, Warehouse
from tests.intake.recognise.files import open_keys, recipe_of, recognised, with_column

ROOT = Path(__file__).resolve().parents[3]
SAMPLE, RECIPES, DATA = ROOT / "data" / "sample", ROOT / "data" / "recipes", ROOT / "tests" / "data"
ROLES = (Role.PERIOD, Role.DIMENSION, Role.MEASURE, Role.KPI)


def meaning_of(name: str) -> str:
    found = guesses(read_headers([name])[0], ROLES)
    return found[0].meaning.id if found else ""


@pytest.mark.parametrize(
    ("names", "meaning"),
    [
        (
            "Calls|calls_offered|CallsOffered|Number of Calls Offered|# Calls offered|OFFERED CALLS|Offered|NCO|Anrufe angeboten",
            "contacts_offered",
        ),
        ("Answered|Calls ans|ACD calls|Handled|calls handled", "contacts_handled"),
        ("Aband calls|Abandons|Lost Calls", "contacts_abandoned"),
        ("AHT|aht_seconds|AHT (sec)|Avg Handle Time [s]|Average handling time", "average_handle_time"),
        ("ASA|AverageSpeedofAnswer|Avg. speed of answer|Average wait time", "average_speed_of_answer"),
        ("SL %|Service Level|TSF|ServiceLevel", "service_level"),
        ("ACW|After call work (min)|Wrap-up time (s)", "wrap_seconds"),
        ("Abandoned rate|Abandonment Rate|Aband %", "abandonment_rate"),
        ("Tier|Queue|Skill group|LOB|Line of Business", "lob"),
        ("Provider|Supplier Name|Partner|BPO", "vendor"),
        ("Shrinkage|Total shrinkage %", "shrinkage"),
        ("Tickets opened|Cases created|new_tickets", "cases_opened"),
        ("Calls offerred|Cals offered", "contacts_offered"),
        ("Comment|Rank answered|x|Calls offered per 1k|Commissioner", ""),
    ],
)
def test_names_of_many_systems_are_known(names: str, meaning: str) -> None:
    assert {name: meaning_of(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), meaning)


def test_every_synonym_names_something_there_is() -> None:
    words = own_words()
    assert set(words) == set(Role)
    assert set(words[Role.MEASURE]) <= {*MEASURES, BREACHES} and set(words[Role.KPI]) <= set(KPIS)
    assert set(words[Role.DIMENSION]) == set(DIMENSIONS)


def test_fuzzy_names_are_less_sure_and_say_so() -> None:
    (guess,) = guesses(read_headers(["Calls offerred"])[0], (Role.MEASURE,))
    assert guess.confidence < 0.9 and "nearly 'calls offered'" in guess.reason


def test_a_share_of_a_count_is_its_kpi() -> None:
    recipe = recipe_of(with_column("Abandoned %", "4.1", "5.2"))
    assert recipe["kpis"] == {"abandonment_rate": {"column": "Abandoned %", "unit": "percent"}}


@pytest.mark.parametrize(("first", "measure"), [("427", "resolved_first_contact"), ("87", ""), ("427.5", "")])
def test_counts_under_the_name_of_a_ratio_are_its_counts(first: str, measure: str) -> None:
    """427 of 508 answered calls is no percentage; 87 and 427.5 might be one, right or wrong."""
    rows = f"2026-07-01,Acme,508,{first}\n2026-07-02,Acme,510,{first}\n2026-07-03,Acme,512,{first}\n"
    text = f"Date,Vendor,Calls answered,First Call Resolution\n{rows}"
    measures = recipe_of(text, unit__first_contact_resolution="percent")["measures"]
    assert set(measures) - {"contacts_handled"} == ({measure} if measure else set())


def test_a_share_whose_whole_is_missing_says_what_is_needed() -> None:
    found = recognised("Date,Vendor,Calls abandoned,Abandonment rate\n2026-03-13,Acme,5,0.05\n2026-03-14,Acme,6,0.06\n")
    reason = found.columns["Abandonment rate"].reason
    assert reason.endswith("is computed from Calls abandoned, once there is a column of contacts offered too"), reason


def test_a_ratio_gets_its_weight_and_one_that_repeats_counts_is_left_out() -> None:
    header = "Date,Vendor,Calls offered,Calls answered,Abandoned,SL %,Abandonment rate,AHT (s)"
    text = f"{header}\n2026-03-13,Acme,100,95,5,81,0.05,300\n"
    recipe = recipe_of(text)
    assert recipe["kpis"]["service_level"]["weight"] == "contacts_offered"
    assert recipe["kpis"]["average_handle_time"]["weight"] == "contacts_handled"
    assert "abandonment_rate" not in recipe["kpis"]
    said = "Left out: a share cannot be added up; abandonment rate is computed from Abandoned and Calls offered."
    found = recognised(text)
    assert said in [note.text for note in found.notes if note.about == "Abandonment rate"]
    assert (found.columns["Abandonment rate"].means, found.columns["Abandonment rate"].reason) == (None, "l" + said[1:-1])
    assert "columns" not in [note.about for note in found.notes]  # nothing is left without a known meaning


def test_an_average_sign_makes_a_result_and_one_in_another_style_than_the_counts_is_left_out() -> None:
    text = "Datum;Partner;Offered;Answered;Ø AHT;CSAT Ø\n"
    rows = "".join(f'{day}.11.2026;Acme;1.{day}7;1.{day}0;"{{}}";4{{}}{day}\n' for day in (13, 14, 15))
    comma = recognised(text + rows.format(*["05:08", ","] * 3), separators="thousands")
    assert (comma.columns["Ø AHT"].means, comma.columns["CSAT Ø"].means) == ("average_handle_time", "csat_mean")
    point = recognised(text + rows.format(*["05:08", "."] * 3), separators="thousands")
    assert point.columns["CSAT Ø"].means is None
    assert point.columns["CSAT Ø"].reason.startswith("left out: '4.13' (line 2) is written in another style than the counts")


def test_a_time_per_contact_is_told_from_a_total_by_the_number_of_contacts() -> None:
    assert "handle_seconds" in recipe_of(with_column("Handle time (s)", "300000", "310000"))["measures"]
    average = recipe_of(with_column("Handle time (s)", "300", "310"))
    assert average["kpis"]["average_handle_time"] == {"column": "Handle time (s)", "unit": "seconds", "weight": "contacts_handled"}


def test_two_columns_for_one_measure_are_asked() -> None:
    text = "Date,Vendor,Calls,Calls offered\n2026-03-13,Acme,100,110\n"
    assert open_keys(text) == ["column.contacts_offered"]
    assert recipe_of(text, column__contacts_offered="Calls offered")["measures"]["contacts_offered"] == {"column": "Calls offered"}


def test_codes_with_leading_zeros_stay_a_dimension() -> None:
    found = recognised("Date,Vendor,Site,Calls\n2026-03-13,Acme,007,10\n2026-03-14,Acme,010,10\n")
    assert found.columns["Site"].means == "site" and found.columns["Site"].examples == ("007", "010")


def test_hostile_names_stay_text_in_the_recipe() -> None:
    text = 'Date,Vendor,Calls,"x"" = 1\n[rows]"\n2026-03-13,Acme,10,1\n'
    found = recognised(text)
    assert "rows" not in found.as_json()["recipe"]  # ty: ignore[unsupported-operator]
    assert all(line.startswith("#") for line in describe(found).splitlines()[: len(found.notes) + 1])


# The sample's files with the recipe that belongs to each: recognised without it, they must say the same.
SAMPLES = {
    "acd_daily": ("acd", {}), "crm_outcomes": ("crm", {}), "wfm_daily": ("wfm", {}), "tickets_monthly": ("tickets", {}),
    "hr_monthly": ("hr", {}),
    "quality_weekly": ("quality", {}), "invoices": ("invoices", {}), "security_monthly": ("security", {}),
    "tallgrass_scorecard": ("tallgrass_scorecard", {"vendor": "Tallgrass", "unit.average_handle_time": "mm:ss"}),
    "nhs111_providers_2015-16": ("nhs111", {"currency": "GBP"}), "targets": ("targets", {}), "risks": ("risks", {}),
    "risk_scores": ("risk_scores", {}), "events": ("events", {}), "notes": ("notes", {}), "actions": ("actions", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_is_recognised_as_its_recipes_read_it(name: str) -> None:
    recipe_name, answers = SAMPLES[name]
    known = read_recipe(RECIPES / f"{recipe_name}.toml")
    found = recognise(Original.of(SAMPLE / f"{name}.csv", f"{name}.csv"), answers)
    assert not found.questions
    assert (found.recipe.shape, found.recipe.period_start, found.recipe.register) == (known.shape, known.period_start, known.register)
    assert {name: text.column for name, text in found.recipe.dimensions.items()}.items() >= {
        name: text.column for name, text in known.dimensions.items() if text.column
    }.items()
    assert set(known.measures) <= set(found.recipe.measures) and set(known.kpis) == set(found.recipe.kpis)


def test_hospitals_are_recognised_below_their_attribution(tmp_path: Path) -> None:
    """Attendances, and those that took more than four hours: only the line above the header is asked about."""
    file = DATA / "nhs_ae_six_hospitals_2016-19.csv"
    (question,) = recognise(Original.of(file, file.name)).questions
    found = recognise(Original.of(file, file.name), {question.key: question.choices[0].value})
    assert question.key == "header_row" and not found.questions and found.shape is Shape.AGGREGATES
    assert load_file(Warehouse(tmp_path), file, found.recipe).rows_rejected == 0
    totals = Warehouse(tmp_path).open().select(Scope.everything(), "SELECT sum(cases_resolved) AS all_cases FROM performance")
    assert totals["all_cases"][0] > 0


def test_every_shipped_recipe_has_a_file_here(tmp_path: Path) -> None:
    assert {recipe.name for recipe in stored_recipes(Warehouse(tmp_path))} >= {
        read_recipe(RECIPES / f"{name}.toml").name for name, _ in SAMPLES.values()
    }
