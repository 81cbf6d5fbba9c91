"""The bill of materials: every pinned package, in the form that CycloneDX 1.6 requires."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from portal.config import ROOT
from portal.web import vendor
from tests.sbom import make_bom


def invalid(bom: dict[str, Any]) -> Iterator[str]:
    """The parts of a bill that the schema of CycloneDX 1.6 refuses."""
    if bom.get("bomFormat") != "CycloneDX" or bom.get("specVersion") != "1.6":
        yield "bomFormat, specVersion"
    uuid = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    if not re.fullmatch(uuid, bom.get("serialNumber", "")):
        yield "serialNumber"
    if not isinstance(bom.get("version"), int) or bom["version"] < 1:
        yield "version"
    components = [bom["metadata"]["component"], *bom["components"]]
    components += [inner for component in components for inner in component.get("components", ())]
    for component in components:
        if component.get("type") not in ("application", "library") or not component.get("name"):
            yield f"type, name: {component}"
        if component.get("scope", "required") not in ("required", "optional", "excluded"):
            yield f"scope: {component}"
        for entry in component.get("hashes", ()):
            if set(entry) != {"alg", "content"} or not re.fullmatch("[a-f0-9]{64}", entry["content"]):
                yield f"hash: {component}"
    refs = [component["bom-ref"] for component in components]
    if len(set(refs)) != len(refs):
        yield "bom-ref: twice"
    for dependency in bom["dependencies"]:
        if not {dependency["ref"], *dependency["dependsOn"]} <= set(refs):
            yield "dependencies: an unknown ref"


def test_the_bill_is_valid_and_names_every_pinned_package() -> None:
    bom = make_bom()
    assert not list(invalid(bom))
    for lock, scope in (
        ("requirements", "required"),
        ("requirements-postgres", "optional"),
        ("requirements-dev", "excluded"),
    ):
        text = (ROOT / f"{lock}.lock").read_text("utf-8")
        pinned = set(re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;\\]+)", text, re.MULTILINE))
        listed = {(c["name"], c["version"]) for c in bom["components"] if c["hashes"]}
        assert pinned <= listed
        scopes = {c["scope"] for c in bom["components"] if (c["name"], c["version"]) in pinned}
        assert scope in scopes
    names = {component["name"]: component for component in bom["components"]}
    assert (names["flask"]["scope"], names["pytest"]["scope"]) == ("required", "excluded")
    (htmx,) = names["django-htmx"]["components"]
    assert htmx["hashes"][0]["content"] == vendor._SHA256
    assert names["flask"]["bom-ref"] in bom["dependencies"][0]["dependsOn"]


@pytest.mark.parametrize("field", ["bomFormat", "specVersion", "serialNumber", "version"])
def test_a_bill_without_a_required_field_is_invalid(field: str) -> None:
    bom = make_bom()
    del bom[field]
    assert list(invalid(bom))


def test_a_component_without_a_name_or_with_a_wrong_hash_is_invalid() -> None:
    bom = make_bom()
    bom["components"][0]["name"] = ""
    bom["components"][1]["hashes"] = [{"alg": "SHA-256", "content": "x"}]
    assert len(list(invalid(bom))) == 2
