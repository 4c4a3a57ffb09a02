"""`flask --app wsgi surveys …`: the commands of this room."""

from flask.cli import AppGroup

from surveys.results.cli import tabulate

surveys = AppGroup("surveys", help="Questionnaires, responses and results.")
surveys.add_command(tabulate)
