"""Plots as inline SVG: no library, no script, the same bytes on every run. Colours are the page's classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

ROW = 20
LEFT = 250
WIDTH = 760
#: The colours of a sheet that stands alone; on a page the page's own style gives them.
SHEET_STYLE = (
    "text{font:12px sans-serif;fill:#333}.axis{fill:none;stroke:#888}.line{fill:none;stroke-width:2}"
    + "".join(
        f".s{number}{{stroke:{colour}}}.dot.s{number}{{fill:{colour}}}"
        for number, colour in enumerate(("#0b6bcb", "#c4320a", "#3a7d1d", "#7a3db8", "#8a6d00"))
    )
)
_SHEET_ROW = 340


def interval_bars(title: str, rows: Sequence[tuple[str, Mapping[str, object]]]) -> str:
    """Horizontal bars of rates (records with value, low, high, count, total) with their intervals."""
    span = WIDTH - LEFT - 130
    parts = [_ticks(len(rows) * ROW, span)]
    for number, (label, record) in enumerate(rows):
        y = number * ROW + 4
        value = record.get("value")
        parts.append(_text(LEFT - 8, y + 11, label, "end"))
        if not isinstance(value, (int, float)):
            continue
        low, high = (float(str(record[name])) for name in ("low", "high"))
        parts.append(f'<rect class="bar" x="{LEFT}" y="{y}" width="{span * value:.1f}" height="13"/>')
        x1, x2 = LEFT + span * low, LEFT + span * high
        ends = f"M{x1:.1f} {y + 3}v7M{x2:.1f} {y + 3}v7"
        parts.append(f'<path class="whisker" d="M{x1:.1f} {y + 6.5}H{x2:.1f}{ends}"/>')
        counted = f" {record['count']}/{record['total']}" if "count" in record else f" n={record['total']}"
        parts.append(_text(LEFT + span + 8, y + 11, f"{100 * value:.1f}%{counted}"))
    return _svg(title, WIDTH, len(rows) * ROW + 24, parts)


def heat_map(title: str, table: Mapping[str, Mapping[str, int]], by_row: bool = True) -> str:
    """Counts by row and column, shaded by their share of the row (or of the whole)."""
    columns = list(dict.fromkeys(column for row in table.values() for column in row))
    cell = max(34, min(120, (WIDTH - LEFT) // max(1, len(columns))))
    longest = max((len(column) for column in columns), default=0)
    turned = 7 * longest > cell
    top = 14 + 6 * longest if turned else 22
    everything = max((count for row in table.values() for count in row.values()), default=1) or 1
    parts = []
    for x, column in enumerate(columns):
        left = LEFT + x * cell + cell / 2
        turn = "" if not turned else f' transform="rotate(-60 {left:.0f} {top - 6})"'
        anchor = "start" if turned else "middle"
        place = f'x="{left:.0f}" y="{top - 6}" text-anchor="{anchor}"{turn}'
        parts.append(f"<text {place}>{escape(column)}</text>")
    for y, (label, row) in enumerate(table.items()):
        parts.append(_text(LEFT - 8, top + y * 26 + 17, label, "end"))
        total = (sum(row.values()) if by_row else everything) or 1
        for x, column in enumerate(columns):
            count = row.get(column, 0)
            where = f'x="{LEFT + x * cell}" y="{top + y * 26}" width="{cell - 2}" height="24"'
            parts.append(f'<rect class="cell" {where} fill-opacity="{min(1.0, count / total):.3f}"/>')
            if count:
                parts.append(_text(LEFT + x * cell + cell / 2, top + y * 26 + 17, str(count), "middle"))
    width = max(WIDTH, LEFT + cell * len(columns) + 60)
    return _svg(title, width, top + 26 * len(table) + 8, parts)


def curves(
    title: str,
    series: Mapping[str, Sequence[tuple[float, float]]],
    x_label: str,
    y_label: str,
    log_axes: bool = False,
) -> str:
    """Lines (or single points) of (x, y); with `log_axes` both axes are logarithmic."""
    points = [point for line in series.values() for point in line]
    if not points:
        return _svg(title, WIDTH, 30, [_text(10, 20, "no data")])
    scale = (lambda v: log10(max(v, 1e-9))) if log_axes else (lambda v: v)
    xs, ys = [scale(x) for x, _ in points], [scale(y) for _, y in points]
    x0, x1 = (min(xs), max(xs)) if log_axes else (min(0.0, *xs), max(1e-9, *xs))
    y0, y1 = (min(ys), max(ys)) if log_axes else (min(0.0, *ys), max(1e-9, *ys))
    width, height, left = 460, 260, 60

    def place(x: float, y: float) -> tuple[float, float]:
        across = (scale(x) - x0) / (x1 - x0 or 1)
        return left + width * across, 10 + height - height * (scale(y) - y0) / (y1 - y0 or 1)

    parts = [f'<path class="axis" d="M{left} 10V{10 + height}H{left + width}"/>']
    parts += [
        _text(left + width / 2, height + 42, x_label, "middle"),
        f'<g transform="rotate(-90)">{_text(-(10 + height / 2), 14, y_label, "middle")}</g>',
        _text(left, height + 26, _number(10**x0 if log_axes else x0)),
        _text(left + width, height + 26, _number(10**x1 if log_axes else x1), "end"),
        _text(left - 6, height + 10, _number(10**y0 if log_axes else y0), "end"),
        _text(left - 6, 18, _number(10**y1 if log_axes else y1), "end"),
    ]
    for number, (name, line) in enumerate(series.items()):
        placed = [place(x, y) for x, y in line]
        if len(placed) > 1:
            path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
            parts.append(f'<path class="line s{number % 8}" d="{path}"/>')
        if len(placed) <= 12:
            parts += [_dot(number, x, y) for x, y in placed]
        y = 20 + number * 18
        parts.append(_dot(number, left + width + 22, y - 4))
        parts.append(_text(left + width + 32, y, name))
    return _svg(title, WIDTH + 40, height + 52, parts)


def sheet(label: str, plots: Sequence[str]) -> str:
    """One SVG file of several plots below one another."""
    parts = []
    for number, plot in enumerate(plots):
        title = plot.partition("<figcaption>")[2].partition("</figcaption>")[0]
        body = plot.partition("<svg")[2].partition(">")[2].partition("</svg>")[0]
        place = f'transform="translate(0 {_SHEET_ROW * number + 30})"'
        parts.append(f'<g {place}><text x="60" y="-6">{title}</text>{body}</g>')
    height = _SHEET_ROW * len(plots) + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" width="800" role="img" '
        f'aria-label="{escape(label)}"><style>{SHEET_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(parts)}</svg>\n"
    )


def histogram(title: str, values: Sequence[float], unit: str, bins: int = 30) -> str:
    """How often values fall in equal bins; the last bin holds all beyond the 99th percentile."""
    if not values:
        return _svg(title, WIDTH, 30, [_text(10, 20, "no data")])
    ordered = sorted(values)
    top = ordered[int(0.99 * (len(ordered) - 1))] or 1e-9
    counts = [0] * bins
    for value in ordered:
        counts[min(bins - 1, int(bins * value / top))] += 1
    width, height = 640.0, 160
    parts = []
    for number, count in enumerate(counts):
        tall = height * count / max(counts)
        x, wide = 20 + number * width / bins, width / bins - 2
        where = f'x="{x:.1f}" y="{10 + height - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
        parts.append(f'<rect class="bar" {where}/>')
    parts.append(_text(20, height + 28, f"0 {unit}"))
    parts.append(_text(20 + width, height + 28, f"{top:.1f} {unit} and more", "end"))
    return _svg(title, WIDTH, height + 36, parts)


def _ticks(height: int, span: int) -> str:
    marks = []
    for percent in (0, 25, 50, 75, 100):
        x = LEFT + span * percent / 100
        marks.append(f'<path class="grid" d="M{x:.1f} 0V{height}"/>')
        marks.append(_text(x, height + 16, f"{percent}%", "middle"))
    return "".join(marks)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _dot(number: int, x: float, y: float) -> str:
    return f'<circle class="dot s{number % 8}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    name = escape(title)
    return (
        f'<figure><figcaption>{name}</figcaption><svg role="img" aria-label="{name}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">{"".join(parts)}</svg></figure>'
    )
