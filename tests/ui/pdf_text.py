"""Reads the words of a PDF that fpdf2 wrote, so that an export can be compared with what was said."""

from __future__ import annotations

import re
import zlib

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(data: bytes) -> str:
    """Return all text with single spaces; each font has a map from its glyphs to characters."""
    streams = [_inflated(item) for item in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)]
    fonts = [_characters(stream) for stream in streams if b"beginbfchar" in stream]
    words: list[str] = []
    for stream in streams:
        font: dict[int, str] = {}
        for number, shown in re.findall(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", stream, re.DOTALL):
            if number:
                font = fonts[int(number) - 1]
            else:
                codes = re.sub(rb"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), shown, flags=re.DOTALL)
                pairs = (int.from_bytes(codes[place : place + 2]) for place in range(0, len(codes), 2))
                words.append("".join(font[code] for code in pairs))
    return " ".join(" ".join(words).split())


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _characters(stream: bytes) -> dict[int, str]:
    found = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", stream)
    return {int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in found}
