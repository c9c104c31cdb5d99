"""Installs the newest wheel of a folder into an empty one and asks it something, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = (["--version"], ["corpus", "check"], ["ask", "--json", "Who does this guidance apply to?"])


def main() -> int:
    wheel = max(Path(sys.argv[1]).glob("*.whl"), key=lambda path: path.stat().st_mtime)
    with tempfile.TemporaryDirectory() as folder:
        # The dependencies are those of this environment; the package itself comes from the wheel alone.
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, str(wheel)],
            check=True,
        )
        environment = {**os.environ, "PYTHONPATH": folder, "ASSISTANT_INDEX_DIR": f"{folder}/index"}
        code = (
            "import assistant, sys; from assistant.cli import main; "
            "assert sys.argv.pop(1) in assistant.__file__, assistant.__file__; main()"
        )
        for arguments in COMMANDS:
            result = subprocess.run(
                [sys.executable, "-P", "-c", code, folder, *arguments],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            print(f"guideline-assistant {' '.join(arguments)}: exit code {result.returncode}")
            if result.returncode:
                print(result.stdout[-2000:], result.stderr[-2000:], file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
