"""What machines read of surveys."""

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from tests.factories.surveys import PLAYGROUNDS


def test_the_published_schema_accepts_our_own_questionnaire(client: FlaskClient) -> None:
    answer = client.get("/api/v1/schema/questionnaire.json", buffered=True)
    assert answer.status_code == 200
    Draft202012Validator.check_schema(answer.json)
    assert list(Draft202012Validator(answer.json).iter_errors(PLAYGROUNDS)) == []


def test_it_refuses_one_with_an_unknown_type(client: FlaskClient) -> None:
    schema = client.get("/api/v1/schema/questionnaire.json", buffered=True).json
    section = PLAYGROUNDS["sections"][0]
    question = {**section["questions"][0], "type": "stars"}
    broken = {**PLAYGROUNDS, "sections": [{**section, "questions": [question]}]}
    assert list(Draft202012Validator(schema).iter_errors(broken))
