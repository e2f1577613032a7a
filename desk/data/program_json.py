"""The program that computed, as JSON: its version, and whether its own files are as installed."""

from typing import Any

from desk.data.findings_json import findings_data
from engine.records.engine_version import engine_version
from engine.records.installed import Installed, changed_program, unchecked_program


def program_data(found: Installed) -> dict[str, Any]:
    """The version, and what is found in the program's own files."""
    findings = (*changed_program(found), *unchecked_program(found))
    return {"program": {"version": engine_version(), "findings": findings_data(findings)}}
