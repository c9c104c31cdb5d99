"""Plots as Vega-Lite specifications, which the page draws in the colours of its theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.ui.report import Bar

ROW_PX = 22
LABEL_PX = 170


#: The theme's grey for text, which a plot does not take by itself; AA on the page's colour.
LABELS = {"light": "#48575c", "dark": "#b4c1c4"}


def colours(scheme: str | None) -> dict[str, Any]:
    """Return a plot's configuration for the page's colour scheme."""
    return {"axis": {"labelColor": LABELS.get(scheme or "", LABELS["light"])}}


def rates(title: str, bars: Sequence[Bar]) -> dict[str, Any]:
    """Return a plot of rates, a bar each with its interval; its description tells all values in words."""
    told = "; ".join(f"{bar.name} {bar.value:.1%} of {bar.total}" for bar in bars)
    values = [
        {"name": bar.name, "value": bar.value, "low": bar.low, "high": bar.high, "total": bar.total}
        for bar in bars
    ]
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": "%", "title": None}}
    tooltip = [
        {"field": "name", "title": " "},
        *({"field": name, "title": name, "format": ".1%"} for name in ("value", "low", "high")),
        {"field": "total", "title": "total"},
    ]
    return {
        "description": f"{title}: {told}",
        "height": {"step": ROW_PX},
        "data": {"values": values},
        "encoding": {
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "title": None,
                "axis": {"labelLimit": LABEL_PX},
            },
            "tooltip": tooltip,
        },
        "layer": [
            {
                "mark": {"type": "bar", "size": 12, "opacity": 0.45},
                "encoding": {"x": {**x, "field": "value"}},
            },
            {
                # A thin bar and no rule: it takes the colour of the theme, in the dark too.
                "mark": {"type": "bar", "size": 2},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
        ],
    }
