"""Kernwijzer: who to call, for the kernteams of a region."""
