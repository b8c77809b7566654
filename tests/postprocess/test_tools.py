"""collect.py, compare.py, xdmf.py, report.py and the pictures of a study."""

import contextlib
import csv
import html.parser
import io
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

import h5py
import numpy as np

import collect
import compare
import plot
import report
import synthetic
import xdmf
from results import open_results


def call(main, *arguments):
    """Exit code, standard output and standard error of a command."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = main(list(arguments))
    return code, out.getvalue(), error.getvalue()


class Tools(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, *names):
        return os.path.join(self.folder, *names)


class Studies(Tools):
    def setUp(self):
        super().setUp()
        synthetic.write_study(self.path("study.h5"), grids=[10, 20, 40], kinds=["a", "b"], failed=[2])
        os.mkdir(self.path("case_0001"))
        synthetic.write(self.path("case_0001", "results.h5"), (5, 4))

    # Verifies: a row per case with what changed and what came of it, and numbers from the cases' own files.
    def test_table(self):
        output = self.path("table.csv")
        code, _, error = call(collect.main, self.folder, "--metric", "fields/solution:max", "--metric",
                              "tables/spectrum:weight:sum", "--metric", "tables/spectrum:colour:sum", "--output", output)
        self.assertEqual(code, 0, error)
        with open(output, encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 6)
        self.assertEqual([row["status"] for row in rows], ["done", "failed"] + 4 * ["done"])
        self.assertEqual(float(rows[4]["toy.grid"]), 40)
        self.assertEqual(rows[1]["relative_l2"], "nan")
        with h5py.File(self.path("case_0001", "results.h5")) as file:
            self.assertEqual(float(rows[0]["fields/solution:max"]), file["fields/solution"][()].max())
            self.assertEqual(float(rows[0]["tables/spectrum:weight:sum"]), file["tables/spectrum"]["weight"].sum())
        self.assertEqual(rows[0]["tables/spectrum:colour:sum"], "nan")
        self.assertEqual(rows[1]["fields/solution:max"], "nan")

    # Verifies: one run is no study; a word that is no reduction is refused with those that are.
    def test_mistakes(self):
        code, _, error = call(collect.main, self.path("case_0001"))
        self.assertEqual((code, "not a study" in error), (2, True))
        code, _, error = call(collect.main, self.folder, "--metric", "fields/solution:median")
        self.assertEqual((code, "mean" in error), (2, True))

    # Verifies: the pictures fit what was varied.
    def test_pictures(self):
        names = [os.path.basename(name) for name in plot.draw(self.folder)]
        self.assertEqual(names, ["parallel.png", "heat_map.png"])
        synthetic.write_study(self.path("study.h5"), grids=[10, 20, 40], kinds=["a"])
        self.assertEqual([os.path.basename(name) for name in plot.draw(self.folder)], ["parallel.png", "curve.png"])


class Compare(Tools):
    def setUp(self):
        super().setUp()
        for name in ("a.h5", "b.h5"):
            synthetic.write(self.path(name), (6, 5))

    def compare(self, *options):
        return call(compare.main, self.path("a.h5"), self.path("b.h5"), *options)

    # Verifies: equal files are equal, whatever they cost.
    def test_same(self):
        with h5py.File(self.path("b.h5"), "a") as file:
            file["metrics"].attrs["wall_seconds"] = 1e9
        self.assertEqual(self.compare()[0], 0)

    # Verifies: one number that differs is found and named; a tolerance lets it pass.
    def test_one_number(self):
        with h5py.File(self.path("b.h5"), "a") as file:
            field = file["fields/solution"]
            field[2, 3] += 1e-5 * np.abs(field[()]).max()
        code, out, _ = self.compare()
        self.assertEqual(code, 1)
        self.assertRegex(out, r"1\.000e-05  fields/solution\n1 of")
        self.assertEqual(self.compare("--tolerance", "1e-4")[0], 0)

    # Verifies: NaN where the other has a number, a missing dataset and another shape are differences, not accidents.
    def test_what_is_not_there(self):
        with h5py.File(self.path("b.h5"), "a") as file:
            file["fields/solution"][0, 0] = np.nan
            del file["fields/error"]
        code, out, _ = self.compare()
        self.assertEqual(code, 1)
        self.assertIn("inf  fields/solution", out)
        self.assertIn("inf  fields/error", out)
        synthetic.write(self.path("b.h5"), (6, 7))
        self.assertIn("inf  fields/solution", self.compare()[1])

    # Verifies: what is no results file cannot be compared.
    def test_impossible(self):
        os.remove(self.path("b.h5"))
        self.assertEqual(self.compare()[0], 2)


def read_item(element, folder):
    """What a reader of XDMF gets from a DataItem: a whole array of the file, or a box of it."""
    boxed = element.get("ItemType") == "HyperSlab"
    selection, source = element if boxed else (None, element)
    file, path = source.text.split(":")
    with h5py.File(os.path.join(folder, file)) as opened:
        data = opened[path]
        if boxed:
            assert data.shape == tuple(map(int, source.get("Dimensions").split()))
            start, stride, count = np.array(selection.text.split(), int).reshape(3, -1)
            data = data[tuple(slice(b, b + n * s, s) for b, s, n in zip(start, stride, count))]
        return np.reshape(data, tuple(map(int, element.get("Dimensions").split())))


class Xdmf(Tools):
    def described(self):
        code, out, error = call(xdmf.main, self.path("results.h5"))
        self.assertEqual(code, 0, error)
        return xml.parse(out.strip()).getroot()

    # Verifies: a reader finds each field's own numbers, on a grid of its size, with ParaView's order of axes.
    def test_plane(self):
        synthetic.write(self.path("results.h5"), (6, 5))
        root = self.described()
        self.assertEqual(root.find(".//Topology").get("Dimensions"), "1 6 5")
        origins = [item.text for item in root.find(".//Geometry")]
        self.assertEqual(origins, ["results.h5:/grid/y", "results.h5:/grid/x", "0"])
        with h5py.File(self.path("results.h5")) as file:
            for attribute in root.iter("Attribute"):
                values = read_item(attribute[0], self.folder)
                np.testing.assert_array_equal(values[0], file["fields"][attribute.get("Name")][()])

    # Verifies: frames in time become a series, species one array each.
    def test_frames(self):
        synthetic.write_frames(self.path("results.h5"), times=[0, 1.5, 4], points=7, species=2)
        root = self.described()
        self.assertEqual([time.get("Value") for time in root.iter("Time")], ["0.0", "1.5", "4.0"])
        attributes = list(root.iter("Attribute"))
        self.assertEqual([a.get("Name") for a in attributes[:2]], ["concentration_1", "concentration_2"])
        with h5py.File(self.path("results.h5")) as file:
            values = read_item(attributes[3][0], self.folder)
            np.testing.assert_array_equal(values[0, 0], file["fields/concentration"][1, :, 1])

    # Verifies: nothing to draw is a mistake, not an empty file.
    def test_no_field(self):
        synthetic.write_study(self.path("results.h5"), grids=[1], kinds=["a"])
        self.assertEqual(call(xdmf.main, self.path("results.h5"))[0], 2)


class WellFormed(html.parser.HTMLParser):
    """Complains of tags that are not closed in order."""

    EMPTY = {"meta", "img", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


class Report(Tools):
    def page(self, path):
        code, out, error = call(report.main, path, "--output", self.path("report.html"))
        self.assertEqual(code, 0, error)
        with open(out.strip(), encoding="utf-8") as file:
            return file.read()

    # Verifies: the page is whole, holds its pictures and needs nothing from elsewhere; what the user wrote is text.
    def test_run(self):
        synthetic.write(self.path("results.h5"), (9, 8))
        with h5py.File(self.path("results.h5"), "a") as file:
            synthetic.text(file, "title", "<b>1 & 2</b>")
        text = self.page(self.folder)
        parser = WellFormed()
        parser.feed(text)
        self.assertEqual(parser.open, [])
        self.assertEqual(parser.seen.count("img"), 3)
        self.assertNotRegex(text, r"(src|href)=\"(?!data:)")
        self.assertIn("<h1>&lt;b&gt;1 &amp; 2&lt;/b&gt;</h1>", text)
        self.assertIn("complete", text)

    # Verifies: a study's page shows its table; a run that did not finish says so.
    def test_study_and_incomplete(self):
        synthetic.write_study(self.path("study.h5"), grids=[10, 20], kinds=["a", "b"], failed=[2])
        text = self.page(self.folder)
        self.assertIn("gave up", text)
        self.assertRegex(text, r"<td class=\"number\">20</td>")
        synthetic.write(self.path("results.h5"), (9,), complete=0)
        with self.assertWarns(UserWarning):
            with open_results(self.path("results.h5")) as run:
                self.assertIn("incomplete", report.page(run))

    # Verifies: a real browser shows the headline and all pictures, each as wide as the page.
    @unittest.skipUnless(shutil.which("chromium"), "no chromium here: the page is not looked at by a browser")
    def test_in_a_browser(self):
        synthetic.write(self.path("results.h5"), (9, 8))
        text = self.page(self.folder)
        probe = ("<script>onload=()=>{document.title=[...document.images].map(i=>i.complete&&i.naturalWidth>300&&"
                 "Math.abs(i.clientWidth-i.closest('body').clientWidth)<100).join()}</script>")
        with open(self.path("report.html"), "w", encoding="utf-8") as file:
            file.write(text.replace("</body>", probe + "</body>"))
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   f"--user-data-dir={self.path('browser')}", "--virtual-time-budget=5000", "--dump-dom"]
        shown = subprocess.run(["chromium", *options, "file://" + self.path("report.html")], capture_output=True,
                               text=True, timeout=100).stdout
        self.assertEqual(re.search("<title>(.*?)</title>", shown)[1], "true,true,true")


if __name__ == "__main__":
    unittest.main()
