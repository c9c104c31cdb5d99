"""Fuzzes ask, review_draft, the corpus loader and assert_status: `python scripts/fuzz.py --runs 100000`.

Half of the inputs come from hypothesis, which makes texts of the corpus' own words and of hostile ones, and half
from atheris, which keeps what reaches new code (`pip install atheris`; without it hypothesis makes all). Each
target runs in a process of its own. The exit code is 1 if a promise was broken or one input took too long.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import fuzz_targets as targets

ENGINES = ("hypothesis", "atheris")
LONGEST_S = 20  # of processor time, for one input
#: By the clock, of code that counts what it reaches, on a machine that has more to do.
HANGS_S = 10 * LONGEST_S
QUESTION = "52F, breast cancer on chemotherapy, new back pain. Is a bone scan rated appropriate?"
WARMING = f"{QUESTION}{targets.FIELD}{QUESTION}"  # a draft and its question, or two turns
FAILED = targets.ROOT / "build" / "fuzz"  # what broke a promise is kept here


def main() -> int:
    args = arguments()
    if args.worker:
        engine, target = args.worker
        {"hypothesis": run_hypothesis, "atheris": run_atheris, "prepare": prepare}[engine](target, args)
        return 0
    engines = [name for name in ENGINES if args.engine in (name, "all")]
    if "atheris" in engines and find_spec("atheris") is None:
        print("atheris is not installed; hypothesis makes all inputs")
        engines = ["hypothesis"]
    chosen = args.targets.split(",")
    shares = sum(targets.TARGETS[name][1] for name in chosen)
    total, failed = 0, False
    print(
        "| engine | target | inputs | slowest, s | code reached | seconds | outcome |\n|---|---|---|---|---|---|---|"
    )
    for name in chosen:
        for engine in engines:
            runs = max(1, args.runs * targets.TARGETS[name][1] // shares // len(engines))
            begun = time.monotonic()
            found = work(engine, name, runs, args)
            total += int(str(found["inputs"]))
            failed |= bool(found["failure"])
            row = (engine, name, found["inputs"], found["slowest_s"], found.get("reached", ""))
            seconds = f"{time.monotonic() - begun:.0f}"
            print(
                f"| {' | '.join(map(str, row))} | {seconds} | {'FAILED' if found['failure'] else 'ok'} |",
                flush=True,
            )
            if found["failure"]:
                print(found["failure"], file=sys.stderr)
    print(f"\n{total} inputs")
    return int(failed)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=100_000, help="inputs in all")
    parser.add_argument("--targets", default=",".join(targets.TARGETS))
    parser.add_argument("--engine", choices=(*ENGINES, "all"), default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--corpus", type=Path, help="folder where atheris keeps the inputs that reached new code"
    )
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def work(engine: str, target: str, runs: int, args: argparse.Namespace) -> dict[str, object]:
    """Run one engine on one target in a process of its own; say how many inputs ran and what failed."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        if engine == "atheris":  # built before, and not by instrumented code
            start("prepare", target, runs, args, folder)
        done = start(engine, target, runs, args, folder)
    if engine == "hypothesis":
        if done.returncode == 0:
            return dict(json.loads(done.stdout.splitlines()[-1]))
        return {"inputs": 0, "slowest_s": "", "failure": done.stderr[-4_000:]}
    inputs = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    slowest = re.search(r"stat::slowest_unit_time_sec:\s*(\d+)", done.stderr)
    reached = re.findall(r"cov: (\d+)", done.stderr)
    return {
        "inputs": int(inputs[1]) if inputs else 0,
        "slowest_s": f"<{int(slowest[1]) + 1}" if slowest else "",
        "reached": reached[-1] if reached else "",
        "failure": "" if done.returncode == 0 else done.stdout[-4_000:] + done.stderr[-2_000:],
    }


def start(
    engine: str, target: str, runs: int, args: argparse.Namespace, folder: str
) -> subprocess.CompletedProcess[str]:
    """Run this script as a worker that keeps its files in `folder`."""
    given = ("--runs", str(runs), "--seed", str(args.seed), "--folder", folder)
    command = [sys.executable, __file__, "--worker", engine, target, *given]
    if args.corpus:
        command += ["--corpus", str(args.corpus)]
    environment = {**os.environ, "TMPDIR": folder}
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", env=environment, check=False
    )


def prepare(target: str, args: argparse.Namespace) -> None:
    """Build what answering without the model needs."""
    targets.without_model(args.folder)
    targets.TARGETS[target][0](WARMING)


def run_hypothesis(target: str, args: argparse.Namespace) -> None:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    run, _ = targets.TARGETS[target]
    run(WARMING)  # what is loaded once is not counted as an input's time
    counted = {"inputs": 0, "slowest": 0.0}
    piece = st.sampled_from(targets.words()) | st.text(max_size=12) | st.characters()
    glue = st.sampled_from([" ", "", "\n", ", ", ". ", targets.FIELD])
    joined = st.lists(st.tuples(piece, glue), max_size=30).map(lambda parts: "".join(a + b for a, b in parts))
    texts = st.one_of(joined, st.text(max_size=300), joined.map(lambda text: targets.REPEAT + text))
    texts = st.tuples(st.text(max_size=3), texts).map("".join) if target in ("loader", "status") else texts

    @seed(args.seed)
    @settings(
        max_examples=args.runs,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def one(text: str) -> None:
        begun = time.process_time()
        run(text)
        took = time.process_time() - begun
        counted["inputs"] += 1
        counted["slowest"] = max(counted["slowest"], took)
        targets.require(took < LONGEST_S, f"{took:.0f} s for one input of {len(text)} characters")

    one()
    print(json.dumps({"inputs": counted["inputs"], "slowest_s": f"{counted['slowest']:.2f}", "failure": ""}))


def run_atheris(target: str, args: argparse.Namespace) -> None:
    import atheris  # type: ignore[import-untyped,unused-ignore]

    targets.without_model(args.folder)
    with atheris.instrument_imports(include=["assistant"]):
        import_everything()
    run, _ = targets.TARGETS[target]

    def one(data: bytes) -> None:
        try:
            run(data.decode("utf-8", "surrogateescape"))
        except BaseException:  # libFuzzer keeps what hangs, and not what raises
            (FAILED / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
            raise

    run(WARMING)  # what is loaded once is not counted as an input's time
    folder = Path(args.folder)
    (folder / "words").write_text(dictionary(), encoding="ascii")
    kept = args.corpus / target if args.corpus else folder / "kept"
    for path in (kept, FAILED):
        path.mkdir(parents=True, exist_ok=True)
    seeds(folder / "seeds")
    options = (
        *(f"-runs={args.runs}", f"-seed={args.seed}", f"-timeout={HANGS_S}", "-max_len=4096"),
        *("-rss_limit_mb=6000", f"-dict={folder / 'words'}", "-print_final_stats=1"),
        f"-artifact_prefix={FAILED}/{target}-",
    )
    atheris.Setup([sys.argv[0], *options, str(kept), str(folder / "seeds")], one)
    atheris.Fuzz()  # ends the process


def import_everything() -> None:
    """Import all modules now, so that each is instrumented: what is imported when it is needed would not be."""
    import pkgutil
    from importlib import import_module

    import assistant

    for module in pkgutil.walk_packages(assistant.__path__, "assistant."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


def dictionary() -> str:
    """Return the words as libFuzzer reads them."""
    lines = []
    for word in targets.words():
        data = word.encode("utf-8", "surrogatepass")[:60]
        lines.append('"' + "".join(f"\\x{byte:02x}" for byte in data) + '"')
    return "\n".join(dict.fromkeys(lines)) + "\n"


def seeds(folder: Path) -> None:
    """Write inputs to begin with: questions, sentences of the source, and its files."""
    folder.mkdir()
    texts = list(targets.words()[:: max(1, len(targets.words()) // 50)])
    for one in targets.assistant().guidelines:
        texts += [*one.metadata.examples, *one.source_text.split("\n")[:40]]
    texts += [path.read_text(encoding="utf-8")[:3_000] for path in sorted(targets.PACK.glob("*.yaml"))]
    for number, text in enumerate(texts):
        (folder / f"{number:04d}").write_bytes(("!*!" + text).encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    raise SystemExit(main())
