"""Commands that start no solve: their output, messages and exit codes."""

import json
import os

from support import DECK, CommandLine, main


class Words(CommandLine):
    """What the command line makes of its words."""

    # Verifies: every command is in the help, with the promised exit codes; help is no mistake.
    def test_help_names_everything(self):
        text = self.expect(0, "--help")
        for word in ["run", "check", "show", "problems", "cases", "status", "--version", "Exit: 0 done"]:
            self.assertIn(word, text)
        run_help = self.expect(0, "run", "--help")
        for word in ["--set", "--case", "--resume", "--overwrite", "--stop-after", "--quiet", "--verbose"]:
            self.assertIn(word, run_help)

    # Verifies: a slip of the keyboard ends with 2 and the word that was meant.
    def test_slips(self):
        self.assertIn("did you mean 'check'?", self.expect(2, "chekc", "x.yaml"))
        self.assertIn("did you mean '--overwrite'?", self.expect(2, "run", "x.yaml", "--overwite"))
        self.assertIn("did you mean '--ranks'?", self.expect(2, "check", "x.yaml", "--rank", "3"))

    # Verifies: missing, surplus, contradictory and mistyped words end with 2.
    def test_wrong_words(self):
        for words in [(), ("run",), ("check",), ("check", "a", "b"), ("run", "a", "--resume", "--overwrite"),
                      ("run", "a", "-q", "-v"), ("run", "a", "--case", "three"), ("check", "a", "--ranks", "0"),
                      ("problems", "toy", "--as", "html"), ("run", "a", "--stop-after", "2 m"),
                      ("run", "a", "--stop-after", "0 s"), ("--versoin",)]:
            with self.subTest(words=words):
                self.expect(2, *words)

    # Verifies: the version names the libraries and where kernels run.
    def test_version(self):
        text = self.expect(0, "--version")
        for word in ["kroma 0.", "commit", "PETSc", "HDF5", "Kokkos", "MPI"]:
            self.assertIn(word, text)


class Check(CommandLine):
    # Verifies: a good deck is told its sizes and memory, and nothing is written.
    def test_good_deck(self):
        self.write("d.yaml", DECK)
        text = self.expect(0, "check", "d.yaml", "--ranks", "4")
        self.assertIn("Decay on 10 cells", text)
        self.assertIn("4 ranks", text)
        self.assertIn("no mistakes", text)
        self.assertEqual(os.listdir(self.folder), ["d.yaml"])

    # Verifies: ten mistakes of every kind are all told at once, each with its place, sorted by it.
    def test_ten_mistakes(self):
        self.write("d.yaml", "\n".join([
            "problem: toy",
            "titel: oops",                 # 1 unknown, at the top
            "toy:",
            "  cels: 3",                   # 2 unknown
            "  steps: 0",                  # 3 too small
            "  length: -1 m",              # 4 too small
            "  fail_at: soon",             # 5 not a number
            "  fail_at: 3",                # 6 repeated
            "  cells: [1, 2]",             # 7 not a list
            "  mistake_at: 1.5",           # 8 not a whole number
            "  signal_at: {a: 1}",         # 9 not a map
            "output: {}",                  # 10 folder is missing
            ""]))
        code, out, err = self.kroma("check", "d.yaml")
        self.assertEqual(code, 2)
        self.assertEqual(out, "")
        places = [line.split(": ")[0] for line in err.splitlines() if line.startswith("d.yaml:")]
        lines = [int(place.split(":")[1]) for place in places]
        self.assertEqual(lines, [2, 4, 5, 6, 7, 8, 9, 10, 11, 12], err)
        self.assertIn("10 mistakes; nothing was run", err)
        self.assertIn("did you mean 'cells'?", err)

    # Verifies: the family must be there and known.
    def test_which_problem(self):
        self.write("none.yaml", "output: {folder: x}\n")
        self.assertIn("problem", self.expect(2, "check", "none.yaml"))
        self.write("slip.yaml", "problem: toi\n")
        text = self.expect(2, "check", "slip.yaml")
        self.assertIn("slip.yaml:1:", text)
        self.assertIn("did you mean 'toy'?", text)

    # Verifies: --set changes the deck, and a mistake in it is told as such.
    def test_set(self):
        self.write("d.yaml", DECK)
        self.assertIn("Decay on 77 cells", self.expect(0, "check", "d.yaml", "--set", "toy.cells=77"))
        self.assertIn("--set toy.cels", self.expect(2, "check", "d.yaml", "--set", "toy.cels=77"))
        self.expect(2, "check", "d.yaml", "--set", "toy.cells")

    # Verifies: a deck from standard input, a deck that is not there, and a folder for a deck.
    def test_where_decks_come_from(self):
        self.assertIn("Decay on 10 cells", self.expect(0, "check", "-", text=DECK))
        self.assertIn("absent.yaml", self.expect(2, "check", "absent.yaml"))
        self.expect(2, "check", ".")

    # Verifies: what `show` prints is itself a deck that means the same, with the defaults filled in, in SI.
    def test_show_is_a_deck(self):
        self.write("d.yaml", DECK)
        shown = self.expect(0, "show", "d.yaml", "--set", "toy.length=25 cm")
        self.assertIn("length: 0.25", shown)
        self.assertIn("fail_at: -1", shown)
        self.assertEqual(self.expect(0, "show", "-", text=shown), shown)


class Problems(CommandLine):
    # Verifies: families and their keys, in three forms; JSON Schema is JSON.
    def test_three_forms(self):
        self.assertIn("toy", self.expect(0, "problems"))
        self.assertIn("Cells along the line", self.expect(0, "problems", "toy"))
        self.assertIn("| ", self.expect(0, "problems", "toy", "--as", "markdown"))
        schema = json.loads(self.expect(0, "problems", "toy", "--as", "json-schema"))
        self.assertIn("toy", schema["properties"])
        self.assertIn("did you mean 'toy'?", self.expect(2, "problems", "tyo"))


class Studies(CommandLine):
    def setUp(self):
        super().setUp()
        self.write("d.yaml", DECK)
        self.write("studies/s.yaml", "deck: ../d.yaml\nvary: {toy.cells: [5, 6], toy.steps: [1, 2]}\n")

    # Verifies: a line per case with a folder of its own.
    def test_cases(self):
        lines = self.expect(0, "cases", "studies/s.yaml").splitlines()
        self.assertEqual(len(lines), 4)
        self.assertEqual(len({line.split()[1] for line in lines}), 4)
        self.assertIn("toy.cells=5", lines[0])
        self.expect(2, "cases", "d.yaml")

    # Verifies: all cases are checked, and one bad case spoils the study.
    def test_check(self):
        self.assertIn("4 cases, no mistakes", self.expect(0, "check", "studies/s.yaml"))
        self.write("studies/bad.yaml", "deck: ../d.yaml\nvary: {toy.cells: [5, 0]}\n")
        self.assertIn("case ", self.expect(2, "check", "studies/bad.yaml"))

    # Verifies: a case must be one that the study has; a deck has none.
    def test_which_case(self):
        self.assertIn("99", self.expect(2, "run", "studies/s.yaml", "--case", "99"))
        self.expect(2, "run", "d.yaml", "--case", "1")
        self.assertFalse(os.path.exists(self.path("out")))


if __name__ == "__main__":
    main()
