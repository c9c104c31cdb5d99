"""Prints constraints.txt: the exact version of every distribution of this environment but the project.

Local versions (2.13.0+cpu) lose their suffix, so the same file fits every build of a package. No index is
named: pip takes the packages from wherever it is configured to.
"""

from __future__ import annotations

import importlib.metadata
import re

LEFT_OUT = {"guideline-assistant", "pip", "setuptools", "wheel"}


def main() -> None:
    versions = {
        re.sub(r"[-_.]+", "-", item.metadata["Name"]).lower(): item.version.partition("+")[0]
        for item in importlib.metadata.distributions()
    }
    print("# Exact versions that are tested together; `make lock` writes this file. Used as: pip install -c")
    for name in sorted(versions.keys() - LEFT_OUT):
        print(f"{name}=={versions[name]}")


if __name__ == "__main__":
    main()
