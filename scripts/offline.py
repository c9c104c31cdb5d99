"""Runs Python with every way to a network refused and counted: `python scripts/offline.py -m evals --fast`.

There is no HOME and no cache but the built index, loopback is refused too, and child processes are held to the
same. Prints the number of attempts last; the exit code is 1 if there was one, else that of the program.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    if not sys.argv[1:]:
        print(__doc__)
        return 2
    sys.path.insert(0, str(ROOT))
    from assistant.settings import load_settings

    index = str(load_settings().index)
    with tempfile.TemporaryDirectory(prefix="offline-") as folder:
        log = Path(folder) / "attempts"
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("HOME", "XDG_", "HF_"))
            },
            "HOME": str(Path(folder) / "no-home"),
            "ASSISTANT_INDEX_DIR": index,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT)]),
            "OFFLINE_STRICT": "1",
            "OFFLINE_LOG": str(log),
        }
        code = subprocess.run([sys.executable, *sys.argv[1:]], env=environment, check=False).returncode
        attempts = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    for attempt in attempts[:20]:
        print(attempt, file=sys.stderr)
    print(f"{len(attempts)} attempts to reach a network")
    return 1 if attempts else code


if __name__ == "__main__":
    raise SystemExit(main())
