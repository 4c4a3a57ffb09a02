"""Documents held against the schemas that lie beside these modules: what differs, where, as a sentence."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_SHOWN = 200


def difference(document: Any, schema: str, part: str | None = None) -> str | None:
    """Where and how a document differs from `schema`, or from one of its definitions; None where it does not."""
    from jsonschema import Draft202012Validator  # a tenth of a second that only who reads such a file pays

    rules = _schema(schema)
    wanted = {"$ref": f"#/$defs/{part}", "$defs": rules["$defs"]} if part else rules
    error = next(iter(Draft202012Validator(wanted).iter_errors(document)), None)
    if error is None:
        return None
    return f"{'/'.join(map(str, error.absolute_path)) or 'at the top'}: {error.message[:_SHOWN]}."


@cache
def _schema(name: str) -> Mapping[str, Any]:
    rules: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.schema.json").read_text("utf-8"))
    return rules
