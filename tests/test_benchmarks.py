"""`make bench` names what it does not run, and takes no name it does not know."""

import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

import benchmarks
from benchmarks import __main__ as bench
from benchmarks.measuring import Measured, own_peak


def test_what_is_not_run_is_named_with_the_reason(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench, "OUT", tmp_path)
    monkeypatch.setattr(bench, "modules", lambda: ["polis"])
    assert bench.main([]) == 0
    said = capsys.readouterr().out
    assert "polis                         not run (it needs --data)" in said
    assert "satisfaction from text        not run (AUC ≥ .945" in said


def test_the_peak_of_a_program_is_not_that_of_the_large_one_that_started_it():
    large = b"x" * 200_000_000
    print_peak = "from benchmarks.measuring import own_peak; print(own_peak())"
    done = subprocess.run([sys.executable, "-c", print_peak], capture_output=True, text=True, check=True)
    assert 5 < int(done.stdout) < 100 < len(large) // 1_000_000 <= own_peak()


def test_a_peak_that_nobody_measured_is_no_nought():
    assert bench.cells(Measured("folding", 1.0, 0, 8))[3] == "-"
    assert bench.cells(Measured("topics", 1.0, 12, 8))[3] == "12"


def test_a_name_that_is_no_benchmark_is_misuse(capsys):
    with pytest.raises(SystemExit) as stopped:
        bench.main(["topic_qualities"])
    assert stopped.value.code == 2
    assert "no benchmark topic_qualities; there are: " in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)))
def test_a_benchmark_finds_all_that_it_imports(name):
    import_module(f"benchmarks.{name}")
