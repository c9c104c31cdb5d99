"""Forms: boxes that are ticked or left empty, alternatives of which one is ringed, figures that stand for yes and no.

"Bone pain [ ] y [x] n" answers no, and "Headache: (Y) / N" yes. What was not chosen is blanked, and a figure of a
legend is written as its answer, so that the line reads like any other; every offset stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.understanding.blanking_rules import FormCues

_BOX = re.compile(
    r"\[\s{0,2}(?P<tick>[xX✓✔√vV*]?)\s{0,2}\]|\(\s?(?P<mark>[xX✓✔√])\s?\)|\(\s{1,2}\)|(?P<sign>[☑☒✅■◼☐⬜□◻])"
)
_EMPTY_SIGNS = "☐⬜□◻"
_LINE = re.compile(r"[^\n]+")
_LETTER = re.compile(r"\w")


class Forms:
    """Reads forms by the cues of the data."""

    def __init__(self, cues: FormCues) -> None:
        """Compile the cues."""
        never = r"(?!)"
        self._answer = re.compile(rf"[\s:=-]*(?:{cues.answer or never})(?!\w)", re.IGNORECASE)
        self._answer_before = re.compile(rf"(?<!\w)(?:{cues.answer or never})[\s:=-]*\Z", re.IGNORECASE)
        self._ringed = tuple(re.compile(one, re.IGNORECASE) for one in cues.ringed)
        self._legend = re.compile(cues.legend or never, re.IGNORECASE)
        self._figure = cues.figure
        self._crosses = tuple(re.compile(one, re.IGNORECASE) for one in cues.crosses)

    def answered(self, text: str) -> str:
        """Return the text, as long as before, with only the chosen answers of its forms."""
        if _BOX.search(text) is not None:
            lines = (match.span() for match in _LINE.finditer(text))
            letters = list(text)
            for line in lines:
                self._tick(text, line, letters)
            text = "".join(letters)
        for pattern in self._ringed:
            text = pattern.sub(_kept, text)
        if len(self._crosses) > 1 and self._crosses[0].search(text):
            text = self._crosses[1].sub(lambda match: match.group().replace("x", "✗").replace("X", "✗"), text)
        return self._figures(text)

    def _tick(self, text: str, line: tuple[int, int], letters: list[str]) -> None:
        """Blank the boxes of a line that stand with an answer, and the answers that were not chosen."""
        for run in self._runs(text, line):
            end = run[-1].end()
            leads = self._answer.match(text, end, line[1]) is not None
            kept = None
            for place, box in enumerate(run):
                if leads:
                    option = self._answer.match(text, box.end(), line[1])
                else:
                    floor = run[place - 1].end() if place else line[0]
                    option = self._answer_before.search(text[floor : box.start()])
                if option is None:
                    continue
                base = 0 if leads else (run[place - 1].end() if place else line[0])
                first, last = option.start() + base, option.end() + base
                letters[box.start() : box.end()] = " " * (box.end() - box.start())
                end = max(end, last)
                if _ticked(box):
                    kept = (first, last)
                else:
                    letters[first:last] = " " * (last - first)
            if kept is not None:
                _part(letters, kept[0], end)

    def _runs(self, text: str, line: tuple[int, int]) -> Iterator[Sequence[re.Match[str]]]:
        """Boxes beside each other with one answer each between them."""
        run: list[re.Match[str]] = []
        for box in _BOX.finditer(text, *line):
            if run and not self._answer.fullmatch(text[run[-1].end() : box.start()].rstrip(" ,/|")):
                if self._is_choice(text, run, line):
                    yield run
                run = []
            run.append(box)
        if run and self._is_choice(text, run, line):
            yield run

    def _is_choice(self, text: str, run: Sequence[re.Match[str]], line: tuple[int, int]) -> bool:
        """Whether exactly one of several boxes is ticked, and an answer stands beside them."""
        after = self._answer.match(text, run[-1].end(), line[1])
        before = self._answer_before.search(text[line[0] : run[0].start()])
        return len(run) > 1 and sum(map(_ticked, run)) == 1 and (after is not None or before is not None)

    def _figures(self, text: str) -> str:
        """Write the figures that a legend explains as the answers they stand for."""
        said = {match.group("figure"): match.group("answer")[0] for match in self._legend.finditer(text)}
        if len(said) < 2 or not self._figure:
            return text
        text = self._legend.sub(lambda match: " " * len(match.group()), text)
        figures = re.compile(self._figure.replace("%figure%", "|".join(map(re.escape, said))))
        return figures.sub(lambda match: _answer(match.group(), said), text)


def _answer(figure: str, said: Mapping[str, str]) -> str:
    """The answer of a figure; a space before it becomes the colon that parts it from what it answers."""
    answer = said[figure.strip()]
    return f":{answer}" if figure[0] == " " else answer


def _ticked(box: re.Match[str]) -> bool:
    sign = box.group("sign")
    return bool(box.group("tick") or box.group("mark") or (sign and sign not in _EMPTY_SIGNS))


def _part(letters: list[str], start: int, end: int) -> None:
    """Set one colon before an answer and a semicolon after it, where there is room."""
    before = start - 1
    while before > 0 and letters[before] == " ":
        before -= 1
    if before >= 0 and letters[before] in ":?":
        # "Neuro symptoms: [ ] yes [x] no", "Any headache? [ ] yes [x] no": the field has its mark already.
        letters[before] = ":"
    elif start and letters[start - 1] == " ":
        letters[start - 1] = ":"
    if end < len(letters) and letters[end] == " ":
        letters[end] = ";"


def _kept(match: re.Match[str]) -> str:
    """The match with its group `kept` alone."""
    start, end = match.span("kept")
    whole = match.group()
    begin = match.start()
    return "".join(
        char if start <= begin + place < end or (not _LETTER.match(char) and char not in "()[]*/") else " "
        for place, char in enumerate(whole)
    )
