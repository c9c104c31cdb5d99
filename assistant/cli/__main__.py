"""`python -m assistant.cli` is `guideline-assistant`."""

from assistant.cli import main

main()
