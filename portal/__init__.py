"""Kernwijzer: who to call, for the kernteams of a region."""

import gc

# What is imported stays: looking for garbage after each 700 objects only delays a start.
gc.set_threshold(10_000)
