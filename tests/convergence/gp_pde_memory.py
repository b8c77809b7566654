"""What gp_pde plans to allocate against what its processes have allocated, counted block by block, at the peak of a run."""

import glob
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from gp_pde import INPUTS, Runs, support  # noqa: E402  (their folder is known only now)

COUNTER = os.environ.get("KROMA_COUNT_ALLOCATIONS", "")
UNITS = {"kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
TINY = ("poisson_1d_p1", "gp_pde.grid={x: 40}", "gp_pde.nodes=gauss_legendre", "gp_pde.exact=x^2")
LARGE = "gp_pde.grid={x: 1024, y: 1024, z: 1024}"


def grid(**nodes):
    return "gp_pde.grid={%s}" % ", ".join(f"{axis}: {n}" for axis, n in nodes.items())


class Memory(Runs):
    def words(self, deck, *sets):
        return (os.path.join(INPUTS, deck + ".yaml"), *(word for one in sets for word in ("--set", one)))

    def printed(self, deck, *sets, ranks=1):
        """Bytes per rank by `kroma check`."""
        text = self.expect(0, "check", *self.words(deck, *sets), "--ranks", str(ranks))
        amount, unit = re.search(r"^memory +([\d.]+) (\w+) on each", text, re.M).groups()
        return float(amount) * UNITS[unit]


@unittest.skipUnless(COUNTER, "sanitizers have an allocator of their own")
class Counted(Memory):
    """The fullest rank's peak, less what a tiny problem has, over the plan for the bases that were found."""

    BAND = (0.9, 1.25)
    CUBE = grid(x=110, y=100, z=90)
    CASES = (  # in one to three dimensions; each way of solving
        (1, "poisson_1d_p1", grid(x=1200)),
        (1, "poisson_1d_p3_evidence", grid(x=700)),
        (1, "poisson_2d_q1", grid(x=1000, y=900)),
        (2, "poisson_2d_q1", grid(x=1000, y=900)),
        (1, "helmholtz_2d", grid(x=500, y=480)),
        (2, "variable_diffusion_2d", grid(x=600, y=500)),
        (1, "allen_cahn_2d_r1"),
        (2, "advection_2d_v1", grid(x=300, t=300)),
        (1, "poisson_2d_variance", grid(x=450, y=440), "gp_pde.uncertainty={noise: 1e-3, method: samples, samples: 4}"),
        (1, "poisson_2d_variance", grid(x=60, y=56), "gp_pde.covariance.components={x: [{weight: 1, scale: 0.15}], "
         "y: [{weight: 1, scale: 0.15}]}"),
        (1, "variable_diffusion_2d", grid(x=450, y=440), "output.fields=[solution, variance]",
         "gp_pde.uncertainty={noise: 1, method: samples, samples: 2}"),
        (1, "poisson_3d", CUBE),
        (2, "poisson_3d", CUBE),
        (1, "poisson_3d", CUBE, "solver.core_precision=single"),
        (1, "regression_2d", grid(x=800, y=700), "gp_pde.observations.sample={x: 300, y: 200}",
         "gp_pde.covariance.learn_iterations=1"),
    )

    def peak(self, deck, *sets, ranks=1):
        """Most bytes that a rank had at once."""
        counts = self.path("peak")
        for path in glob.glob(counts + ".*"):
            os.remove(path)
        program = support.OPTIONS.kroma
        support.OPTIONS.kroma = "env"  # set for the ranks alone, not for what launches them
        try:
            self.expect(0, f"LD_PRELOAD={COUNTER}", f"KROMA_PEAK={counts}", program, "run",
                        *self.words(deck, *sets, "output.folder=out"), "--overwrite", ranks=ranks)
        finally:
            support.OPTIONS.kroma = program
        return max(int(open(path, encoding="ascii").read()) for path in glob.glob(counts + ".*"))

    def test_plan_is_what_is_used(self):
        program = {ranks: self.peak(*TINY, ranks=ranks) for ranks in (1, 2)}
        nothing = self.printed(*TINY)
        for ranks, deck, *sets in self.CASES:
            with self.subTest(f"{deck} {sets} on {ranks}"):
                used = self.peak(deck, *sets, ranks=ranks) - program[ranks]
                bound = self.printed(deck, *sets, ranks=ranks) - nothing
                planned = self.metrics().get("planned_memory_bytes_per_rank", bound)
                print(f"{deck:24} {ranks}: planned {planned / 1e6:6.1f} MB, used {used / 1e6:6.1f} MB, ratio "
                      f"{planned / used:.2f}; check says at most {bound / 1e6:6.1f} MB {' '.join(sets)}")
                self.assertGreaterEqual(planned / used, self.BAND[0])
                self.assertLessEqual(planned / used, self.BAND[1])
                self.assertGreaterEqual(bound, 0.9 * used, "what kroma check prints is never exceeded")


class Resident(Memory):
    def test_printed_memory_covers_what_is_resident(self):
        for ranks, layout in ((1, "slab"), (4, "pencil")):
            sets = (Counted.CUBE, f"solver.layout={layout}")
            metrics, _ = self.solve("poisson_3d", *sets, ranks=ranks)
            self.assertGreaterEqual(self.printed("poisson_3d", *sets, ranks=ranks), metrics["memory_bytes"] / ranks)


class Billion(Memory):
    """1024^3 nodes: what they take is known in a moment, and a machine without it does not start."""

    def test_memory_of_1024_cubed(self):
        alone = self.printed("poisson_3d_256", LARGE)
        # source and residual on the nodes; r = 768 at most, on the core seven vectors; a workspace of either size
        self.assertGreater(alone, 8 * (2 * 1024**3 + 7 * 768**3))
        self.assertLess(alone, 8 * (5 * 1024**3 + 20 * 768**3))
        self.assertLess(self.printed("poisson_3d_256", LARGE, ranks=64), 0.05 * alone)

    def test_a_node_without_it_refuses(self):
        here = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if here >= self.printed("poisson_3d_256", LARGE):
            self.skipTest("this node has the memory")
        said = self.expect(2, "run", *self.words("poisson_3d_256", LARGE, "output.folder=out"))
        self.assertRegex(said, r"needs .* GB on each of 1 ranks .* and the node has")
        self.assertFalse(os.path.exists(self.path("out")))


if __name__ == "__main__":
    support.main()
