import subprocess
import sys

PURE = [
    "answering",
    "answers",
    "checking",
    "columns",
    "conditions",
    "eras",
    "fields",
    "outline",
    "questionnaire",
    "reachability",
    "rows",
    "structure",
]


def loaded_by(*modules: str) -> set[str]:
    """What of web and database comes with these modules of surveys, in a process of their own."""
    imports = ", ".join(f"surveys.{name}" for name in modules)
    asked = f"import sys, {imports}; print(*{{'flask', 'sqlalchemy', 'flask_babel'}} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(shown.stdout.split())


def test_the_rules_of_surveys_know_neither_web_nor_database() -> None:
    assert loaded_by(*PURE) == set()


def test_a_module_with_tables_would_be_noticed() -> None:
    assert "sqlalchemy" in loaded_by("checking", "models")
