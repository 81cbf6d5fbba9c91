"""Serves static files with a hash in their name, so that a browser may cache them for ever."""

import gzip
import hashlib
from collections.abc import Sequence
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import Response

_COMPRESSED = (".gz", ".br")  # made by `make`; whitenoise chooses


class StyleSheet:
    """Several style sheets as one file of whitenoise, because a page asks for one sooner."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.text = b"".join(path.read_bytes() for path in paths)
        self.compressed = gzip.compress(self.text, mtime=0)

    def get_response(self, method: str, environ: dict[str, Any]) -> Response:
        """The style sheets, compressed for a browser that takes gzip."""
        if method not in ("GET", "HEAD"):
            return Response(HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")], None)
        is_compressed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = self.compressed if is_compressed else self.text
        headers = [
            ("Content-Type", "text/css; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", f"max-age={WhiteNoise.FOREVER}, public, immutable"),
            ("Vary", "Accept-Encoding"),
        ]
        if is_compressed:
            headers.append(("Content-Encoding", "gzip"))
        return Response(HTTPStatus.OK, headers, BytesIO(body) if method == "GET" else None)


def serve_static_files(app: Flask, folder: Path) -> None:
    """Serve `folder` under /static/, and give templates `static_url("img/kernwijzer.svg")`. The
    style sheets in css/ are one file in the order of their names: css/kernwijzer.css."""
    whitenoise = WhiteNoise(app.wsgi_app, immutable_file_test=lambda path, url: True)
    urls: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (*_COMPRESSED, ".css"):
            name = path.relative_to(folder).as_posix()
            urls[name] = _url(name, path.read_bytes())
            whitenoise.add_file_to_dictionary(urls[name], str(path))
    styles = StyleSheet(sorted(folder.glob("css/*.css")))
    urls["css/kernwijzer.css"] = _url("css/kernwijzer.css", styles.text)
    whitenoise.files[urls["css/kernwijzer.css"]] = styles
    app.wsgi_app = whitenoise  # type: ignore[method-assign]  # as in app.py
    app.jinja_env.globals["static_url"] = urls.__getitem__


def _url(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
