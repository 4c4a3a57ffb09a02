"""`python -m analysis`: pin every source of difference between machines, then run the command line.

The pins must stand in the environment before NumPy and the hash seed are set up, so the process replaces itself once.
One BLAS thread is also the fastest: with two on a busy machine the same job took ten times as long.
"""

import os
import platform
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


def _main() -> int:
    pins = _pins()
    if any(os.environ.get(name) != value for name, value in pins.items()):
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, os.environ | pins)  # noqa: S606 this very command once more, no shell wanted
    try:
        from analysis.cli import main  # only now: it loads NumPy
    except KeyboardInterrupt:
        return 130
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(_main())
