"""Killed ranks, full and read-only disks, folders that vanish, files that are cut off or have a wrong bit, too little memory.

After each of them the results are complete or say that they are not, and the run goes on to the bits of one that nobody
disturbed. --rounds N: how often each random fault is tried.
"""

import os
import shutil
import subprocess
import sys
import time
import unittest

import h5py

from killing import HOSTILE, REST, ROUNDS, Killing, print_table
from support import DECK, OPTIONS

# forty steps of a fiftieth of a second, with a checkpoint after every third
SLOW = ["--set", "toy.steps=40", "--set", "toy.pause=0.02", "--set", "toy.checkpoint_every=3"]
TABLE = []  # fault, how often, what came of it


class Faults(Killing):
    def setUp(self):
        super().setUp()
        self.write("d.yaml", DECK)

    def bits(self, folder="out"):
        with h5py.File(self.path(folder, "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            return file["fields/u"][:].tobytes()

    def undisturbed(self):
        self.expect(0, "run", "d.yaml", "--set", "output.folder=whole", "--set", "toy.steps=40", ranks=2)
        return self.bits("whole")

    def kill(self, victims):
        whole = self.undisturbed()
        return self.kill_rounds(victims, SLOW, 2.5, lambda: self.assertEqual(self.bits(), whole))

    # Verifies: kill -9 of one rank, at any moment.
    def test_kill_one(self):
        ends = self.kill(lambda ranks: ranks[-1:])
        TABLE.append(("kill -9 of one of two ranks", ROUNDS, f"{ends}; all went on to the same bits"))

    # Verifies: kill -9 of all ranks, at any moment.
    def test_kill_all(self):
        ends = self.kill(lambda ranks: ranks)
        TABLE.append(("kill -9 of all ranks", ROUNDS, f"{ends}; all went on to the same bits"))

    def mount(self, options):
        """An own small file system at `disk`; skips where this is not allowed."""
        os.mkdir(self.path("disk"))
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.path("disk")], capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest(f"cannot mount a file system here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.path("disk")])

    # Verifies: a full disk ends the run with a reason, and nothing pretends to be complete.
    def test_full_disk(self):
        self.mount("size=2m")
        for cells in (200_000, 1_000_000):  # full while writing, full at once
            words = ["run", "d.yaml", "--set", "output.folder=disk/out", "--set", f"toy.cells={cells}", "--overwrite"]
            with open(self.path("disk", "filler"), "wb") as filler:
                filler.write(bytes(1_000_000))
            said = self.expect(3, *words, ranks=2)
            self.assertRegex(said, "space|quota")
            self.assertNotIn("done", self.kroma("status", "disk/out")[1].split("\n")[0])
            os.remove(self.path("disk", "filler"))
        self.expect(0, "run", "d.yaml", "--set", "output.folder=disk/out", "--overwrite", ranks=2)
        TABLE.append(("full disk", 2, "exit 3 with the reason; once there is space the run succeeds"))

    def on_hostile_machine(self, rank, **what):
        """A run on two ranks; one of them, or both (None), with the machine's faults of support/hostile_machine.cpp."""
        if not HOSTILE:
            self.skipTest("the library that makes faults is not built with sanitizers")
        faults = ["env", f"LD_PRELOAD={HOSTILE}", *(f"KROMA_TEST_{name.upper()}={value}" for name, value in what.items())]
        program = [OPTIONS.kroma, "run", "d.yaml", *SLOW, "--overwrite"]
        words = OPTIONS.mpiexec.split()
        for i in range(2):
            words += [*([":", words[-1]] if i else []), "1", *(faults if rank in (None, i) else []), *program]
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, timeout=60)

    # Verifies: a write that only one rank is refused ends the run with its reason, and does not make the other wait.
    def test_quota_of_one_rank(self):
        for rank in range(2):
            for most in (1_000, 300_000):
                self.write("d.yaml", DECK.replace("cells: 10", "cells: 100_000"))
                ended = self.on_hostile_machine(rank, quota=f"{self.path('out')} {most}")
                if rank == 1 and ended.returncode == 0:  # it had less to write
                    self.bits()
                    continue
                self.assertEqual(ended.returncode, 3, ended.stdout + ended.stderr)
                self.assertRegex(ended.stderr, "solver failed: out/.*: cannot write")
                self.assertRegex(self.kroma("status", "out")[1], "failed|resumable")
                self.expect(0, "run", "d.yaml", *SLOW, "--resume", ranks=2)
                self.bits()
        TABLE.append(("a write refused on one of two ranks", 4, "exit 3 with the reason; both ranks end"))

    # Verifies: a clock that is set while a run works moves neither pauses nor checkpoints nor results.
    def test_clock_jumps(self):
        whole = self.undisturbed()
        for by in (86_400, -86_400):
            ended = self.on_hostile_machine(None, clock=f"0.5 {by}")
            self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
            self.assertEqual(self.bits(), whole)
            with h5py.File(self.path("out", "results.h5"), "r") as file:
                self.assertLess(file["metrics"].attrs["wall_seconds"], 60)
                self.assertGreater(file["metrics"].attrs["wall_seconds"], 0)
        TABLE.append(("clock set a day forward, back, during the run", 2, "same bits; durations stay right"))

    # Verifies: a folder that cannot be written is a mistake of the deck.
    def test_read_only(self):
        self.mount("size=1m,ro")
        said = self.expect(2, "run", "d.yaml", "--set", "output.folder=disk/out", ranks=2)
        self.assertIn("disk/out", said)
        TABLE.append(("read-only folder", 1, "exit 2, nothing written"))

    # Verifies: a run whose folder is deleted does not say that it is done.
    def test_folder_vanishes(self):
        run = self.launch(*SLOW)
        while not os.path.exists(self.path("out", "results.h5")) and run.poll() is None:
            time.sleep(0.01)
        time.sleep(0.2)
        shutil.rmtree(self.path("out"))
        said, _ = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 3, said)
        self.assertIn("results.h5", said)
        TABLE.append(("folder deleted during the run", 1, "exit 3 with the reason"))

    def checkpoint(self):
        folder = self.path("out", "checkpoints")
        return os.path.join(folder, max(os.listdir(folder)))

    # Verifies: whatever bit of the newest checkpoint is wrong, the run never goes on from wrong numbers.
    def test_flipped_bit(self):
        self.write("d.yaml", DECK.replace("cells: 10", "cells: 300"))
        whole = self.undisturbed()
        self.expect(4, "run", "d.yaml", "--set", "toy.steps=40", "--set", "toy.signal_at=5")
        shutil.copytree(self.path("out"), self.path("kept"))
        harmless = refused = 0
        for _ in range(5 * ROUNDS):
            shutil.rmtree(self.path("out"))
            shutil.copytree(self.path("kept"), self.path("out"))
            with open(self.checkpoint(), "r+b") as file:
                data = bytearray(file.read())
                data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
                file.seek(0)
                file.write(data)
            code, out, err = self.kroma("run", "d.yaml", "--set", "toy.steps=40", "--set", "toy.signal_at=5", "--resume")
            if code == 4:  # the run started afresh, up to its signal
                self.assertIn("none can be read", err)
                refused += 1
            elif code == 2:
                self.assertIn("damaged", err)
                refused += 1
            else:
                self.assertEqual(code, 0, out + err)
                self.assertEqual(self.bits(), whole)
                harmless += 1
        self.assertGreater(refused, 0)
        TABLE.append(("one wrong bit in a checkpoint", 5 * ROUNDS,
                      f"{refused} noticed and refused, {harmless} in unused bytes; never wrong numbers"))

    # Verifies: a checkpoint that is cut off anywhere is passed over for the one before.
    def test_truncated_checkpoint(self):
        self.write("d.yaml", DECK)
        whole = self.undisturbed()
        words = ["--set", "toy.steps=40", "--set", "toy.checkpoint_every=3"]
        for _ in range(ROUNDS):
            shutil.rmtree(self.path("out"), ignore_errors=True)
            self.expect(4, "run", "d.yaml", *words, "--set", "toy.signal_at=8")
            size = os.path.getsize(self.checkpoint())
            os.truncate(self.checkpoint(), self.random.randrange(size))
            said = self.expect(4, "run", "d.yaml", *words, "--set", "toy.signal_at=8", "--resume")  # 7, 8: the signal
            self.assertIn("is skipped", said)
            self.assertIn("(step 6)", said)
            self.expect(0, "run", "d.yaml", *words, "--set", "toy.signal_at=8", "--resume")
            self.assertEqual(self.bits(), whole)
        TABLE.append(("checkpoint cut off anywhere", ROUNDS, "named, passed over for the one before; same bits"))

    # Verifies: a results file that is cut off, or is none at all, is told as such and can be replaced.
    def test_broken_results(self):
        self.expect(0, "run", "d.yaml")
        size = os.path.getsize(self.path("out", "results.h5"))
        for length in [0, 1, *(self.random.randrange(size) for _ in range(ROUNDS))]:
            os.truncate(self.path("out", "results.h5"), length)
            self.assertRegex(self.expect(0, "status", "out").splitlines()[0], "failed")
            self.expect(0, "run", "d.yaml", "--overwrite")
        TABLE.append(("results cut off anywhere", ROUNDS + 2, "told by kroma status; replaced by --overwrite"))

    # Verifies: a deck with a wrong byte is a good deck or a mistake with its place, and never a crash.
    def test_wrong_byte_in_deck(self):
        text = DECK.encode()
        codes = {0: 0, 2: 0}
        for _ in range(20 * ROUNDS):
            data = bytearray(text)
            data[self.random.randrange(len(data))] = self.random.randrange(256)
            with open(self.path("d.yaml"), "wb") as file:
                file.write(data)
            done = subprocess.run([OPTIONS.kroma, "check", "d.yaml"], cwd=self.folder, capture_output=True, timeout=60)
            self.assertIn(done.returncode, codes, bytes(data))
            codes[done.returncode] += 1
        TABLE.append(("one wrong byte in a deck", 20 * ROUNDS, f"{codes[2]} refused with their place, {codes[0]} still decks"))

    # Verifies: a problem that the node cannot hold is refused before anything is done.
    def test_too_little_memory(self):
        said = self.expect(2, "run", "d.yaml", "--set", "toy.memory=1e15", ranks=2)
        self.assertIn("1.0 PB on each of 2 ranks", said)
        self.assertFalse(os.path.exists(self.path("out")))
        TABLE.append(("more memory than the node has", 1, "refused by the plan, exit 2"))

    # Verifies: only one of two runs gets the folder, and it ends well.
    def test_two_in_one_folder(self):
        first = self.launch(*SLOW)
        while not os.path.exists(self.path("out", "results.h5")) and first.poll() is None:
            time.sleep(0.01)
        self.assertIn("another kroma", self.expect(2, "run", "d.yaml", *SLOW, "--resume"))
        first.communicate(timeout=60)
        self.assertEqual(first.returncode, 0)
        self.bits()
        TABLE.append(("two runs in one folder", 1, "the second is refused, exit 2"))


if __name__ == "__main__":
    ended = unittest.main(argv=[sys.argv[0], *REST], verbosity=2, exit=False)
    print_table(TABLE)
    sys.exit(not ended.result.wasSuccessful())
