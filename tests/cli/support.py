"""What the tests of the command line share: the program under test, run in a folder of its own."""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import unittest

parser = argparse.ArgumentParser()
parser.add_argument("--kroma", required=True, help="the program, with the toy family")
parser.add_argument("--mpiexec", required=True, help="launcher, up to the flag that takes the rank count")
OPTIONS, REST = parser.parse_known_args()

DECK = """problem: toy
title: A first decay
toy: {cells: 10, steps: 3}
output: {folder: out}
"""


class CommandLine(unittest.TestCase):
    """Each test gets an empty folder, in which the program is started."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = self._folder.name

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def kroma(self, *words, ranks=None, text=None):
        """Runs the program: (exit code, standard output, standard error)."""
        launcher = shlex.split(OPTIONS.mpiexec) + [str(ranks)] if ranks else []
        done = subprocess.run(launcher + [OPTIONS.kroma, *words], cwd=self.folder, input=text or "", text=True,
                              capture_output=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def expect(self, code, *words, **options):
        """Runs the program, which must end with `code`; returns what it printed, both streams."""
        ended, out, err = self.kroma(*words, **options)
        self.assertEqual(ended, code, f"kroma {' '.join(words)}\n{out}\n{err}")
        return out + err


def main():
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
