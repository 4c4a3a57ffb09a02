"""Every attack again, on a copy of the verifier that is blind to the one check which refuses it."""

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from consultations.votes.verifier_js import build
from tests.browser.conftest import BROWSER
from tests.browser.verifier.harness import INDEX, check, opened, vector

pytestmark = BROWSER

# Without their check there is nothing left to compute with: a text that is no JSON, a point that is none, a key nobody has.
NOTHING_LEFT = {
    "refused/a_cosignature_of_nobody_named.json",
    "refused/a_negative_number.json",
    "refused/a_number_as_a_fraction.json",
    "refused/a_point_spelled_in_another_way.json",
    "refused/a_result_of_fewer_than_ten_ballots.json",
    "refused/a_slot_that_is_not_on_the_roll.json",
    "refused/an_entry_taken_away_and_all_signed_anew.json",
}


CRASHES = {"unexpected", "unreadable"}


@functools.cache
def blind_page() -> str:
    """The page, made from sources whose `demand` and `refuse` overlook the reasons in `blind`."""
    sources = {name: (build.HERE / "src" / f"{name}.js").read_text("utf-8") for name in build.MODULES}
    seeing = "throw new Refused(reason, where);"
    assert sources["canonical"].count(seeing) == 2
    sources["canonical"] = sources["canonical"].replace(seeing, f"if (!globalThis.blind?.has(reason)) {seeing}")
    return build.page_of(build.program_of(sources))


@pytest.fixture(scope="module")
def blind(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened(chromium, tmp_path_factory.mktemp("blind"), blind_page()) as page:
        yield page


@pytest.mark.parametrize("name", INDEX["refused"])
def test_an_attack_passes_once_the_checks_that_see_it_are_blind(blind: Page, name: str) -> None:
    """Most are seen by one check alone; the others are seen again by a second or third one."""
    overlooked: list[str] = []
    while (verdict := looked_at(blind, name, overlooked))["verdict"] == "refused" and verdict["reason"] not in CRASHES:
        assert verdict["reason"] not in overlooked
        overlooked.append(verdict["reason"])
    assert overlooked != []
    assert (verdict["verdict"] == "valid") == (name not in NOTHING_LEFT)


def looked_at(blind: Page, name: str, overlooked: list[str]) -> dict[str, Any]:
    blind.evaluate("(reasons) => { globalThis.blind = new Set(reasons); }", overlooked)
    return check(blind, vector(name))
