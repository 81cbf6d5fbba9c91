"""What `flask …` and granian load: the application, nothing else."""

from portal.app import create_app

app = create_app()
