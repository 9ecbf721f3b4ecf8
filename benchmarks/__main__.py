"""Runs every benchmark of this folder, one after the other: each is a module whose `main()` prints its figures."""

from __future__ import annotations

import importlib
import pkgutil

from rich.console import Console

import benchmarks

console = Console()
for module in pkgutil.iter_modules(benchmarks.__path__):
    if module.name != "__main__":
        console.rule(module.name, align="left")
        importlib.import_module(f"benchmarks.{module.name}").main()
