"""Kernwijzer: who to call, for the kernteams of a region."""

import gc

# What is imported stays: to look for garbage after each 700 objects took a sixth of a start.
gc.set_threshold(10_000)
