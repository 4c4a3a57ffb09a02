"""Open a survey of one question in the installation that the environment names: `python -m benchmarks.opening`."""

from civic.app import create_app
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey
from wsgi import FEATURES

if __name__ == "__main__":
    app = create_app(features=FEATURES)
    with app.app_context():
        make_survey(Cast(app), ONE_QUESTION)
