"""All operations of the API: every ``bp`` of a module in this package."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Import the modules of all resources, and return their blueprints."""
    package = import_module(__name__.rpartition(".")[0])
    names = [m.name for m in walk_packages(package.__path__, f"{package.__name__}.")]
    found = (vars(import_module(name)).get("bp") for name in names)
    return [bp for bp in found if isinstance(bp, Blueprint)]
