"""What `--version` shows: the program, and exactly which corpus it answers from."""

from __future__ import annotations

from assistant import __version__
from assistant.errors import AssistantError


def version_text() -> str:
    """Return the version with the corpus and each guideline's review date and source hash."""
    from assistant.guidelines.loader import digest_of, load_corpus
    from assistant.settings import load_settings

    lines = [f"guideline-assistant {__version__}"]
    try:
        root = load_settings().corpus
        lines.append(f"corpus sha256 {digest_of(root)}")
        lines += [
            f"  {item.id}: reviewed {item.metadata.review_date}, source sha256 {item.metadata.source.sha256}"
            for item in load_corpus(root)
        ]
    except AssistantError as error:
        lines.append(f"corpus not usable: {str(error).splitlines()[0]}")
    return "\n".join(lines)
