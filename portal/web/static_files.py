"""Serves static files with a hash in their name, so that a browser may cache them for ever."""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

_COMPRESSED = (".gz", ".br")  # made by `make`; whitenoise chooses


def serve_static_files(app: Flask, folder: Path) -> None:
    """Serve `folder` under /static/, and give templates `static_url("css/kernwijzer.css")`."""
    whitenoise = WhiteNoise(app.wsgi_app, immutable_file_test=lambda path, url: True)
    urls: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _COMPRESSED:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            name = path.relative_to(folder).as_posix()
            urls[name] = f"/static/{name.removesuffix(path.suffix)}.{digest}{path.suffix}"
            whitenoise.add_file_to_dictionary(urls[name], str(path))
    app.wsgi_app = whitenoise  # type: ignore[method-assign]  # as in app.py
    app.jinja_env.globals["static_url"] = urls.__getitem__
