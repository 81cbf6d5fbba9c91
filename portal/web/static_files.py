"""Serves static files with a hash in their name, so that a browser may cache them for ever."""

import gzip
import hashlib
from collections.abc import Sequence
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import Response

_COMPRESSED = (".gz", ".br")  # made by `make`; whitenoise chooses


class JoinedFile:
    """Several text files as one file of whitenoise, because a page asks for one sooner."""

    def __init__(self, paths: Sequence[Path], mimetype: str) -> None:
        text = b"\n".join(path.read_bytes() for path in paths)
        if mimetype == "text/css":  # its comments are 0.9 kB of a first visit
            first, *others = text.split(b"/*")
            text = first + b"".join(other.partition(b"*/")[2] for other in others)
            text = b"\n".join(filter(None, map(bytes.strip, text.split(b"\n"))))
        self.text = text
        self.mimetype = mimetype
        self.bodies = {"": text}

    def compress(self, encoding: str) -> bytes:
        """The files in an encoding; brotli takes 0.1 s, which the first visitor pays, not the start."""
        if encoding not in self.bodies:
            pack = brotli.compress if encoding == "br" else gzip.compress
            self.bodies[encoding] = pack(self.text)
        return self.bodies[encoding]

    def get_response(self, method: str, environ: dict[str, Any]) -> Response:
        """The files, compressed as the browser takes it."""
        if method not in ("GET", "HEAD"):
            return Response(HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")], None)
        takes = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = next(name for name in ("br", "gzip", "") if name in takes)
        body = self.compress(encoding)
        headers = [
            ("Content-Type", f"{self.mimetype}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", f"max-age={WhiteNoise.FOREVER}, public, immutable"),
            ("Vary", "Accept-Encoding"),
        ]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return Response(HTTPStatus.OK, headers, BytesIO(body) if method == "GET" else None)


def serve_static_files(app: Flask, folder: Path) -> None:
    """Serve `folder` under /static/, and give templates `static_url("img/kernwijzer.svg")`. The
    style sheets in css/ are one file in the order of their names, css/kernwijzer.css, and htmx with
    the portal's own script another, js/with-htmx.js."""
    whitenoise = WhiteNoise(app.wsgi_app, immutable_file_test=lambda path, url: True)
    urls: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (*_COMPRESSED, ".css"):
            name = path.relative_to(folder).as_posix()
            urls[name] = _url(name, path.read_bytes())
            whitenoise.add_file_to_dictionary(urls[name], str(path))
    scripts = [folder / "vendor" / "htmx-2.0.10.min.js", folder / "js" / "kernwijzer.js"]
    for name, file in (
        ("css/kernwijzer.css", JoinedFile(sorted(folder.glob("css/*.css")), "text/css")),
        ("js/with-htmx.js", JoinedFile(scripts, "text/javascript")),
    ):
        urls[name] = _url(name, file.text)
        whitenoise.files[urls[name]] = file
    app.wsgi_app = whitenoise  # type: ignore[method-assign]  # as in app.py
    app.jinja_env.globals["static_url"] = urls.__getitem__


def _url(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
