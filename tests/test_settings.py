"""Settings: the defaults, single keys overridden in the warehouse folder, and what a wrong one says."""

import os
from pathlib import Path

import pytest

from analytics.errors import UsageError
from analytics.settings import RiskBand, load_settings

DEFAULT_BANDS = (RiskBand("low", 3), RiskBand("moderate", 6), RiskBand("high", 12), RiskBand("extreme", 25))


def own(folder: Path, text: str) -> Path:
    """A warehouse folder with this settings.toml."""
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return folder


def bands(*limits: object, names: tuple[str, ...] = ("low", "moderate", "high", "extreme")) -> str:
    return "".join(f'[[risk_bands]]\nname = "{name}"\nto = {limit}\n' for name, limit in zip(names, limits, strict=False))


def test_defaults() -> None:
    settings = load_settings()
    assert settings.fiscal_year_start_month == 1
    assert settings.contract_kpis == ("first_contact_resolution", "average_handle_time", "csat", "error_rate")
    assert settings.shown_kpis[:5] == (*settings.contract_kpis, "service_level")
    assert set(settings.shown_kpis) < set(settings.heatmap_kpis)
    assert settings.risk_bands == DEFAULT_BANDS


def test_a_folder_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == load_settings()


def test_single_keys_are_overridden(tmp_path: Path) -> None:
    settings = load_settings(own(tmp_path, 'fiscal_year_start_month = 4\nreport_kpis = ["csat", "nps"]'))
    assert settings.fiscal_year_start_month == 4
    assert settings.shown_kpis == (*load_settings().contract_kpis, "nps")
    assert settings.risk_bands == DEFAULT_BANDS


def test_other_bands(tmp_path: Path) -> None:
    assert [band.to for band in load_settings(own(tmp_path, bands(4, 9, 15, 25))).risk_bands] == [4, 9, 15, 25]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    assert load_settings(own(tmp_path, "fiscal_year_start_month = 4")).fiscal_year_start_month == 4
    own(tmp_path, "fiscal_year_start_month = 7")
    os.utime(tmp_path / "settings.toml", ns=(1, 1))
    assert load_settings(tmp_path).fiscal_year_start_month == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fiscal_year_start = 4", r"Unknown setting in .*settings\.toml 'fiscal_year_start'\. Did you mean: fiscal_year_start_month\?"),
        ("fiscal_year_start_month = 13", r"fiscal_year_start_month is 13\. Give a month from 1 to 12\."),
        ('fiscal_year_start_month = "April"', r"fiscal_year_start_month is 'April'\. Give a month"),
        ("fiscal_year_start_month = true", r"fiscal_year_start_month is True\. Give a month"),
        ('report_kpis = ["csatt"]', r"Unknown KPI in .*settings\.toml, report_kpis: 'csatt'\. Did you mean: csat"),
        ("report_kpis = [[1]]", r"Unknown KPI in .*settings\.toml, report_kpis: '\[1\]'"),
        ('report_kpis = "csat"', r"report_kpis is 'csat'\. Give a list of KPI ids\."),
        ("report_kpis = [", r"settings\.toml is not readable TOML: .* Correct that line\."),
        ("risk_bands = 5", r"risk_bands cannot be read\. Give four tables with name and to\."),
        (bands(3, 6, '"x"', 25), r"risk_bands cannot be read"),
        (bands(3, 6, 12, 24), r"risk_bands must be low, moderate, high, extreme with rising limits, the last 25\."),
        (bands(6, 3, 12, 25), r"rising limits"),
        (bands(3, 6, 25), r"risk_bands must be"),
        (bands(3, 6, 12, 25, names=("green", "yellow", "orange", "red")), r"risk_bands must be"),
    ],
)
def test_what_is_wrong_is_said_with_the_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_settings(own(tmp_path, text))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="is not readable TOML"):
        load_settings(tmp_path)
