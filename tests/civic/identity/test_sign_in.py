"""Signing in and out."""

from tests.cast import Cast, post


def test_a_resident_signs_in_with_address_and_password(cast: Cast) -> None:
    client = cast.client(cast.resident)
    assert cast.resident.login in client.get("/me").text


def test_a_clerk_signs_in_with_password_and_code(cast: Cast) -> None:
    client = cast.client()
    answer = post(client, "/sign-in", login="editor", password=cast.editor.password)
    assert answer.status_code == 303
    assert client.get("/me").status_code == 302
    assert "editor" in cast.client(cast.editor).get("/me").text
