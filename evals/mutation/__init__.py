"""Mutation: wrong drafts made from right ones, and the guideline's records changed one at a time."""

from evals.mutation.drafts import (
    GRAVE,
    OPERATORS,
    Mutant,
    MutationReport,
    measure,
    mutate,
    passing,
)

__all__ = ["GRAVE", "OPERATORS", "Mutant", "MutationReport", "measure", "mutate", "passing"]
