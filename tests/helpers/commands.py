"""Run ``geoioc`` as users do: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys


def geoioc(
    *arguments: str, answer: str = "", limit: float = 120, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end with these environment variables on top of ours."""
    return subprocess.run(
        [sys.executable, "-m", "spatial", *arguments],
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        timeout=limit,
        env={**os.environ, "COLUMNS": "200", **environment},
    )
