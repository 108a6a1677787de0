"""Holds what the stand-in answers to the vendor's published schema."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.wrappers import Response

SCHEMA = Path(__file__).parents[2] / "shared" / "contract" / "incidentio-openapi.json"

formats = FormatChecker(formats=())


@formats.checks("date-time")
def _is_moment(text):
    try:
        return datetime.fromisoformat(text).tzinfo is not None and "T" in text
    except ValueError:
        return False


class Answers:
    """A WSGI application that also notes where its answers break the schema."""

    def __init__(self, app):
        self.app = app
        self.faults = []
        self.checked = set()

    def __call__(self, environ, start_response):
        operation = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        response = Response.from_app(self.app, environ)
        if SCHEMA.exists() and "x-request-id" in response.headers:
            self._check(operation, response)
        return response(environ, start_response)

    def _check(self, operation, response):
        method, _, path = operation.partition(" ")
        template = _template(method, path)
        if template is None:
            return
        self.checked.add(f"{method} {template}")
        name = _schema_name(method, template, str(response.status_code))
        if name is None:
            if response.get_data():
                self.faults.append(f"{operation}: {response.status_code} has a body")
            return
        body = json.loads(response.get_data())
        for error in _validator(name).iter_errors(body):
            self.faults.append(f"{operation}: {error.json_path}: {error.message}")


@cache
def _spec():
    spec = json.loads(SCHEMA.read_text())
    for schema in _objects(spec["components"]["schemas"]):
        schema.setdefault("additionalProperties", False)
    return spec


def _objects(node):
    """Every schema that names its properties."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            yield node
        node = [value for key, value in node.items() if key != "example"]
    if isinstance(node, list):
        for item in node:
            yield from _objects(item)


@cache
def _templates():
    """Literal paths before those with parameters."""
    found = [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, set(operations))
        for path, operations in _spec()["paths"].items()
    ]
    return sorted(found, key=lambda line: line[1].count("{"))


def _template(method, path):
    for pattern, template, methods in _templates():
        if method.lower() in methods and pattern.fullmatch(path):
            return template
    return None


def _schema_name(method, template, status):
    """None: no body belongs to this answer."""
    responses = _spec()["paths"][template][method.lower()]["responses"]
    content = responses.get(status, responses["default"]).get("content")
    if content is None:
        return None
    return content["application/json"]["schema"]["$ref"].rpartition("/")[2]


@cache
def _validator(name):
    schema = {
        "$ref": f"#/components/schemas/{name}",
        "components": _spec()["components"],
    }
    return Draft202012Validator(schema, format_checker=formats)
