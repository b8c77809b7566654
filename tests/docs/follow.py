"""Follow a tutorial: write its files, run its commands, look at its picture.

    follow.py TUTORIAL --kroma PROGRAM [--update]

Fenced blocks are what the reader is told to do, in order: `yaml NAME` and other blocks with a name are files to write, `sh`
blocks are commands, which must end with 0 (`sh fails with N`: with N), and `python` blocks are run as they stand. After a
picture, `<!-- picture: FILE -->` names the file that the commands made: it must look like the picture that is shown.
--update replaces the picture by the one that was made.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import matplotlib.image
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.M | re.S)
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)\n<!-- picture: (\S+) -->")
# Mean difference of two pictures in grey values from 0 to 1, in tiles of a hundredth of their size: other fonts and line
# ends, or what is nothing but rounding errors, move it to about 0.01, another curve beyond this.
MOST_DIFFERENCE = 0.02


def run(command, folder, environment, code):
    """One block of commands, as the reader would paste it."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    print(done.stdout + done.stderr)
    if done.returncode != code:
        sys.exit(f"{command[-1]}\nended with {done.returncode}, not {code}")


def follow(text, folder, kroma):
    environment = dict(os.environ, PATH=f"{kroma.parent}{os.pathsep}{os.environ['PATH']}", MPLBACKEND="Agg",
                       PYTHONDONTWRITEBYTECODE="1")
    count = 0
    for language, words, body in BLOCK.findall(text):
        words = words.strip()
        print(f"== {language} {words}")
        if language == "sh":
            failing = re.fullmatch(r"fails with (\d+)", words)
            if words and not failing:
                sys.exit(f"'{words}': a block of commands is `sh` or `sh fails with N`")
            body = body.replace("$PWD/build/release/bin:", "")  # the program under test is on the path already
            run(["bash", "-euc", body.replace("python3 ", "/usr/bin/python3 ")], folder, environment,
                int(failing[1]) if failing else 0)
        elif language == "python":
            run(["/usr/bin/python3", "-c", body], folder, environment, 0)
        elif words:
            (folder / words).write_text(body, encoding="utf-8")
        count += 1
    return count


def tiles(path, count=100):
    """Mean grey values of a picture on a coarse raster, whatever its size."""
    grey = matplotlib.image.imread(path)[..., :3].mean(axis=2)
    for axis in (0, 1):
        edges = np.linspace(0, grey.shape[axis], count + 1).astype(int)
        sums = np.add.reduceat(grey, edges[:-1], axis=axis)
        grey = sums / np.expand_dims(np.diff(edges), 1 - axis)
    return grey


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tutorial", type=pathlib.Path)
    parser.add_argument("--kroma", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    text = options.tutorial.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part in ("postprocess", "inputs"):
            (folder / part).symlink_to(ROOT / part)
        count = follow(text, folder, options.kroma.resolve())
        pictures = PICTURE.findall(text)
        if not count or not pictures:
            sys.exit(f"{options.tutorial}: has nothing to do or no picture")
        for shown, made in pictures:
            shown = options.tutorial.parent / shown
            if options.update:
                shutil.copy(folder / made, shown)
                continue
            apart = np.abs(tiles(shown) - tiles(folder / made)).mean()
            print(f"{shown.name} and {made} differ by {apart:.4f}")
            if not apart <= MOST_DIFFERENCE:
                sys.exit(f"{shown} does not look like {made}: remake it with --update")
    print(f"{count} blocks, {len(pictures)} pictures")


if __name__ == "__main__":
    main()
