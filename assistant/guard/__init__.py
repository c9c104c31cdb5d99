"""The rules guard: claims in any text, checked against the guideline; what cannot be checked is refused."""

from assistant.guard.context import GuardContext
from assistant.guard.guard import Guard
from assistant.guard.scope import RULE as SCOPE

__all__ = ["SCOPE", "Guard", "GuardContext"]
