"""The generator writes the files that ship, byte by byte, and its small tools do what they say."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from analytics.catalogue import KPIS
from analytics.intake.recipe_text import read_recipe
from analytics.sample.agreed_totals import at_ratio, spread
from analytics.sample.curve import path
from analytics.sample.exports import write_exports
from analytics.sample.noise import drift, generator
from tests.sample.exported import SAMPLE

RECIPES = SAMPLE.parent / "recipes"
LARGEST_SAMPLE = 6_000_000


def test_the_same_files_every_time(tmp_path: Path):
    for name in write_exports(tmp_path):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_the_sample_stays_small():
    assert sum(file.stat().st_size for file in SAMPLE.iterdir()) < LARGEST_SAMPLE


def test_every_file_of_the_demo_exists_with_its_recipe():
    loads = tomllib.loads((SAMPLE / "demo.toml").read_text(encoding="utf-8"))["load"]
    for entry in loads:
        header = (SAMPLE / entry["file"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert set(read_recipe(RECIPES / f"{entry['recipe']}.toml").match) <= set(header)


def test_every_kpi_of_the_catalogue_is_measurable():
    loads = tomllib.loads((SAMPLE / "demo.toml").read_text(encoding="utf-8"))["load"]
    recipes = [read_recipe(RECIPES / f"{entry['recipe']}.toml") for entry in loads]
    measures = {field.measure for recipe in recipes for field in recipe.measures} | {"handle_seconds"}
    assert [kpi.id for kpi in KPIS.values() if not set(kpi.measures) <= measures] == []


def test_a_curve_is_straight_between_its_points_and_flat_outside():
    days = np.array(["2026-01-01", "2026-01-06", "2026-02-01"], dtype="datetime64[D]")
    assert path(d20260101=1.0, d20260111=2.0).at(days).tolist() == [1.0, 1.5, 2.0]


def test_spreading_keeps_the_total_and_the_room():
    assert spread(5, np.array([1, 3, 6])).tolist() == [1, 1, 3]
    assert spread(10, np.array([1, 3, 6])).tolist() == [1, 3, 6]
    with pytest.raises(ValueError, match="11 does not fit into 10"):
        spread(11, np.array([1, 3, 6]))


def test_an_agreed_ratio_is_exact():
    resolved, issues = at_ratio(np.array([40, 41]), np.array([50, 49]), np.array([60, 60]), (17, 20))
    assert (int(resolved.sum()), int(issues.sum())) == (85, 100)


def test_noise_remembers_the_day_before():
    wander = drift(generator("any series"), 4000, spread=2.0, persistence=0.8)
    assert abs(wander.std() - 2.0) < 0.2
    assert abs(np.corrcoef(wander[1:], wander[:-1])[0, 1] - 0.8) < 0.05
