"""What the form macros ask of a WTForms field."""

from typing import Any, TypedDict

from wtforms import Field


class Option(TypedDict):
    """One choice as the input macros take it."""

    value: str
    label: Any
    checked: bool
    hint: Any
    exclusive: bool


def is_group(field: Field) -> bool:
    """Whether the field shows as a group of radio buttons or checkboxes, each with an id of its own."""
    return hasattr(getattr(field, "option_widget", None), "input_type")


def first_control(field: Field) -> str:
    """The id an error in the summary leads to: of a group, its first choice."""
    return f"{field.id}-0" if is_group(field) else str(field.id)


def field_options(field: Field, hints: dict[str, Any] | None = None, exclusive: tuple[str, ...] = ()) -> list[Option]:
    """The field's choices, chosen ones marked; `hints` by value; `exclusive` values go with no other."""
    return [
        Option(
            value=str(choice.value),
            label=choice.label,
            checked=bool(choice.selected),
            hint=(hints or {}).get(str(choice.value)),
            exclusive=str(choice.value) in exclusive,
        )
        for choice in field.iter_choices()
    ]


TEMPLATE_GLOBALS = {"first_control": first_control, "field_options": field_options}
