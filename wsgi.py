"""The WSGI application that `flask …` and granian load; nothing else."""

from portal.app import create_app

app = create_app()
