"""Installs the newest wheel of a folder into an empty one and asks it something, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = (["--version"], ["corpus", "check"], ["ask", "--json", "Who does this guidance apply to?"])
COMMAND = (
    "import assistant, sys; from assistant.cli import main; "
    "assert sys.argv.pop(1) in assistant.__file__, assistant.__file__; main()"
)
#: The app's first screen in Streamlit's own test runner, with its pages and settings from the wheel.
APP = """
import os
import sys
from pathlib import Path
import assistant
from streamlit.testing.v1 import AppTest
script = Path(assistant.__file__).parent / "_app" / "app.py"
test = AppTest.from_file(str(script), default_timeout=300).run()
assert not test.exception and test.chat_input and test.title, [*test.exception, *test.error]
assert sys.argv[1] in sys.modules["app_pages"].__file__, sys.modules["app_pages"]
assert (script.parent / ".streamlit" / "config.toml").is_file()
# A thread of the app may still load the model: an interpreter that ends meanwhile would end in C++ with an abort.
os._exit(0)
"""


def main() -> int:
    wheel = max(Path(sys.argv[1]).glob("*.whl"), key=lambda path: path.stat().st_mtime)
    with tempfile.TemporaryDirectory() as folder:
        # The dependencies are those of this environment; the package itself comes from the wheel alone.
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, str(wheel)],
            check=True,
        )
        environment = {**os.environ, "PYTHONPATH": folder, "ASSISTANT_INDEX_DIR": f"{folder}/index"}
        for code, arguments in (*((COMMAND, arguments) for arguments in COMMANDS), (APP, ["app"])):
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
