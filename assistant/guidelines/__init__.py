"""Guideline packs: what they hold, how they are read, and how each quote is proven."""
