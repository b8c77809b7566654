"""`kroma run` as users start it: exit codes, what is left in the folder, and what is said once on several ranks."""

import os
import signal
import subprocess
import time

import h5py

from support import DECK, OPTIONS, CommandLine, main


def text(value):
    """A text attribute, which HDF5 may keep with a fixed or a variable length."""
    return value.decode() if isinstance(value, bytes) else value


class Runs(CommandLine):
    def setUp(self):
        super().setUp()
        self.write("d.yaml", DECK)

    def metrics(self, folder="out"):
        with h5py.File(self.path(folder, "results.h5"), "r") as file:
            return dict(file["metrics"].attrs), int(file.attrs["complete"])

    # Verifies: a run on two ranks ends with 0 and leaves a complete file with every promised part.
    def test_done(self):
        said = self.expect(0, "run", "d.yaml", ranks=2)
        for word in ["A first decay", "Decay on 10 cells", "unknowns", "2 x 1 thread", "folder", "least", "most"]:
            self.assertIn(word, said)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            self.assertEqual(text(file.attrs["problem"]), "toy")
            self.assertEqual(text(file.attrs["title"]), "A first decay")
            self.assertEqual(file["deck/source"][()].decode(), DECK)
            self.assertIn("length", file["deck/resolved"][()].decode())
            self.assertEqual(file["fields/u"].shape, (10,))
            self.assertAlmostEqual(file["fields/u"][9], 0.9**3, delta=1e-14)  # three steps of rounding
            self.assertEqual(file["timing/solve"].shape, (2,))
            for name in ["wall_seconds", "setup_seconds", "solve_seconds", "iterations", "converged", "unknowns",
                         "memory_bytes"]:
                self.assertIn(name, file["metrics"].attrs)
            self.assertEqual(file["metrics"].attrs["unknowns"], 10)
            self.assertEqual(file["metrics"].attrs["iterations"], 3)
            for name in ["version", "commit", "petsc", "hdf5", "ranks", "command_line", "case"]:
                self.assertIn(name, file["provenance"].attrs)
            self.assertIn("run d.yaml", text(file["provenance"].attrs["command_line"]))
        self.assertIn("done", self.expect(0, "status", "out"))

    # Verifies: mistakes are printed by one rank only, and nothing is written.
    def test_mistakes_once(self):
        self.write("bad.yaml", DECK.replace("cells", "cels"))
        said = self.expect(2, "run", "bad.yaml", ranks=3)
        self.assertEqual(said.count("unknown key"), 1, said)
        said = self.expect(2, "run", "bad.yaml", "--overwite", ranks=3)
        self.assertEqual(said.count("unknown option"), 1, said)
        self.assertFalse(os.path.exists(self.path("out")))

    # Verifies: results of an earlier run are kept unless the user says otherwise; a finished run needs no resuming.
    def test_earlier_results(self):
        self.expect(0, "run", "d.yaml")
        self.assertIn("--overwrite", self.expect(2, "run", "d.yaml", "--set", "toy.steps=1"))
        self.assertEqual(self.metrics()[0]["iterations"], 3)
        self.assertIn("done already", self.expect(0, "run", "d.yaml", "--resume", "--set", "toy.steps=1"))
        self.assertEqual(self.metrics()[0]["iterations"], 3)
        self.expect(0, "run", "d.yaml", "--overwrite", "--set", "toy.steps=1")
        self.assertEqual(self.metrics()[0]["iterations"], 1)

    # Verifies: --resume in an empty folder starts.
    def test_resume_nothing(self):
        self.expect(0, "run", "d.yaml", "--resume")
        self.assertEqual(self.metrics()[1], 1)

    # Verifies: a folder that cannot be made, or is a file, ends with 2.
    def test_impossible_folder(self):
        for folder in ["d.yaml/out", "/proc/kroma/out", "d.yaml"]:
            with self.subTest(folder=folder):
                self.expect(2, "run", "d.yaml", "--set", f"output.folder={folder}", ranks=2)

    # Verifies: a solver that gives up on one rank ends with 3, its results are kept and marked incomplete.
    def test_solver_failed(self):
        said = self.expect(3, "run", "d.yaml", "--set", "toy.fail_at=2", ranks=2)
        self.assertEqual(said.count("step 2: gave up"), 1, said)
        self.assertIn("Take smaller steps.", said)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 0)
            self.assertAlmostEqual(file["fields/u"][0], 0.9, delta=1e-15)
            self.assertEqual(file["metrics"].attrs["converged"], 0)
            self.assertIn("gave up", text(file["metrics"].attrs["failure"]))
        self.assertIn("failed", self.expect(0, "status", "out"))

    # Verifies: a bug on one rank, while the others wait in a message, ends all of them with 1 instead of hanging.
    def test_bug_on_one_rank(self):
        self.assertIn("internal error: a bug of one rank",
                      self.expect(1, "run", "d.yaml", "--set", "toy.bug_at=1", ranks=3))

    # Verifies: a mistake in the deck that only the solve can see leaves no results behind.
    def test_late_mistake(self):
        self.expect(2, "run", "d.yaml", "--set", "toy.mistake_at=1", ranks=2)
        self.assertFalse(os.path.exists(self.path("out", "results.h5")))

    # Verifies: a signal ends with 4 and a checkpoint; resumed on another rank count, the run ends as if never stopped.
    def test_stop_and_go_on(self):
        self.expect(0, "run", "d.yaml", "--set", "output.folder=whole", ranks=2)
        said = self.expect(4, "run", "d.yaml", "--set", "toy.signal_at=2", ranks=2)
        self.assertIn("SIGUSR1", said)
        self.assertEqual(self.metrics()[1], 0)
        self.assertIn("resumable", self.expect(0, "status", "out"))
        self.expect(0, "run", "d.yaml", "--resume", "--set", "toy.signal_at=2", ranks=3)
        with h5py.File(self.path("out", "results.h5"), "r") as one, h5py.File(self.path("whole", "results.h5"), "r") as two:
            self.assertEqual(list(one["fields/u"]), list(two["fields/u"]))

    # Verifies: going on with another problem is refused, naming the key; a change of title is only named.
    def test_changed_deck(self):
        self.expect(4, "run", "d.yaml", "--set", "toy.signal_at=2")
        self.assertIn("toy.length", self.expect(2, "run", "d.yaml", "--resume", "--set", "toy.signal_at=2",
                                                "--set", "toy.length=2"))
        self.assertIn("title", self.expect(0, "run", "d.yaml", "--resume", "--set", "toy.signal_at=2",
                                           "--set", "title=Another"))

    # Verifies: a time limit stops at the end of the first step.
    def test_stop_after(self):
        self.assertIn("--stop-after", self.expect(4, "run", "d.yaml", "--stop-after", "1e-9 s"))

    # Verifies: quiet says nothing; the results are there all the same.
    def test_quiet(self):
        code, out, err = self.kroma("run", "d.yaml", "-q")
        self.assertEqual((code, out), (0, ""), err)  # libraries may still warn on the error stream
        self.assertEqual(self.metrics()[1], 1)

    # Verifies: options of the deck reach PETSc under the family's prefix, and those nobody used are named.
    def test_petsc_options(self):
        said = self.expect(0, "run", "d.yaml", "--set", "solver.petsc={level: 7, ksp_tipe: cg}")
        self.assertEqual(self.metrics()[0]["level"], 7)
        self.assertIn("solver.petsc.ksp_tipe", said)
        self.assertNotIn("solver.petsc.level", said)
        self.expect(0, "run", "d.yaml", "--overwrite", "--", "-toy_level", "9")
        self.assertEqual(self.metrics()[0]["level"], 9)

    # Verifies: a case of a study goes to its own folder and says which it is.
    def test_case(self):
        self.write("s.yaml", "deck: d.yaml\nvary: {toy.cells: [5, 6]}\n")
        line = self.expect(0, "cases", "s.yaml").splitlines()[1].split()
        self.expect(0, "run", "s.yaml", "--case", line[0], ranks=2)
        with h5py.File(self.path(line[1], "results.h5"), "r") as file:
            self.assertEqual(file["fields/u"].shape, (6,))
            self.assertEqual(text(file["provenance"].attrs["case"]), os.path.basename(line[1]))

    # Verifies: two runs do not write into one folder, and status tells a running one; TERM stops it with 4.
    def test_running(self):
        words = [OPTIONS.kroma, "run", "d.yaml", "-q", "--set", "toy.steps=2000000000"]
        with subprocess.Popen(words, cwd=self.folder) as running:
            try:
                while not os.path.exists(self.path("out", "results.h5")) and running.poll() is None:
                    time.sleep(0.05)
                self.assertIn("another kroma", self.expect(2, "run", "d.yaml", "--overwrite"))
                self.assertIn("running", self.expect(0, "status", "out"))
                running.send_signal(signal.SIGTERM)
                self.assertEqual(running.wait(timeout=60), 4)
            finally:
                running.kill()


if __name__ == "__main__":
    main()
