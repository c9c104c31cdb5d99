"""What runs an exported model: onnxruntime sessions, tokenizers, and how many cores are free for a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.retrieval.models import switch_off_network

_SPIN_US = 100  # longer than the steps of a run lie apart, and short enough that nobody misses the core
_LOAD = Path("/proc/loadavg")


def open_session(path: Path, threads: int) -> Any:
    """Return an onnxruntime session that shares each run out to `threads`; ModelError if there can be none."""
    switch_off_network()
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Between the steps of a run, threads that wait awake save a third of it; between runs they would take
        # half of a busy machine.
        spins = {"allow_spinning": "1", "spin_duration_us": str(_SPIN_US)} if threads > 1 else {}
        for name, value in (spins or {"allow_spinning": "0"}).items():
            options.add_session_config_entry(f"session.intra_op.{name}", value)
        options.add_session_config_entry("session.force_spinning_stop", "1")
        options.add_session_config_entry("session.dynamic_block_base", "2")  # who is done first takes more
        options.log_severity_level = 3
        # The graph was optimised when it was exported: doing it again would only cost start-up time.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except ImportError as error:
        raise ModelError(f"onnxruntime cannot be imported ({error}): install it.") from error
    except Exception as error:  # onnxruntime's own errors have no common public base
        raise ModelError(f"The exported model {path} cannot be run: {error}. Delete its folder.") from error


def idle_cores() -> int:
    """Return how many cores nothing runs on; all but one where that cannot be told."""
    cores = os.cpu_count() or 1
    try:
        running = int(_LOAD.read_bytes().split()[3].partition(b"/")[0])
    except (OSError, ValueError, IndexError):
        return cores - 1
    return max(0, cores - running)


def open_tokenizer(path: Path) -> Any:
    """Return the tokenizer in a file; ModelError if it cannot be read."""
    try:
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(path))
    except ImportError as error:
        raise ModelError(f"tokenizers cannot be imported ({error}): install it.") from error
    except Exception as error:  # tokenizers raises plain Exception
        raise ModelError(f"The tokenizer {path} cannot be read: {error}. Delete its folder.") from error
