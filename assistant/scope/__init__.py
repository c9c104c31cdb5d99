"""Whether a guideline applies to a patient: three-valued criteria over facts, as data."""
