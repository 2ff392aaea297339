"""Users' own measures and KPIs: read strictly, in force for their folder only, used like the built-in ones everywhere."""

import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.asking import KpiQuery
from analytics.catalogue import BUILT_IN, KPIS, MEASURES, Comparator, Direction, MeasureKind, Unit, catalogue_of, find_kpi, formula, using
from analytics.catalogue.own import parse_catalogue
from analytics.errors import UsageError
from analytics.intake import Status, load_files
from analytics.performance.report import judged_rows
from analytics.periods import Grain
from analytics.query import kpi_frame
from analytics.settings import load_settings
from analytics.warehouse import Warehouse
from tests.rows import EVERYTHING, store_of

UPSELLS = """
[[measures]]
id = "own_upsells"
label = "upsells"
kind = "count"
definition = "Orders an agent sold on a service call."

[[kpis]]
id = "upsell_rate"
label = "Upsell rate"
numerator = "own_upsells"
denominator = "contacts_handled"
unit = "percent"
direction = "higher"
definition = "Upsells per handled contact"
target = {comparator = ">=", value = 0.05}
synonyms = ["Cross-sell %"]
"""
KPI = UPSELLS[UPSELLS.index("[[kpis]]") :]
JULY = KpiQuery(("contacts_handled",), Grain.MONTH, date(2026, 7, 1), date(2026, 7, 31))
EXPORT = "Day,Calls,Upsells\n2026-07-01,100,8\n2026-07-02,300,12\n"
RECIPE = """shape = "aggregates"
source = "sales"
[dimensions]
period_start = {column = "Day", grain = "day"}
vendor = {constant = "Acme"}
[measures]
contacts_handled = {column = "Calls"}
own_upsells = {column = "Upsells"}
"""


def folder_with(folder: Path, text: str = UPSELLS) -> Path:
    """A warehouse folder with this catalogue.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.toml").write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path) -> Warehouse:
    """The export above, loaded into a folder with the definitions above."""
    warehouse = Warehouse(folder_with(folder))
    (folder / "sales.csv").write_text(EXPORT)
    (folder / "sales.toml").write_text(RECIPE)
    (report,) = load_files(warehouse, [(folder / "sales.csv", folder / "sales.toml")])
    assert report.status is Status.STORED, report.issues
    return warehouse


def upsell_rate(warehouse: Warehouse) -> tuple[float, float, float]:
    """Numerator, denominator and value of July."""
    with using(warehouse.catalogue):
        query = KpiQuery(("upsell_rate",), Grain.MONTH, date(2026, 7, 1), date(2026, 7, 31))
        (row,) = kpi_frame(warehouse.open(), EVERYTHING, query).to_dict("records")
    return row["numerator"], row["denominator"], row["value"]


class TestDefinitions:
    def test_an_entry_is_one_of_the_catalogue(self, tmp_path: Path) -> None:
        with using(catalogue_of(folder_with(tmp_path))):
            kpi = find_kpi("upsell_rate")
            assert (kpi.unit, kpi.direction, kpi.scale, kpi.variant_of) == (Unit.PERCENT, Direction.HIGHER, 1, None)
            assert kpi.target is not None and (kpi.target.comparator, kpi.target.expected) == (Comparator.AT_LEAST, 0.05)
            assert formula(kpi) == "upsells / contacts handled"
            assert kpi.definition == "Upsells per handled contact."  # other sentences may follow it
            assert MEASURES["own_upsells"].kind is MeasureKind.COUNT
            assert list(KPIS)[: len(BUILT_IN.kpis)] == list(BUILT_IN.kpis)
            with pytest.raises(UsageError, match="Did you mean: upsell_rate"):
                find_kpi("cross-sell %")

    def test_a_variant_is_named_after_its_kpi(self, tmp_path: Path) -> None:
        text = KPI.replace("upsell_rate", "abandonment_rate.of_handled").replace("own_upsells", "contacts_abandoned")
        with using(catalogue_of(folder_with(tmp_path, text))):
            assert find_kpi("abandonment_rate.of_handled").variant_of == "abandonment_rate"

    @pytest.mark.parametrize(
        ("above", "below", "unit", "scale"),
        [
            ("contacts_handled", "paid_seconds", "per_hour", 3600),
            ("nps_promoters - nps_detractors", "nps_responses", "points", 100),
            ("talk_seconds + hold_seconds", "contacts_handled", "seconds", 1),
            ("cost", "cases_opened", "money", 1),
            ("cost", "", "money", 1),
        ],
    )
    def test_the_scale_follows_from_the_unit(self, above: str, below: str, unit: str, scale: float, tmp_path: Path) -> None:
        text = f'[[kpis]]\nid = "x"\nlabel = "X"\nnumerator = "{above}"\nunit = "{unit}"\ndirection = "neutral"\ndefinition = "d"\n'
        text += f'denominator = "{below}"' if below else ""
        assert catalogue_of(folder_with(tmp_path, text)).kpis["x"].scale == scale

    def test_a_folder_without_the_file_has_the_built_in_ones(self, tmp_path: Path) -> None:
        assert catalogue_of(tmp_path) is BUILT_IN

    def test_a_changed_file_is_read_again(self, tmp_path: Path) -> None:
        first = catalogue_of(folder_with(tmp_path))
        assert catalogue_of(tmp_path) is first
        second = catalogue_of(folder_with(tmp_path, UPSELLS + "\n# renamed\n"))
        assert second.stamp != first.stamp


WRONG = [
    ('id = "own_upsells"', 'id = "upsells"', "line 3: the id 'upsells' cannot be a column"),
    ('id = "own_upsells"', 'id = "own_up;sells"', "line 3: the id 'own_up;sells' cannot be a column"),
    ('id = "own_upsells"', 'id = "own_Upsells"', "cannot be a column"),
    ('id = "own_upsells"\n', "", "line 2: an entry of [[measures]] has no id"),
    ('kind = "count"', 'kind = "counts"', "line 5: kind is 'counts'. Did you mean: count"),
    ('label = "upsells"', 'label = "**up**"', "line 4: label is '**up**'"),
    ('label = "upsells"', 'label = "Cost"', "line 4: 'cost' already means cost"),
    ('definition = "Orders', 'defintion = "Orders', "line 6: unknown key 'defintion' in [[measures]]. Did you mean: definition"),
    ('id = "upsell_rate"', 'id = "csat"', "line 9: 'csat' is taken by a built-in one"),
    ('id = "upsell_rate"', 'id = "Upsell rate"', "line 9: the id 'Upsell rate' is not usable"),
    ('id = "upsell_rate"', 'id = "servicelevel.chat"', "variant of 'servicelevel', which is no KPI. Did you mean: service_level"),
    ('label = "Upsell rate"', 'label = "FCR"', "line 10: 'fcr' already means first_contact_resolution"),
    ('numerator = "own_upsells"', 'numerator = "own_upsell"', "line 11: unknown measure 'own_upsell' in numerator. Did you mean"),
    ('numerator = "own_upsells"', 'numerator = "own_upsells * 2"', "line 11: numerator is 'own_upsells * 2'"),
    ('numerator = "own_upsells"', 'numerator = ""', "line 11: numerator is ''"),
    ('numerator = "own_upsells"', 'numerator = "own_upsells + talk_seconds"', "line 11: numerator adds plain numbers (own_upsells) and"),
    ('numerator = "own_upsells"', 'numerator = "errors + errors"', "line 11: 'errors' stands twice"),
    ('denominator = "contacts_handled"', 'denominator = "talk_seconds"', "line 13: plain numbers / seconds cannot be in percent"),
    ('unit = "percent"', 'unit = "percents"', "line 13: unit is 'percents'. Did you mean: percent"),
    ('direction = "higher"', 'direction = "up"', "line 14: direction is 'up'. Known: band, higher, lower, neutral"),
    ("value = 0.05", "value = 5000", "line 16: value is 5000: that would be 500000 %"),
    ("value = 0.05", 'value = "5 %"', "line 16: target is '5 %', not a number"),
    ("value = 0.05", "lower = 0.05", "a target with '>=' needs value"),
    ('">="', '"<="', "line 16: the comparator '<=' does not fit direction = \"higher\". Fitting: >=, >"),
    ("synonyms = [", "variant_of = [", "line 17: unknown key 'variant_of' in [[kpis]]. A variant is named after its KPI"),
    ("Cross-sell %", "AHT", "line 17: 'aht' already means average_handle_time"),
    ("[[kpis]]", "[[kpi]]", "unknown table 'kpi'. Did you mean: kpis"),
    ("[[kpis]]", "[kpis]", "kpis must be a list of tables"),
    ("[[kpis]]", "[[kpis", "is not readable TOML"),
    ('synonyms = ["Cross-sell %"]', "scale = 0", "line 17: scale is 0"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG)
def test_what_is_wrong_is_named_with_its_line(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    assert right in UPSELLS
    with pytest.raises(UsageError) as problem:
        catalogue_of(folder_with(tmp_path, UPSELLS.replace(right, wrong, 1)))
    assert said in str(problem.value)
    assert "catalogue.toml" in str(problem.value)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 19: 'upsell_rate' is taken by an earlier entry"):
        catalogue_of(folder_with(tmp_path, UPSELLS + KPI.replace("Upsell rate", "Other").replace("Cross-sell %", "other")))


@given(
    st.dictionaries(
        st.sampled_from(["id", "label", "kind", "definition", "synonyms", "x"]), st.text() | st.integers() | st.lists(st.text())
    )
)
def test_any_entry_is_read_or_refused(values: dict[str, object]) -> None:
    try:
        found = parse_catalogue(Path("catalogue.toml"), "", {"measures": [values]})
    except UsageError as problem:
        assert problem.remedy
    else:
        (own,) = set(found.measures) - set(BUILT_IN.measures)
        assert own.startswith("own_") and own.isidentifier()


class TestInForce:
    def test_only_inside_the_block(self, tmp_path: Path) -> None:
        own = catalogue_of(folder_with(tmp_path))
        with using(own):
            assert "upsell_rate" in KPIS
            with using(BUILT_IN):
                assert "upsell_rate" not in KPIS
            assert "upsell_rate" in KPIS
        assert "upsell_rate" not in KPIS

    def test_only_in_their_thread(self, tmp_path: Path) -> None:
        """Two sessions with two folders at the same time."""
        one, other = (
            catalogue_of(folder_with(tmp_path / "a")),
            catalogue_of(folder_with(tmp_path / "b", KPI.replace("own_upsells", "errors"))),
        )
        seen: dict[str, list[bool]] = {"a": [], "b": []}
        meet = threading.Barrier(2)

        def session(name: str) -> None:
            with using(one if name == "a" else other):
                for _ in range(50):
                    meet.wait()
                    seen[name].append("own_upsells" in MEASURES)

        threads = [threading.Thread(target=session, args=(name,)) for name in seen]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (set(seen["a"]), set(seen["b"])) == ({True}, {False})

    def test_two_folders_in_one_process_do_not_share_definitions(self, tmp_path: Path) -> None:
        loaded(tmp_path / "own")
        (tmp_path / "plain").mkdir()
        store_of(tmp_path / "plain", [{"contacts_handled": 5}])
        with pytest.raises(UsageError, match="Unknown KPI 'upsell_rate'"):
            upsell_rate(Warehouse(tmp_path / "plain"))


class TestNumbers:
    def test_a_file_fills_the_new_column_and_the_kpi_is_a_sum_over_a_sum(self, tmp_path: Path) -> None:
        """8 + 12 upsells of 100 + 300 calls: 20 / 400 = 5 %."""
        assert upsell_rate(loaded(tmp_path)) == (20, 400, 0.05)

    def test_contacts_are_counted_into_it(self, tmp_path: Path) -> None:
        """Four contacts, one of them sold something: 1 / 4."""
        warehouse = Warehouse(folder_with(tmp_path))
        (tmp_path / "calls.csv").write_text("Day,Outcome\n2026-07-01,sold\n2026-07-01,told\n2026-07-02,told\n2026-07-02,left\n")
        recipe = RECIPE.replace("aggregates", "interactions").replace('{column = "Calls"}', "{count = true}")
        (tmp_path / "calls.toml").write_text(recipe.replace('{column = "Upsells"}', '{column = "Outcome", equals = ["sold"]}'))
        (report,) = load_files(warehouse, [(tmp_path / "calls.csv", tmp_path / "calls.toml")])
        assert report.status is Status.STORED, report.issues
        assert upsell_rate(warehouse) == (1, 4, 0.25)

    def test_it_has_its_target_and_verdict(self, tmp_path: Path) -> None:
        warehouse = loaded(tmp_path)
        with using(warehouse.catalogue):
            query = KpiQuery(("upsell_rate",), Grain.MONTH, date(2026, 7, 1), date(2026, 7, 31))
            (row,) = judged_rows(warehouse.open(), EVERYTHING, query).to_dict("records")
        assert (row["target_text"], row["value_text"], row["status"]) == (">= 5 %", "5 %", "met")

    def test_a_definition_that_came_later_finds_its_column_in_an_old_warehouse(self, tmp_path: Path) -> None:
        store_of(tmp_path, [{"contacts_handled": 100}])
        folder_with(tmp_path)
        numerator, _, value = upsell_rate(Warehouse(tmp_path))
        assert (str(numerator), str(value)) == ("nan", "nan")

    def test_a_removed_definition_keeps_its_numbers(self, tmp_path: Path) -> None:
        warehouse = loaded(tmp_path)
        (tmp_path / "catalogue.toml").unlink()
        with pytest.raises(UsageError, match="Unknown KPI"):
            upsell_rate(warehouse)
        folder_with(tmp_path)
        assert upsell_rate(warehouse) == (20, 400, 0.05)

    def test_settling_without_the_definition_keeps_rows_that_have_nothing_else(self, tmp_path: Path) -> None:
        warehouse = loaded(tmp_path)
        (tmp_path / "catalogue.toml").unlink()
        only_upsells = {"source": "sales", "vendor": "Acme", "period_start": date(2026, 7, 3), "own_upsells": 5}
        store_of(tmp_path, [only_upsells])
        folder_with(tmp_path)
        with using(warehouse.catalogue):
            found = warehouse.open().select(EVERYTHING, "SELECT sum(own_upsells) AS upsells FROM performance")
        assert found["upsells"].tolist() == [25]

    def test_a_count_that_becomes_an_amount_keeps_its_numbers(self, tmp_path: Path) -> None:
        warehouse = loaded(tmp_path)
        folder_with(tmp_path, UPSELLS.replace('kind = "count"', 'kind = "amount"'))
        assert upsell_rate(warehouse) == (20, 400, 0.05)
        folder_with(tmp_path)
        assert upsell_rate(warehouse) == (20, 400, 0.05)

    def test_a_recipe_with_an_unknown_measure_is_refused(self, tmp_path: Path) -> None:
        warehouse = loaded(tmp_path)
        (tmp_path / "catalogue.toml").unlink()
        (report,) = load_files(warehouse, [(tmp_path / "sales.csv", tmp_path / "sales.toml")])
        assert report.status is Status.REFUSED
        assert "unknown measure 'own_upsells'" in report.issues[0].message


def test_settings_may_name_them(tmp_path: Path) -> None:
    folder_with(tmp_path)
    (tmp_path / "settings.toml").write_text('contract_kpis = ["upsell_rate"]\n')
    assert load_settings(tmp_path).contract_kpis == ("upsell_rate",)
    (tmp_path / "catalogue.toml").unlink()
    with pytest.raises(UsageError, match="upsell_rate"):
        load_settings(tmp_path)
