"""What was measured, printed beside its budget."""

from collections.abc import Sequence

from bench.figures import PageBytes
from bench.growth import Growth
from bench.loading import Loading
from bench.reruns import Rerun

REPORT = "Performance report"
REPORT_CPU_MS, PAGE_CPU_MS, PAGE_RATIO, DEMO_SECONDS, START_SECONDS = 40, 120, 0.25, 30, 6
LOAD_TIME, LOAD_MEMORY, AGAIN_TIME, GROWTH = 1.25, 1.3, 0.02, 1.1


def print_times(seconds: dict[str, float]) -> None:
    """Waiting times in seconds."""
    print(f"Sample warehouse built in {seconds['demo']:.1f} s (budget {DEMO_SECONDS} s with the first start)")
    print(f"Dashboard ready in {seconds['start']:.1f} s (budget {START_SECONDS} s)\n")


def print_reruns(reruns: list[Rerun]) -> None:
    """CPU per page, and how many times the blank page's."""
    blank = reruns[0].cpu_ms
    print(f"{'CPU of a rerun (median)':32}{'ms':>8}{'budget':>8}{'x blank':>9}{'KB sent':>9}")
    for place, rerun in enumerate(reruns):
        budget = "" if not place else f"{REPORT_CPU_MS if rerun.page.title == REPORT else PAGE_CPU_MS}"
        print(f"{rerun.page.title:32}{rerun.cpu_ms:8.1f}{budget:>8}{rerun.cpu_ms / blank:9.1f}{rerun.size / 1000:9.1f}")


def print_bytes(pages: list[PageBytes]) -> None:
    """Bytes of what is drawn and of whole pages, and their share of the same drawn the everyday way."""
    print(f"\n{'':32}{'':26}drawn (budget {PAGE_RATIO} x){'':14}whole page")
    beside = f"{'everyday':>10}{'ratio':>7}"
    print(f"{'Bytes of a page':32}{'charts':>7}{'lines':>7}{'icons':>7}{'KB':>9}{beside}{'KB':>10}{beside}")
    for page in pages:
        counts = f"{page.charts:7}{page.sparklines:7}{page.icons:7}"
        drawn = f"{page.drawn_size / 1000:9.1f}" + _beside(page.everyday_size, page.drawn_ratio)
        whole = f"{page.page_size / 1000:10.1f}" + _beside(page.everyday_page_size, page.page_ratio)
        print(f"{page.title:32}{counts}{drawn}{whole}")


def _beside(size: int | None, ratio: float | None) -> str:
    return f"{'-':>10}{'-':>7}" if size is None or ratio is None else f"{size / 1000:10.1f}{ratio:7.2f}"


def print_growth(growth: Growth) -> None:
    """Loads beside COPY and pandas, then what questions and pages cost at each size."""
    _print_loads("Loading contacts", growth.loads)
    _print_loads("Without refused rows", growth.clean_loads)
    print(f"\n{'Asking and showing':24}{'contacts':>12}{'ms':>10}{'x before':>10}   (budget {GROWTH} x from 1 M to 10 M)")
    sizes = [asked.contacts for asked in growth.questions]
    _print_steps("KPI by vendor, 24 months", sizes, [asked.trend_ms for asked in growth.questions])
    _print_steps("Whole report computed", sizes, [asked.report_ms for asked in growth.questions])
    for title, milliseconds in growth.page_cpu_ms.items():
        _print_steps(f"CPU, {title}", sizes, milliseconds)
    _print_steps("KPI from raw contacts", sizes, [asked.raw_trend_ms for asked in growth.questions])


def _print_loads(title: str, loads: Sequence[Loading]) -> None:
    """Seconds and MB of each side; the load's shares of a bare COPY, and of pandas."""
    sides = "".join(f"{side + ' s':>10}{'MB':>7}" for side in ("COPY", "pandas", "load"))
    shares = f"{'time':>7}{'memory':>8}{'again':>7}{'command':>9}"
    print(f"\n{'':18}{'':51}load / COPY (budget {LOAD_TIME}, {LOAD_MEMORY}, {AGAIN_TIME}){'':5}load / pandas")
    print(f"{title:21}{'file MB':>8}{sides}{shares}{'time':>14}{'memory':>8}")
    for load in loads:
        costs = "".join(_cost(load, side) for side in ("copy", "pandas", "load"))
        ratios = _ratio(load.time_ratio("load", "copy"), 7) + _ratio(load.memory_ratio("load", "copy"), 8)
        again = _ratio(load.time_ratio("again", "copy"), 7, 3) + _ratio(load.command_seconds / load.costs["copy"].seconds, 9)
        pandas = _ratio(load.time_ratio("load", "pandas"), 14) + _ratio(load.memory_ratio("load", "pandas"), 8)
        print(f"{load.contacts:21,}{load.file_mb:8.0f}{costs}{ratios}{again}{pandas}")


def _cost(load: Loading, side: str) -> str:
    cost = load.costs.get(side)
    return f"{cost.seconds:10.2f}{cost.peak_mb:7.0f}" if cost else f"{'-':>10}{'-':>7}"


def _ratio(ratio: float | None, width: int, decimals: int = 2) -> str:
    return f"{'-':>{width}}" if ratio is None else f"{ratio:{width}.{decimals}f}"


def _print_steps(title: str, sizes: Sequence[int], milliseconds: Sequence[float]) -> None:
    """One line per size, with how many times the size before it costs."""
    for position, (size, value) in enumerate(zip(sizes, milliseconds, strict=True)):
        step = f"{value / milliseconds[position - 1]:10.2f}" if position else ""
        print(f"{'' if position else title:24}{size:12,}{value:10.1f}{step}")
