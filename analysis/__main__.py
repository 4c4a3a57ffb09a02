"""`python -m analysis`: pin every source of difference between machines, then run the command line.

The pins must stand in the environment before NumPy and the hash seed are set up, so the process replaces itself once.
One BLAS thread is also the fastest: with two on a busy machine the same job took ten times as long.
"""

import os
import platform
import signal
import sys

_PINS = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_X86_PINS = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"}
"""The newest kernels every x86 server has: with others the last bits of an SVD and of `exp` differ."""


def _pins() -> dict[str, str]:
    return _PINS | (_X86_PINS if platform.machine() in {"x86_64", "AMD64"} else {})


_STOPPED = 130


def _main() -> int:
    _hold_ctrl_c()  # over the start of the process that replaces this one, which could only show a traceback
    pins = _pins()
    if any(os.environ.get(name) != value for name, value in pins.items()):
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, os.environ | pins)  # noqa: S606 this very command once more, no shell wanted
    from analysis.cli import main  # only now: it loads NumPy

    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:  # after the work
        return _STOPPED
    finally:
        _hold_ctrl_c()  # what is left to do is to end


def _hold_ctrl_c() -> None:
    """Let Ctrl-C wait until the command line hears it. Systems without signal masks hear it at once."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


if __name__ == "__main__":
    sys.exit(_main())
