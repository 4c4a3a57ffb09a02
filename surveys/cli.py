"""`flask --app wsgi surveys …`: the commands of this room."""

from flask.cli import AppGroup

from surveys.collecting.cli import COMMANDS
from surveys.results.cli import tabulate

surveys = AppGroup("surveys", help="Questionnaires, responses and results.")
for command in (*COMMANDS, tabulate):
    surveys.add_command(command)
