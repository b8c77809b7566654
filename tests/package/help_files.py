"""The installed manual page and completion know every command and option, and bash and man take them."""

import pathlib
import re
import shutil
import subprocess
import sys

PREFIX = pathlib.Path(sys.argv[1])
KROMA = PREFIX / "bin/kroma"


def said(*words):
    return subprocess.run([KROMA, *words], capture_output=True, text=True, check=True).stdout


def complete(*words):
    """What bash offers for the last word."""
    script = PREFIX / "share/bash-completion/completions/kroma"
    line = " ".join(f"'{word}'" for word in words)
    text = f"PATH={PREFIX}/bin:$PATH; source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _kroma; echo ${{COMPREPLY[@]}}"
    return subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True).stdout.split()


commands = re.findall(r"^  (\w+) ", said("--help").split("Commands")[1], re.M)
assert len(commands) >= 8, commands
page = (PREFIX / "share/man/man1/kroma.1").read_text()
for command in commands:
    assert command in complete("kroma", command[:3]), command
    assert f"kroma {command}" in page, command
    for option in re.findall(r"--[\w-]+", said(command, "--help")):
        assert option.replace("-", r"\-") in page, option
for option in ["--set", "--case", "--resume", "--overwrite", "--stop-after"]:
    assert complete("kroma", "run", option[:4]) == [option], option
families = [line.split()[0] for line in said("problems").splitlines()[:-1]]
assert complete("kroma", "problems", "") == families, families
assert complete("kroma", "problems", "gp_pde", "--as", "j") == ["json-schema"]
if shutil.which("man"):
    done = subprocess.run(["man", "--warnings", "-l", PREFIX / "share/man/man1/kroma.1"], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
print(f"{len(commands)} commands, {len(families)} families")
