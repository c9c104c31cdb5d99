"""The rules guard: claims in any text, checked against the guideline; what cannot be checked is refused."""

from assistant.guard.context import GuardContext
from assistant.guard.guard import Guard

__all__ = ["Guard", "GuardContext"]
