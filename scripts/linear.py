"""Measures time against length up to a megabyte and writes docs/linear.svg: `python scripts/linear.py`.

Processor time, the best of a few runs; each text is of one hostile or ordinary piece, repeated. A question is read
up to its longest length and refused beyond it, a draft likewise; the rest reads all that it is given.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LENGTHS = tuple(1_000 * 2**power for power in range(11))  # to 1,024,000
PIECES = {
    "a vignette": "52F, TNBC, on AC-T, new back pain x3wk, no headache, LFTs normal. Which scan? ",
    "one word": "a",
    "negations": "no pain and ",
    "brackets": "([{",
    "numbers": "1-10 mSv, ",
}


def functions() -> dict[str, Callable[[str], object]]:
    """Return what a user's text reaches, by name."""
    from assistant import Assistant, PassageIndex, assert_status
    from assistant.guidelines.coverage import find_sentences

    assistant = Assistant.open()
    index = PassageIndex.build([one.text for one in assistant.resources.passages])
    return {
        "ask": assistant.ask,
        "review": assistant.review,
        "assert_status": lambda text: assert_status(text, len(text) // 2, len(text) // 2 + 2),
        "search": lambda text: index.search(text, k=3),
        "vocabulary": assistant.resources.vocabulary.find,
        "sentences of a source": lambda text: list(find_sentences(text)),
    }


def seconds(run: Callable[[str], object], text: str) -> float:
    """Return the least processor time of some runs; a long one is not repeated."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        run(text)
        best = min(best, time.process_time() - begun)
        if best > 1:
            break
    return best


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "linear.svg")
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from evals.plots import curves, sheet

    plots = []
    for name, run in functions().items():
        run(PIECES["a vignette"])
        lines = {}
        for piece, unit in PIECES.items():
            points = []
            for length in LENGTHS:
                text = (unit * (length // len(unit) + 1))[:length]
                points.append((length / 1_000, 1_000 * seconds(run, text)))
            lines[piece] = points
            shown = "  ".join(f"{x:.0f}:{y:.1f}" for x, y in points[::2])
            print(f"{name:22} {piece:12} thousand characters: ms  {shown}", flush=True)
        plots.append(curves(name, lines, "thousand characters", "ms", log_axes=True))
    args.to.write_text(sheet("time against length", plots), encoding="utf-8")
    print(f"wrote {args.to}")


if __name__ == "__main__":
    main()
