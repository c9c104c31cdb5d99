"""What is a kind of what: ancestors and implications of concepts, closed once and remembered."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.vocabulary.schema import Concept


class Taxonomy:
    """Ancestors through `is_a`, nearest first, and everything that a concept implies."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._lineages: dict[str, tuple[str, ...]] = {}
        self._ancestors: dict[str, frozenset[str]] = {}
        self._implied: dict[str, frozenset[str]] = {}

    def lineage(self, concept: str) -> tuple[str, ...]:
        """The concept itself, then its ancestors, breadth first. KeyError for an unknown id."""
        found = self._lineages.get(concept)
        if found is None:
            order: dict[str, None] = {concept: None}
            queue = [concept]
            for current in queue:
                for parent in self._concepts[current].is_a:
                    if parent not in order:
                        order[parent] = None
                        queue.append(parent)
            found = self._lineages[concept] = tuple(order)
        return found

    def ancestors(self, concept: str) -> frozenset[str]:
        """All ancestors, without the concept itself."""
        found = self._ancestors.get(concept)
        if found is None:
            found = self._ancestors[concept] = frozenset(self.lineage(concept)[1:])
        return found

    def implied(self, concept: str) -> frozenset[str]:
        """What a mention also states: `implies` of the concept, of its ancestors, and of those in turn."""
        found = self._implied.get(concept)
        if found is None:
            result: set[str] = set()
            queue = [concept]
            for current in queue:
                for member in self.lineage(current):
                    for other in self._concepts[member].implies:
                        if other not in result:
                            result.add(other)
                            queue.append(other)
            found = self._implied[concept] = frozenset(result)
        return found
