"""What a web server or a command line starts from stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("lightgbm", "statsforecast")


@pytest.mark.parametrize("module", ["spatial.queries.forecasts", "spatial.analysis.forecast", "ingest.jobs"])
def test_forecasting_libraries_are_not_loaded_by(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
