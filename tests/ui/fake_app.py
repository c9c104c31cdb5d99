"""The real app.py on the stand-in of tests/ui/fake.py: `streamlit run tests/ui/fake_app.py`."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import app_pages.evaluation  # noqa: E402
import assistant  # noqa: E402
from tests.ui.fake import Fake  # noqa: E402

assistant.Assistant = Fake  # type: ignore[assignment,misc]
app_pages.evaluation.REPORT = ROOT / "tests" / "ui" / "report"  # made up, and always there
runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
