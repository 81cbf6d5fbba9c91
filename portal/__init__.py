"""Kernwijzer: who to call, for the kernteams of a region."""

import gc

# Imported objects stay, so looking for garbage after each 700 of them only delays a start.
gc.set_threshold(10_000)
