"""Make the pictures in docs/screenshots: every state of the app, wide and on a phone, some in the dark.

Run it with `make screenshots`; `--only NAME` makes those whose name begins so. The real assistant answers;
states that it never reaches without a language model come from the stand-in of tests/ui.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.server import FAKE, FLAGS, REAL, find_chromium, serve  # noqa: E402
from tests.browser.steps import PATIENT as FAKE_PATIENT  # noqa: E402
from tests.browser.steps import ask, settle  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
WIDE, PHONE = (1280, 860), (390, 844)
PATIENT = "52F, locally advanced breast cancer on neoadjuvant chemo, new back pain, raised ALP. Which scan?"
Act = Callable[[Page], object]


@dataclass(frozen=True)
class Shot:
    name: str
    act: Act = lambda _: None
    path: str = "/"
    dark: bool = False


def asked(question: str) -> Act:
    return lambda page: ask(page, question)


def patient_then(act: Act, question: str = PATIENT) -> Act:
    def run(page: Page) -> None:
        ask(page, question)
        page.wait_for_timeout(1600)
        act(page)

    return run


def why(page: Page) -> None:
    page.get_by_text("Why this answer").click()
    page.wait_for_timeout(500)
    page.get_by_text("Why this answer").evaluate("e => e.scrollIntoView({block: 'start'})")


def patient_panel(page: Page) -> None:
    page.locator(".st-key-patient").scroll_into_view_if_needed()
    page.get_by_role("button", name="Correct:").last.click()


def faq(page: Page) -> None:
    page.get_by_role("searchbox").fill("kidney")
    page.wait_for_timeout(1500)


REAL_SHOTS = (
    Shot("first"),
    Shot("first-dark", dark=True),
    Shot("chat", asked(PATIENT)),
    Shot("chat-dark", asked(PATIENT), dark=True),
    Shot("citation", patient_then(lambda page: page.get_by_role("link", name="[1]").first.click())),
    Shot("why", patient_then(why)),
    Shot("patient", patient_then(patient_panel)),
    Shot("save", patient_then(lambda page: page.get_by_role("button", name="Copy or save").click())),
    Shot("missing-fact", asked("52F with breast cancer on chemo, new back pain. Which scan?")),
    Shot("why-dark", patient_then(why), dark=True),
    Shot("does-not-apply", asked("Breast cancer on neoadjuvant chemo, new seizures. Which scan?")),
    Shot("not-covered", asked("What is the chemotherapy dose?")),
    Shot("follow-up", patient_then(asked("What if the bone scan is negative?"))),
    Shot("faq", faq, "/faq"),
    Shot("faq-dark", faq, "/faq", dark=True),
    Shot("guideline", path="/guideline"),
    Shot("guideline-cited", path="/guideline?cite=CITE"),
    Shot("guideline-cited-dark", path="/guideline?cite=CITE", dark=True),
    Shot("evaluation", path="/evaluation"),
    Shot("evaluation-dark", path="/evaluation", dark=True),
    Shot("about", path="/about"),
    Shot("about-dark", path="/about", dark=True),
)
FAKE_SHOTS = (
    Shot("model-draft", asked(FAKE_PATIENT + " (draft)")),
    Shot("model-refused", asked(FAKE_PATIENT + " (fallback)")),
    Shot("error", asked("boom")),
    Shot(
        "removed",
        patient_then(lambda page: page.get_by_role("button", name="Remove: Bone").click(), FAKE_PATIENT),
    ),
    Shot("edit", patient_then(lambda page: page.get_by_role("button", name="Edit the question").click())),
)
BROKEN_SHOTS = (Shot("cannot-start"),)
OFFLINE = Shot("offline")  # its server is stopped before the picture is taken


def take(browser: Browser, address: str, shot: Shot) -> None:
    for label, (width, height) in (("wide", WIDE), ("phone", PHONE)):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light"
        )
        page = context.new_page()
        page.goto(address + shot.path)
        page.locator("h1").first.wait_for(timeout=180_000)
        settle(page)
        shot.act(page)
        settle(page)
        page.wait_for_timeout(1200)
        save(page, shot, label)
        context.close()


def take_offline(browser: Browser) -> None:
    for label, (width, height) in (("wide", WIDE), ("phone", PHONE)):
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        with serve(FAKE) as address:
            page.goto(address)
            page.locator("h1").first.wait_for(timeout=180_000)
            ask(page, FAKE_PATIENT)
        page.locator(".offline").wait_for(timeout=30_000)
        page.wait_for_timeout(3000)
        save(page, OFFLINE, label)
        context.close()


def save(page: Page, shot: Shot, label: str) -> None:
    file = OUT / (f"{shot.name}.png" if label == "wide" else f"{shot.name}-phone.png")
    page.screenshot(path=file)
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(200).save(file, optimize=True)
    print(file.relative_to(ROOT), flush=True)


def cite() -> str:
    from assistant.guidelines.loader import load_corpus

    guideline = load_corpus(ROOT / "corpus")[0]
    first = guideline.statements[guideline.options[0].statements[-1]]
    return f"{first.start}-{first.end}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="make only those whose name begins so")
    only = parser.parse_args().only
    path = find_chromium()
    if path is None:
        print("Chromium is not installed (apt-get install chromium); no pictures were made.", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    from assistant import Assistant

    Assistant.open().ask("Is the index built?")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        plain: dict[str, str] = {}
        groups = ((REAL, REAL_SHOTS, plain), (FAKE, FAKE_SHOTS, plain))
        broken = (REAL, BROKEN_SHOTS, {"ASSISTANT_CORPUS_DIR": "/nowhere"})
        for script, shots, environment in (*groups, broken):
            wanted = [shot for shot in shots if shot.name.startswith(only)]
            if not wanted:
                continue
            with serve(script, **environment) as address:  # type: ignore[arg-type]
                for shot in wanted:
                    path_given = Shot(shot.name, shot.act, shot.path.replace("CITE", cite()), shot.dark)
                    take(browser, address, path_given)
        if OFFLINE.name.startswith(only):
            take_offline(browser)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
