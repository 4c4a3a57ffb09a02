"""The lint holds on the product, and sees each thing it is there for."""

from pathlib import Path

import pytest

from tests.lint import stylesheets
from tests.lint.stylesheets import faults_of_stylesheet, faults_of_template

TOKENS = {"--text", "--step-8"}


def test_the_product_names_a_token_for_every_value() -> None:
    assert list(stylesheets.faults(stylesheets.ROOT)) == []


@pytest.mark.parametrize(
    "rule",
    [
        ".a { color: #123456; }",
        ".a { color: rgb(1 2 3); }",
        ".a { border: var(--edge) solid white; }",
        ".a { padding: 12px; }",
        ".a { margin: calc(-1 * .5rem); }",
        ".a { font-size: 1.2em; }",
        ".a { background: linear-gradient(90deg, var(--text), tomato); }",
        ".a { gap: var(--no-such-token); }",
    ],
)
def test_a_planted_literal_is_seen_on_its_line(rule: str) -> None:
    planted = f"@layer pages {{\n  .b {{ color: var(--text); }}\n  {rule}\n}}\n"
    assert {line for line, _ in faults_of_stylesheet(planted, TOKENS | {"--edge"})} == {3}


def test_breakpoints_pages_shares_and_system_colours_are_free() -> None:
    free = """@layer pages {
  /* 12px and #fff are only words here */
  @page { margin: 18mm; }
  @media (min-width: 48rem) { .a { inline-size: 50%; transform: rotate(45deg); flex: 1; padding: var(--step-8); } }
  .a { border-color: Highlight; outline: 0; }
}
"""
    assert list(faults_of_stylesheet(free, TOKENS)) == []


def test_a_stylesheet_without_its_layer_is_seen() -> None:
    assert list(faults_of_stylesheet(".a { color: var(--text); }", TOKENS))


@pytest.mark.parametrize("markup", ['<p style="margin:0">', '<a href="#" onclick="x()">', '<rect fill="#0055ad"/>'])
def test_a_planted_inline_style_or_colour_in_a_template_is_seen(markup: str) -> None:
    assert [line for line, _ in faults_of_template(f"\n{markup}", palette=False)] == [2]


def test_the_command_fails_on_a_planted_literal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    css = tmp_path / "civic/web/static/css"
    css.mkdir(parents=True)
    (css / "tokens.css").write_text("@layer tokens { :root { --text: #000; } }")
    (css / "base.css").write_text("@layer base {\n  p { color: #000; }\n}\n")
    monkeypatch.setattr(stylesheets, "ROOT", tmp_path)
    assert stylesheets.main() == 1
    assert "civic/web/static/css/base.css:2: colour #000" in capsys.readouterr().out
