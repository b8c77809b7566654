"""kill -9 of one rank and of all, in the families that people run, with a checkpoint wherever one may be written.

After each kill the results are complete or say that they are not, and the run goes on to the bits of one that nobody
disturbed. --rounds N: how often each family is killed in each way. Progress as `kroma status` tells it from outside.
"""

import os
import re
import shutil
import signal
import sys
import time
import unittest

import h5py

from killing import REST, ROUNDS, Killing, print_table

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "inputs")
OFTEN = ["--set", "output.folder=out", "--set", "output.checkpoint_every=0.1 s"]
TABLE = []  # fault, how often, what came of it
# deck, and what makes a run of a second of it
RUNS = {
    "gp_pde": ("burgers_1d", []),
    "gp_pde, training": ("poisson_1d_p1_joint", ["gp_pde.covariance.joint.steps=150"]),
    "chromatography": ("sma_grm", []),
    "diffusion_couple": ("three_phase", ["diffusion_couple.couple.cells=200"]),
    "sdp_clustering": ("first", ["sdp_clustering.compare=[]"]),
    "sdp_clustering, low_rank": ("path", ["sdp_clustering.compare=[]", "solver.certify_first=false",
                                          "sdp_clustering.clusters=[3, 4]"]),
    "sdp_clustering, dense": ("dense", ["sdp_clustering.compare=[]", "solver.gap=0",
                                        "sdp_clustering.data.mixture.points=150"]),
}

# what makes minutes of them, and what kroma status then tells
LONG = {
    "gp_pde": (["gp_pde.grid.x=1600", "gp_pde.grid.t=800"], r"attempt \d  pass \d+  iteration \d+"),
    "gp_pde, training": (["gp_pde.covariance.joint.steps=100000"], r" \d %  training step \d+  left \d\d:\d\d:\d\d"),
    "chromatography": (["chromatography.accuracy=1e-7"], r"grid \d  t = \S+ of 1500 s  step \d+"),
    "diffusion_couple": (["diffusion_couple.couple.cells=20000"], r"\d %  t = \S+ s  step \d+  newton \d+"),
    "sdp_clustering, low_rank": (["solver.tolerance=1e-12", "solver.certify_first=false"],
                                 r"1 of 5 numbers of clusters  sweep \d+  residual \S+, asked for 1.0e-12"),
    "sdp_clustering, dense": (["solver.gap=0", "solver.tolerance=1e-12", "sdp_clustering.data.mixture.points=400",
                               "solver.max_iterations=100000"], r"iteration \d+  residual \S+, asked for 1.0e-12"),
}


class Families(Killing):
    def prepare(self, run, sets):
        deck = RUNS[run][0]
        family = run.split(",")[0]
        shutil.copy(os.path.join(INPUTS, family, deck + ".yaml"), self.path("d.yaml"))
        for name in os.listdir(os.path.join(INPUTS, family)):
            if name.endswith(".csv") or name == "data":
                os.symlink(os.path.join(INPUTS, family, name), self.path(name))
        return [word for one in sets for word in ("--set", one)]

    def bits(self, folder):
        """All that was computed, by name; of fields that grow with time the last frame."""
        found = {}

        def take(name, item):
            if isinstance(item, h5py.Dataset) and name.split("/")[0] in ("fields", "series", "clusters"):
                data = item[:]
                found[name] = (data[-1] if name.startswith("fields/composition") else data).tobytes()

        with h5py.File(self.path(folder, "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            file.visititems(take)
        self.assertTrue(found)
        return found

    def kill(self, run):
        words = [*self.prepare(run, RUNS[run][1]), *OFTEN]
        began = time.monotonic()
        self.expect(0, "run", "d.yaml", *words, ranks=2)
        longest = 1.1 * (time.monotonic() - began)
        whole = self.bits("out")
        for who, victims in (("one of two ranks", lambda ranks: ranks[-1:]), ("all ranks", lambda ranks: ranks)):
            ends = self.kill_rounds(victims, words, longest, lambda: self.assertEqual(self.bits("out"), whole))
            TABLE.append((f"{run}: kill -9 of {who}", ROUNDS, f"{ends}; all went on to the same bits"))

    # Verifies: what the run is doing can be asked from outside, and a signal ends it with a checkpoint to go on from.
    def tell_and_stop(self, run):
        sets, told = LONG[run]
        run = self.launch(*self.prepare(run, sets), "--set", "output.folder=out")
        said, deadline = "", time.monotonic() + 60
        while not re.search(told, said) and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
            said = self.kroma("status", "out")[1]
        self.assertRegex(said, told)
        self.assertIn("running", said.splitlines()[0])
        os.kill(self.ranks()[0], signal.SIGUSR1)
        printed, _ = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 4, printed)
        self.assertIn("resumable", self.kroma("status", "out")[1].splitlines()[0])


for each in LONG:
    setattr(Families, "test_tell_" + each.replace(", ", "_"), lambda self, run=each: self.tell_and_stop(run))
for each in RUNS:
    setattr(Families, "test_kill_" + each.replace(", ", "_"), lambda self, run=each: self.kill(run))

if __name__ == "__main__":
    ended = unittest.main(argv=[sys.argv[0], *REST], verbosity=2, exit=False)
    print_table(TABLE)
    sys.exit(not ended.result.wasSuccessful())
