"""Kernwijzer: who to call, for the kernteams of Zuid-Kennemerland."""
