"""What other programs print: which of it moves, and how it is called."""

from __future__ import annotations

import pytest
from reading import seen

from skinflint.linter import operations as ops

HEAD = "import subprocess, os, asyncio, psutil\n\n\ndef f(name):\n    see({})\n"


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ('subprocess.run(["git", "status", "--short"]).stdout', "program `git status`"),
        ('subprocess.check_output("git diff HEAD", shell=True)', "program `git diff`"),
        ('subprocess.getoutput("cd /srv && git log -3 | head")', "program `git log`"),
        ('subprocess.check_output(["/usr/bin/uptime"]).decode()', "program `uptime`"),
        ('subprocess.getoutput("df -h")', "program `df`"),
        ('subprocess.run(args=["git", "-C", name, "status"]).stdout', "environment"),
        ('subprocess.run(["git", "--no-pager", "diff"]).stdout', "program `git diff`"),
        ("psutil.cpu_percent()", "program psutil.cpu_percent()"),
        ("psutil.boot_time()", "environment"),
        ('subprocess.check_output(["git", "rev-parse", "--show-toplevel"])', "environment"),
        ('subprocess.check_output(["uname", "-a"])', "environment"),
        ('subprocess.check_output("git --version", shell=True)', "environment"),
        ("subprocess.check_output(name)", "environment"),
        ("subprocess.check_output([name, 'status'])", "environment"),
        ('subprocess.check_output("git \'status", shell=True)', "environment"),
    ],
)
def test_programs(code: str, key: str) -> None:
    found = ops.keys_of(seen(HEAD.format(code)))[0]
    said = found.source.value
    assert (f"program {found.name}" if said == "program" else said) == key
