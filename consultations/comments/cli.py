"""`flask --app wsgi consultations …`: the commands of this room."""

from flask.cli import AppGroup

from consultations.comments.collecting.cli import COMMANDS

consultations = AppGroup("consultations", help="Consultations and the comments they receive.")
for command in COMMANDS:
    consultations.add_command(command)
