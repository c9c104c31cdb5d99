"""Finds what answers a question, and puts it into the guideline's own words with citations."""
