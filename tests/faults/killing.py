"""What the tests of killed runs share: runs in the background, their processes, and rounds of kill -9."""

import os
import random
import shutil
import signal
import subprocess
import time

import support
from support import OPTIONS, CommandLine

support.parser.add_argument("--rounds", type=int, default=4)
support.parser.add_argument("--hostile", help="library that makes a machine's faults, preloaded")
OURS, REST = support.parser.parse_known_args()
ROUNDS, HOSTILE = OURS.rounds, OURS.hostile


class Killing(CommandLine):
    """The deck is d.yaml, its folder out."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(self._testMethodName)

    def launch(self, *words, ranks=2, environment=None):
        """A run that is not waited for, in a session of its own."""
        command = [*OPTIONS.mpiexec.split(), str(ranks), OPTIONS.kroma, "run", "d.yaml", *words]
        run = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               start_new_session=True, env={**os.environ, **(environment or {})})
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.kill)
        return run

    def ranks(self):
        """Processes of the program that work in this test's folder."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                at_home = os.path.samefile(f"/proc/{name}/cwd", self.folder)
                if at_home and os.path.samefile(f"/proc/{name}/exe", OPTIONS.kroma):
                    found.append(int(name))
            except OSError:  # gone meanwhile
                pass
        return found

    def kill_rounds(self, victims, words, longest, same):
        """Kills ranks between 0.1 and `longest` seconds after the start; calls `same` after each run has gone on to its
        end. Returns how far the runs had come, in words."""
        ends = {"done": 0, "resumable": 0, "failed": 0, "empty": 0}
        for _ in range(ROUNDS):
            shutil.rmtree(self.path("out"), ignore_errors=True)
            run = self.launch(*words)
            time.sleep(self.random.uniform(0.1, longest))
            for rank in victims(self.ranks()):
                os.kill(rank, signal.SIGKILL)
            run.communicate(timeout=60)
            code, said, _ = self.kroma("status", "out")
            ends["empty" if code == 2 else said.splitlines()[0].split(": ")[1]] += 1
            self.expect(0, "run", "d.yaml", *words, "--resume", ranks=2)
            same()
        return ", ".join(f"{count} {end}" for end, count in ends.items() if count)


def print_table(rows):
    print("\n| what was done | how often | what came of it |\n|---|---|---|")
    for row in sorted(rows):
        print("| {} | {} | {} |".format(*row))
