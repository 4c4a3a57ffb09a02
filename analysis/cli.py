"""The command line of `python -m analysis`: find the command, run it, and say a refusal as a sentence on stderr."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from analysis.terminal import Refused, hear_ctrl_c, put_json, refuse_before_work, say

_FAMILIES = {
    "analysis.card_command": ["card"],
    "analysis.disclosure_commands": ["disclosure", "disclosure-audit", "research-file"],
    "analysis.evidence.command": ["verify", "verify-tables"],
    "analysis.later_commands": ["join", "compare"],
    "analysis.numbers_commands": ["rake", "crosstab", "waves"],
    "analysis.opinions_command": ["opinions"],
    "analysis.text_commands": ["mask", "fold"],
    "analysis.topics_command": ["topics"],
}
"""Modules and the commands each adds with its `add(commands)`; one command loads no other's libraries.

A command says in `outputs` what it writes."""

_STOPPED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0 done, 1 refused with a reason; argparse exits with 2 on wrong options."""
    options = argparse.Namespace()
    try:
        hear_ctrl_c()
        parser(arguments[0] if arguments else "").parse_args(arguments, options)
        _refuse_before_work(options)
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
    finally:
        hear_ctrl_c()
    return done


def _refuse_before_work(options: argparse.Namespace) -> None:
    """Refuse what could not be written in the end. Every path that is no output of the command is one of its inputs."""
    named = vars(options)
    inputs = [path for name, value in named.items() if name not in options.outputs for path in _paths(value)]
    refuse_before_work(inputs, [path for name in options.outputs for path in _paths(named[name])])


def _paths(value: Any) -> Iterator[Path]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Path):
            yield one


def parser(command: str = "") -> argparse.ArgumentParser:
    """The parser with the family of one command; with every command where there is none of that name."""
    found = argparse.ArgumentParser(
        prog="python -m analysis",
        description="Understand comments, reactions and surveys, offline.",
        epilog="python -m analysis COMMAND --help shows the options of a command and an example.",
    )
    commands = found.add_subparsers(required=True, metavar="COMMAND")
    family = [name for name, added in _FAMILIES.items() if command in added]
    for name in family or _FAMILIES:
        import_module(name).add(commands)
    return found
