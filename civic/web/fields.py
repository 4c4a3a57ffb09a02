"""What the form macros ask of a WTForms field."""

from collections.abc import Iterator
from typing import Any, TypedDict

from wtforms import BooleanField, Field, FieldList, FileField, Form, FormField, HiddenField
from wtforms.fields.choices import SelectFieldBase


class Option(TypedDict):
    """One choice as the input macros take it."""

    value: str
    label: Any
    checked: bool
    hint: Any
    exclusive: bool


def field_required(field: Field) -> bool | str:
    """What a label says: True for 必須, "opening" for what a draft may lack but an opening may not."""
    return bool(field.flags.required) or ("opening" if field.flags.to_open else False)


def is_group(field: Field) -> bool:
    """Whether the field shows as a group of radio buttons or checkboxes, each with an id of its own."""
    return hasattr(getattr(field, "option_widget", None), "input_type")


def first_control(field: Field) -> str:
    """The id an error in the summary leads to: of a group, its first choice."""
    return f"{field.id}-0" if is_group(field) else str(field.id)


def is_typed(field: Field) -> bool:
    """Whether a person types into the field: not a choice, a file or a field of the form's own."""
    return not isinstance(field, (SelectFieldBase, BooleanField, HiddenField, FileField))


def controls(form: Form) -> Iterator[tuple[str, Field]]:
    """Every field that is sent, by its name, those within lists of forms one by one."""
    for field in form:
        yield from controls_within(field)


def controls_within(field: Field) -> Iterator[tuple[str, Field]]:
    if isinstance(field, FormField):
        yield from controls(field.form)
    elif isinstance(field, FieldList):
        for entry in field.entries:
            yield from controls_within(entry)
    else:
        yield field.name, field


def wrong_fields(form: Form) -> Iterator[Field]:
    """The fields with errors in the order of the form, those within lists of forms one by one."""
    for field in form:
        yield from wrong_within(field)


def wrong_within(field: Field) -> Iterator[Field]:
    if isinstance(field, FormField):
        yield from wrong_fields(field.form)
    elif isinstance(field, FieldList):
        for entry in field.entries:
            yield from wrong_within(entry)
    elif field.errors:
        yield field


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


TEMPLATE_GLOBALS = {
    "first_control": first_control, "field_options": field_options, "field_required": field_required,
    "wrong_fields": wrong_fields,
}  # fmt: skip
