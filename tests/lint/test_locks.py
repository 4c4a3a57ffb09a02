"""The lint of the pins finds what it is for."""

from tests.lint.locks import faults, main

GOOD = "flask==3.1.3 \\\n    --hash=sha256:aa\n"


def test_the_pins_of_this_project_pass() -> None:
    assert main() == 0


def test_a_hashed_pin_passes() -> None:
    assert list(faults("x", GOOD)) == []


def test_an_address_is_found() -> None:
    assert "address" in next(faults("x", "--index-url https://example.invalid/simple\n" + GOOD))


def test_a_pin_without_a_hash_is_found() -> None:
    assert "no hash for flask==3.1.3" in next(faults("x", "flask==3.1.3\nclick==8 \\\n    --hash=sha256:bb\n"))
