"""`python -m analysis …` that hears Ctrl-C: whatever runs in the background of a shell was told to ignore it."""

import runpy
import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("analysis", run_name="__main__", alter_sys=True)
