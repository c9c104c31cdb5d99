"""The files around the code: what they promise holds."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib

import pytest

from assistant import __version__
from assistant.settings import PREFIX, Settings

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pinned(root):
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_every_dependency_is_pinned(project, pinned):
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=~; ]", item)[0].lower().replace("_", "-") for item in wanted}
    assert names - pinned.keys() == {"guideline-assistant"}


def test_the_lock_names_no_host_and_no_local_build(root, pinned):
    text = (root / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pinned.values())
    assert pinned["torch"] == "2.13.0"


def test_the_version_stands_in_the_changelog(root):
    assert f"## {__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_setting(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{PREFIX}{name.upper()}`" in readme


def test_the_readme_gives_the_defaults_that_hold(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, float):
            assert re.search(rf"`{PREFIX}{name.upper()}` \|[^|]*\| {field.default:g} \|", readme), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_inside_the_project_leads_somewhere(root, document):
    text = (root / document).read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.M)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert (root / target).exists(), target


def test_the_make_targets_of_the_help_are_there(root):
    text = (root / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)  ", text):
        assert re.search(rf"^{target}:", text, re.M), target


def test_the_shell_scripts_are_sound_and_can_be_run(root):
    for path in (root / ".ci" / "run", root / "scripts" / "step"):
        assert os.access(path, os.X_OK), path
        assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


def test_a_step_is_one_line_and_shows_its_output_only_when_it_fails(root):
    step = [str(root / "scripts" / "step"), "Doing it"]
    fine = subprocess.run(
        [*step, "sh", "-c", "echo noise; exit 0"], capture_output=True, text=True, check=False
    )
    assert fine.returncode == 0
    assert re.fullmatch(r"Doing it done in \ds\n", fine.stdout)
    bad = subprocess.run(
        [*step, "sh", "-c", "echo reason; exit 7"], capture_output=True, text=True, check=False
    )
    assert bad.returncode == 7
    assert "reason" in bad.stderr
