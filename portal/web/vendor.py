"""Extracts htmx from its pinned wheel: `python -m portal.web.vendor DIR TARGET`."""

import hashlib
import sys
import zipfile
from pathlib import Path

_MEMBER = "django_htmx/static/django_htmx/htmx-2.min.js"
_SHA256 = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"


def extract(folder: Path, target: Path) -> None:
    """Write htmx 2.0.10 from the wheel in `folder` to `target`; exits where its hash is wrong."""
    (wheel,) = folder.glob("django_htmx-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        script = archive.read(_MEMBER)
    if hashlib.sha256(script).hexdigest() != _SHA256:
        sys.exit(f"{wheel.name}: dit is niet het bestand van htmx 2.0.10 dat we verwachten.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(script)


if __name__ == "__main__":
    extract(Path(sys.argv[1]), Path(sys.argv[2]))
