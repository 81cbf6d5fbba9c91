"""Keeps data about pupils and parents out: what is typed is read before anything is stored."""
