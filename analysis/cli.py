"""The command line of `python -m analysis`: find the command, run it, and say a refusal as a sentence on stderr."""

import argparse
import os
import sys
from collections.abc import Sequence

from analysis import (
    card_command,
    disclosure_commands,
    later_commands,
    numbers_commands,
    opinions_command,
    text_commands,
    topics_command,
)
from analysis.evidence import command as evidence_command
from analysis.terminal import Refused, put_json, say

_FAMILIES = (
    card_command,
    disclosure_commands,
    evidence_command,
    later_commands,
    numbers_commands,
    opinions_command,
    text_commands,
    topics_command,
)
"""One module for each family of commands, by name; each has `add(commands)`."""

_STOPPED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0 done, 1 refused with a reason; argparse exits with 2 on wrong options."""
    options = parser().parse_args(arguments)
    try:
        done: int = options.run(options)
        sys.stdout.flush()
    except Refused as refusal:
        if getattr(options, "json", False):
            put_json(refusal.problem())
        else:
            say(str(refusal))
        return 1
    except MemoryError:
        say("There is not enough memory for this. Nothing was written. Take fewer rows, or a machine with more memory.")
        return 1
    except KeyboardInterrupt:
        say("Stopped. Nothing was written.")
        return _STOPPED
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return done


def parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    found = argparse.ArgumentParser(
        prog="python -m analysis",
        description="Understand comments, reactions and surveys, offline.",
        epilog="python -m analysis COMMAND --help shows the options of a command and an example.",
    )
    commands = found.add_subparsers(required=True, metavar="COMMAND")
    for family in _FAMILIES:
        family.add(commands)
    return found
