"""The four rules of a control chart, on series laid out one per line. Codes instead of words: `spc` gives them their meaning."""

import numpy as np

RUN_LENGTH = 7
OUTSIDE, TREND, TWO_IN_THREE, RUN = 1, 2, 3, 4


def find_rules(values: np.ndarray, centre: np.ndarray, width: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per point the code of the first rule that matches (0 = none) and the direction it points in: 1 up, -1 down, 0 none.

    `values`: one series per line, oldest first, padded with NaN, at least `RUN_LENGTH` places wide. `width`: distance of the
    limits from `centre`, per series or per point. Differences up to `noise` are ties.
    """
    deviation = without_noise(values - centre, noise)
    side = _signs(deviation)
    outside = np.abs(deviation) > width + noise
    trend = _trend(_signs(without_noise(np.diff(values, axis=1), noise)))
    near = ~outside & (np.abs(deviation) > width * 2 / 3 + noise)
    two_in_three = _two_in_three(near, side)
    run = _part_of_run(side, RUN_LENGTH)
    rule = np.select([outside, trend != 0, two_in_three, run], [OUTSIDE, TREND, TWO_IN_THREE, RUN], 0)
    direction = np.where(rule == TREND, trend, side)
    return rule, np.where(rule > 0, direction, 0)


def _trend(steps: np.ndarray) -> np.ndarray:
    """Slope of the trend each point is part of, else 0; where one trend turns into the next, the newer one counts."""
    slope = np.where(_part_of_run(steps, RUN_LENGTH - 1), steps, 0)
    into, out_of = np.pad(slope, ((0, 0), (1, 0))), np.pad(slope, ((0, 0), (0, 1)))
    return np.where(out_of != 0, out_of, into)


def _two_in_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Points near a limit that are one of at least two such in three in a row, all three on one side of the centre line."""
    enough = _window_sums(near.astype(np.int8), 3) >= 2
    one_side = np.abs(_window_sums(side, 3)) == 3
    return near & _members(enough & one_side, 3)


def _part_of_run(signs: np.ndarray, length: int) -> np.ndarray:
    """Whether each place is one of at least `length` neighbours with the same sign."""
    return _members(np.abs(_window_sums(signs, length)) == length, length)


def _window_sums(numbers: np.ndarray, length: int) -> np.ndarray:
    """Sum of every `length` neighbours, at the first place of the window."""
    windows = numbers.shape[1] - length + 1
    return sum((numbers[:, shift : shift + windows] for shift in range(length)), np.zeros((len(numbers), windows), np.int8))


def _members(windows: np.ndarray, length: int) -> np.ndarray:
    """Whether each place lies in a marked window; `windows` holds one mark per window of `length`, at its first place."""
    places = np.zeros((len(windows), windows.shape[1] + length - 1), dtype=bool)
    for shift in range(length):
        places[:, shift : shift + windows.shape[1]] |= windows
    return places


def without_noise(differences: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The differences with rounding noise taken as 0."""
    return np.where(np.abs(differences) <= noise, 0.0, differences)


def _signs(differences: np.ndarray) -> np.ndarray:
    """1, -1 or 0 for up, down or tied; 0 where there is no point."""
    return np.sign(np.nan_to_num(differences)).astype(np.int8)
