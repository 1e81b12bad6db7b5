"""The bill of materials: every package of the lock with version, files' hashes and licence, as CycloneDX in JSON.

    python packaging/bill_of_materials.py [--to FILE]

The same lock makes the same file, byte by byte: it needs no network and names no machine and no time.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import read_notes, read_record
from locked_packages import ITSELF, LOCK, PROJECT, REPOSITORY, LockedPackage, locked_packages, parts_of_the_project
from packageurl import PackageURL

if TYPE_CHECKING:
    from cyclonedx.model.bom_ref import BomRef

VERSION = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
SCHEMA = SchemaVersion.V1_6
ALGORITHMS = {"sha256": HashAlgorithm.SHA_256, "sha384": HashAlgorithm.SHA_384, "sha512": HashAlgorithm.SHA_512}
PROPERTY = "acnelib"


def bill_of_materials(packages: list[LockedPackage]) -> str:
    """Return the bill as JSON.

    Raises:
        ValueError: What was made is no valid CycloneDX document.
    """
    record, parts = read_record(), parts_of_the_project(packages)
    product = Component(
        name=ITSELF,
        version=VERSION,
        type=ComponentType.APPLICATION,
        bom_ref=ITSELF,
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    components = {package: _component(package, record, parts[package.name]) for package in packages}
    contents = "\n".join(
        [VERSION, *sorted(f"{package.name} {package.version} {package.hashes}" for package in packages)]
    )
    serial = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(contents.encode()).hexdigest())
    bom = Bom(components=components.values(), serial_number=serial, dependencies=_dependencies(product, components))
    bom.metadata.component = product
    bom.metadata.timestamp = None
    text = str(make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=1)) + "\n"
    if problem := JsonStrictValidator(SCHEMA).validate_str(text):
        raise ValueError(f"the bill of materials is no valid CycloneDX {SCHEMA.to_version()}: {problem}")
    return text


def _component(package: LockedPackage, record: dict[str, str], parts: list[str]) -> Component:
    licence = record.get(f"{package.name} {package.version}")
    properties = [Property(name=f"{PROPERTY}:part", value=part) for part in parts]
    properties += [
        Property(name=f"{PROPERTY}:binding", value=f"{row.part}: {row.licence}")
        for row in read_notes()[1]
        if package.name in row.packages
    ]
    if package.marker:
        properties.append(Property(name=f"{PROPERTY}:marker", value=package.marker))
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=_reference(package),
        purl=PackageURL("pypi", None, package.name, package.version),
        licenses=[LicenseFactory().make_from_string(licence)] if licence else (),
        # One for each file of the release: wheels for several systems, and the source.
        hashes=[HashType(alg=ALGORITHMS[name], content=digest) for name, digest in package.hashes],
        properties=properties,
    )


def _reference(package: LockedPackage) -> str:
    return f"{package.name}=={package.version}"


def _dependencies(product: Component, components: dict[LockedPackage, Component]) -> list[Dependency]:
    asking = {ITSELF: [product.bom_ref]}
    for package, component in components.items():
        asking.setdefault(package.name, []).append(component.bom_ref)
    wanted: dict[BomRef, list[Dependency]] = {
        reference: [] for references in asking.values() for reference in references
    }
    for package, component in components.items():
        for name in package.asked_for_by:
            for reference in asking.get(name, ()):
                wanted[reference].append(Dependency(component.bom_ref))
    return [Dependency(reference, found) for reference, found in wanted.items()]


def main() -> int:
    """Write the bill and name its file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=REPOSITORY / "dist" / f"{ITSELF}-{VERSION}.cdx.json", metavar="FILE")
    target = parser.parse_args().to
    packages = locked_packages()
    text = bill_of_materials(packages)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"{len(packages)} packages of {LOCK.name} in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
