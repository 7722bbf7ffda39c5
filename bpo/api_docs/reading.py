"""The document as a person reads it: operations with their fields, and a recorded request and response of each."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
SAMPLES = Path(__file__).with_name("samples.json")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request or response; `name` is dotted inside objects and ends in [] for the items of a list."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One recorded exchange, as text."""

    request: str
    status: int
    response: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    text: str
    permission: str
    parameters: tuple[Field, ...]
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    sample: Sample | None


def operations(document: dict[str, Any], samples: dict[str, Any]) -> list[tuple[str, list[Operation]]]:
    """Operations grouped by the first part of their path, in the document's order."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                one = _operation(document, path, method, methods[method], samples)
                groups.setdefault(path.removeprefix("/api/v1/").split("/")[0], []).append(one)
    return list(groups.items())


@lru_cache(maxsize=1)
def samples() -> dict[str, Any]:
    """The recorded exchanges by operation id; a test runs every one of them against real rows."""
    found: dict[str, Any] = json.loads(SAMPLES.read_text())
    return found


def _operation(
    document: dict[str, Any], path: str, method: str, found: dict[str, Any], kept: dict[str, Any]
) -> Operation:
    bodies = [answer for status, answer in found["responses"].items() if status.startswith("2")]
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        text=" ".join(found.get("description", "").split()),
        permission=found.get("x-permission", ""),
        parameters=tuple(_parameter(document, one) for one in found.get("parameters", [])),
        request=tuple(_fields(document, _schema(found.get("requestBody", {})))),
        response=tuple(_fields(document, _schema(bodies[0]) if bodies else {})),
        sample=_sample(kept.get(found["operationId"])),
    )


def _parameter(document: dict[str, Any], found: dict[str, Any]) -> Field:
    kind = _kind(document, found.get("schema", {}))
    return Field(found["name"], kind, found.get("required", False), found.get("description", ""))


def _schema(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema a reference leads to, or itself; a lone allOf is what it wraps."""
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    if len(schema.get("allOf", [])) == 1:
        return {**resolved(document, schema["allOf"][0]), **{key: schema[key] for key in schema if key != "allOf"}}
    return schema


def _fields(document: dict[str, Any], schema: dict[str, Any], before: str = "") -> list[Field]:
    """Fields of an object or of a list's items, those inside them too."""
    schema = resolved(document, schema)
    schema = resolved(document, schema["oneOf"][-1]) if "oneOf" in schema else schema
    if schema.get("type") == "array":
        return _fields(document, schema["items"], f"{before}[].".lstrip("."))
    found = []
    for name, inner in schema.get("properties", {}).items():
        plain = resolved(document, inner)
        note = inner.get("description") or plain.get("description", "") if plain.get("type") != "object" else ""
        found.append(Field(before + name, _kind(document, inner), name in schema.get("required", []), note))
        if plain.get("type") == "object" or plain.get("type") == "array":
            found += _fields(document, plain, f"{before}{name}." if plain["type"] == "object" else f"{before}{name}")
    return found


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """Its type in a few words: "string, date-time or null", "one of PASS, FAIL"."""
    plain = resolved(document, schema)
    choices = [one for part in plain.get("oneOf", [plain]) for one in resolved(document, part).get("enum", [])]
    named = [str(one) for one in choices if one not in (None, "")]
    if named:
        kind = "one of " + ", ".join(named)
    elif plain.get("type") == "array":
        kind = f"list of {_kind(document, plain['items'])}"
    else:
        kind = ", ".join(part for part in (plain.get("type", "any"), plain.get("format", "")) if part)
    return f"{kind} or null" if plain.get("nullable") else kind


def _sample(kept: dict[str, Any] | None) -> Sample | None:
    if kept is None:
        return None
    asked = kept["request"]
    lines = [f"{asked['method']} {asked['path']}", *(f"{name}: {value}" for name, value in asked["headers"].items())]
    if asked["body"] is not None:
        lines += ["", json.dumps(asked["body"], indent=2, ensure_ascii=False)]
    response = json.dumps(kept["response"]["body"], indent=2, ensure_ascii=False)
    return Sample("\n".join(lines), kept["response"]["status"], response)
