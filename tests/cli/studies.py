"""`kroma run STUDY`: all cases on groups of ranks, what fails, what is left, and going on after the worst."""

import os
import shutil
import signal
import subprocess
import time

import h5py
import numpy as np

from support import DECK, OPTIONS, CommandLine, main

STUDY = """deck: d.yaml
title: Many decays
vary: {toy.cells: [5, 6, 7], toy.length: [1 m, 25 cm], toy.fail_at: [-1, 2]}
"""


class Studies(CommandLine):
    def setUp(self):
        super().setUp()
        self.write("d.yaml", DECK)
        self.write("s.yaml", STUDY)

    def cases(self):
        """Rows of /tables/cases, and whether the study is complete."""
        with h5py.File(self.path("out", "study.h5"), "r") as file:
            return file["tables/cases"][:], int(file.attrs["complete"])

    def mended(self):
        """The study without its failing half."""
        self.write("s.yaml", STUDY.replace("[-1, 2]", "[-1, -2]"))

    # Verifies: failing cases are named with their reason and do not stop the others; changed keys are in SI, metrics
    # beside them, and what a case cost is in a table of its own.
    def test_all_cases(self):
        said = self.expect(3, "run", "s.yaml", ranks=3)
        self.assertIn("case_0002: step 2: gave up", said)
        self.assertIn("6 cases failed: 2, 4, 6, 8, 10, 12", said)
        rows, complete = self.cases()
        self.assertEqual(complete, 1)
        self.assertEqual([int(n) for n in rows["number"]], list(range(1, 13)))
        self.assertEqual([s.decode() for s in rows["status"]], ["done", "failed"] * 6)
        self.assertEqual(rows["message"][1], b"step 2: gave up")
        np.testing.assert_array_equal(rows["toy.length"], [1, 1, 0.25, 0.25] * 3)
        np.testing.assert_array_equal(rows["iterations"], [3, 1] * 6)
        self.assertNotIn("wall_seconds", rows.dtype.names)
        with h5py.File(self.path("out", "study.h5"), "r") as file:
            self.assertIn("wall_seconds", file["tables/cost"].dtype.names)
            units = dict(zip(rows.dtype.names, file["tables/cases"].attrs["units"]))
            self.assertEqual(units["toy.length"], b"m")
            self.assertEqual(file["metrics"].attrs["failed"], 6)

    # Verifies: the same table on any number of ranks and any size of group, ranks that are left over included.
    def test_groups(self):
        self.mended()
        self.expect(0, "run", "s.yaml")
        alone, _ = self.cases()
        self.write("s2.yaml", STUDY.replace("[-1, 2]", "[-1, -2]") + "ranks_per_case: 2\n")
        said = self.expect(0, "run", "s2.yaml", "--overwrite", ranks=3)
        self.assertIn("1 of 3 ranks make no group", said)
        self.assertIn("1 groups of 2", said)
        np.testing.assert_array_equal(self.cases()[0], alone)
        self.assertIn("ranks_per_case", self.expect(2, "run", "s2.yaml", "--overwrite"))

    # Verifies: a mistake in any case is found before the first one runs, and nothing is written.
    def test_mistakes_first(self):
        self.write("s.yaml", STUDY.replace("[5, 6, 7]", "[5, 0, -2]"))
        said = self.expect(2, "run", "s.yaml", ranks=2)
        for word in ["case 5:", "case 12:", "toy.cells"]:
            self.assertIn(word, said)
        self.assertFalse(os.path.exists(self.path("out")))

    # Verifies: earlier results are kept unless the user says otherwise; a changed deck is refused, by name.
    def test_earlier_results(self):
        self.mended()
        self.expect(0, "run", "s.yaml")
        self.assertIn("--resume", self.expect(2, "run", "s.yaml"))
        self.expect(0, "run", "s.yaml", "--resume")
        self.assertIn("toy.steps", self.expect(2, "run", "s.yaml", "--resume", "--set", "toy.steps=4"))
        self.expect(0, "run", "s.yaml", "--overwrite", "--set", "toy.steps=4")
        self.assertEqual(int(self.cases()[0]["iterations"][0]), 4)

    def start_long(self, last_steps):
        """Starts a study of three cases whose last one takes long; returns once that one is at work."""
        self.write("s.yaml", f"deck: d.yaml\nvary: {{toy.steps: [3, 4, {last_steps}]}}\n")
        run = subprocess.Popen([OPTIONS.kroma, "run", "s.yaml", "-q", "--overwrite"], cwd=self.folder)
        self.addCleanup(run.kill)
        while not os.path.exists(self.path("out", "case_0003", "results.h5")) and run.poll() is None:
            time.sleep(0.01)
        return run

    # Verifies: from outside one sees how many cases are done, and that nobody else may run the study meanwhile.
    def test_running(self):
        run = self.start_long(2000000000)
        said = self.expect(0, "status", "out")
        self.assertIn("study, running", said)
        self.assertRegex(said, r"done +2")
        self.assertIn("another kroma", self.expect(2, "run", "s.yaml", "--resume"))
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=60), 4)

    # Verifies: a study that was stopped (exit 4) and one that was killed go on, leave what is done alone, and end in
    # the same table as one that nobody disturbed.
    def test_stopped_and_killed(self):
        steps = 40000000  # seconds: longer than it takes to send a signal
        self.write("s.yaml", f"deck: d.yaml\nvary: {{toy.steps: [3, 4, {steps}]}}\n")
        self.expect(0, "run", "s.yaml")
        whole, _ = self.cases()
        for number, code in [(signal.SIGTERM, 4), (signal.SIGKILL, -signal.SIGKILL)]:
            shutil.rmtree(self.path("out"))
            run = self.start_long(steps)
            run.send_signal(number)
            self.assertEqual(run.wait(timeout=60), code)
            first = self.path("out", "case_0001", "results.h5")
            before = os.stat(first).st_mtime_ns
            self.expect(0, "run", "s.yaml", "--resume", ranks=2)
            self.assertEqual(os.stat(first).st_mtime_ns, before)
            np.testing.assert_array_equal(self.cases()[0], whole)
            self.assertRegex(self.expect(0, "status", "out"), r"done +3")


if __name__ == "__main__":
    main()
