"""Writes a bill of materials, CycloneDX 1.6 as JSON: `python -m tests.sbom > sbom.json`.

From the locks and `htmx.lock`, without installing anything.
"""

import json
import re
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)((?:.*\\\n)*.*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def make_bom(root: Path = ROOT) -> dict[str, Any]:
    """The bill: what the portal runs with is required, what PostgreSQL needs is
    optional, what only the tests use is excluded."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    required = _read_lock(root / "requirements.lock", "required")
    optional = _read_lock(root / "requirements-postgres.lock", "optional")
    development = _read_lock(root / "requirements-dev.lock", "excluded")
    components = {**development, **optional, **required}
    components |= _read_lock(root / "htmx.lock", "required")
    components["django-htmx"]["components"] = [_read_htmx(root)]
    direct = [re.split(r"[<>=]", wanted)[0].lower() for wanted in project["dependencies"]]
    name, version = project["name"], project["version"]
    portal = f"pkg:generic/{name}@{version}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {
                "type": "application", "bom-ref": portal, "name": name, "version": version,
                "licenses": [{"license": {"id": project["license"]}}],
            },
        },
        "components": [components[name] for name in sorted(components)],
        "dependencies": [
            {"ref": portal, "dependsOn": [components[name]["bom-ref"] for name in sorted(direct)]}
        ],
    }  # fmt: skip


def _read_lock(path: Path, scope: str) -> dict[str, dict[str, Any]]:
    """The packages of a lock, by name, with the hashes of the files that may be installed."""
    found = {}
    for name, version, rest in _PINNED.findall(path.read_text("utf-8")):
        purl = f"pkg:pypi/{name.lower()}@{version}"
        hashes = [{"alg": "SHA-256", "content": content} for content in _HASH.findall(rest)]
        found[name.lower()] = {
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "scope": scope, "hashes": hashes,
        }  # fmt: skip
    return found


def _read_htmx(root: Path) -> dict[str, Any]:
    """The one file of the wheel that the portal serves."""
    (file,) = re.findall(r"htmx-([\d.]+)\.min\.js", (root / "Makefile").read_text("utf-8"))
    code = (root / "portal" / "web" / "vendor.py").read_text("utf-8")
    (content,) = re.findall(r'_SHA256 = "([0-9a-f]{64})"', code)
    purl = f"pkg:npm/htmx.org@{file}"
    return {
        "type": "library", "bom-ref": purl, "name": "htmx.org", "version": file, "purl": purl,
        "scope": "required", "hashes": [{"alg": "SHA-256", "content": content}],
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(make_bom(), sys.stdout, indent=1)
