"""What the page of all components shows (templates/web/components.html): every macro once, in every state."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from civic import clock


@cache
def texts() -> dict[str, dict[str, str]]:
    """The page's words by name, each a text in one to three languages."""
    return tomllib.loads((Path(__file__).parent / "samples.toml").read_text(encoding="utf-8"))


def sample_form() -> Form:
    """A form that was sent with one wrong value per field."""
    say = texts()
    places = [SelectChoice(code, say[code]) for code in ("park", "centre", "school", "other")]
    troubles = [SelectChoice(code, say[code]) for code in ("shade", "toilet", "parking", "nothing")]

    class SampleForm(Form):
        mail = StringField(say["mail"], [Regexp(".+@.+", message=say["mail_error"])])
        password = PasswordField(say["password"], [InputRequired(message=say["password_error"])])
        body = TextAreaField(say["body"], [Regexp("^.{0,20}$", message=say["body_error"])])
        place = RadioField(say["place"], [InputRequired(message=say["place_error"])], choices=places)
        trouble = SelectMultipleField(
            say["trouble"], choices=troubles, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
        )
        ward = SelectField(say["ward"], choices=places)
        consent = BooleanField(say["consent"])
        file = FileField(say["file"])

    form = SampleForm(
        data={"mail": "minato.example.jp", "body": say["words"]["ja"], "trouble": ["shade"], "ward": "park"}
    )
    form.validate()
    return form


def options(*codes: str, checked: str = "") -> list[dict[str, Any]]:
    return [{"value": code, "label": texts()[code], "checked": code == checked} for code in codes]


def figures() -> dict[str, Any]:
    """Rows for one chart of each kind, with suppressed values among them."""
    say = texts()
    levels = ("very_satisfied", "satisfied", "neither", "dissatisfied", "very_dissatisfied")
    shares = {"thirties": (0.07, 0.18, 0.20, 0.34, 0.21), "seventies": (0.25, 0.36, 0.24, 0.11, 0.04)}
    counts = {"weekly": 268, "monthly": 491, "yearly": 525, "never": None}
    hours = {"17": 58, "18": 221, "19": 186, "20": 412, "21": None, "22": 107}
    return {
        "levels": [say[level] for level in levels],
        "bars": [{"label": say[code], "count": n, "share": n and n / 1284} for code, n in counts.items()],
        "scales": [
            {"label": say[code], "n": 398, "cells": [{"count": round(398 * s), "share": s} for s in row]}
            for code, row in shares.items()
        ]
        + [{"label": say["teens"], "n": None, "cells": [{"count": None, "share": None}] * len(levels)}],
        "bins": [{"label": hour, "count": n, "share": n and n / 1237} for hour, n in hours.items()],
        "days": [str(day) for day in range(10, 17)],
        "series": [
            {"label": say["web"], "values": [64, 88, 120, 176, 211, 187, 142]},
            {"label": say["paper"], "values": [6, 9, None, 14, 3, 3, 16]},
        ],
    }


def context() -> dict[str, Any]:
    """Everything templates/web/components.html names."""
    now = clock.now()
    return {
        "say": texts(),
        "sample": sample_form(),
        "options": options,
        "figures": figures(),
        "closes": now + timedelta(days=18),
        "began": now,
    }
