"""Every benchmark can be begun: what it takes from the product is there."""

import pkgutil
from importlib import import_module

import pytest

import benchmarks


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)))
def test_a_benchmark_finds_all_that_it_imports(name):
    import_module(f"benchmarks.{name}")
