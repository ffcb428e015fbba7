"""Write the catalogue's data files as Python modules.

    python scripts/compile_catalog.py

``skinflint/catalog/data/*.toml`` is where facts are kept; what a check reads are the modules in
``skinflint/catalog/compiled``, because bytecode loads some twenty times as fast as TOML is parsed.
Run this after every change of the data; a test fails until somebody does.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from pprint import pformat
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CATALOG = Path(__file__).parents[1] / "skinflint" / "catalog"

TEMPLATE = '''\
"""Written by scripts/compile_catalog.py from data/{name}.toml; not to be edited."""

from __future__ import annotations

import datetime
from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {tables}
'''


def compiled(name: str, data: dict[str, Any]) -> str:
    """The text of the module that holds ``data``."""
    text = TEMPLATE.format(name=name, tables=pformat(data, width=90, sort_dicts=False))
    return text if "datetime.date(" in text else text.replace("import datetime\n", "")


def main() -> None:
    """Write all modules, and lay them out as everything here is."""
    for path in sorted((CATALOG / "data").glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        target = CATALOG / "compiled" / f"{path.stem}.py"
        target.write_text(compiled(path.stem, data), encoding="utf-8")
    folder = str(CATALOG / "compiled")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", folder], check=True)


if __name__ == "__main__":
    main()
