"""Runs of gp_pde against exact solutions: the published benchmarks on 1, 2 and 3 ranks, errors against resolution, and
what is refused rather than answered."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)

INPUTS = os.path.join(HERE, "..", "..", "inputs", "gp_pde")


class Runs(support.CommandLine):
    def solve(self, deck, *sets, ranks=None, code=0):
        """Runs a deck of inputs/gp_pde with changed keys: (metrics, solution), or what was printed if `code` is not 0."""
        words = [word for one in ("output.folder=out", *sets) for word in ("--set", one)]
        printed = self.expect(code, "run", os.path.join(INPUTS, deck + ".yaml"), "--overwrite", *words, ranks=ranks)
        if code != 0:
            return printed
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            return dict(file["metrics"].attrs), file["fields/solution"][...]

    def metrics(self):
        """Of the run just made."""
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            return dict(file["metrics"].attrs)


class Benchmarks(Runs):
    """Targets of relative_l2: what a double-precision solve of each problem must reach."""

    TARGETS = {"poisson_1d_p1": 1e-9, "poisson_1d_p2": 1e-12, "poisson_1d_p5": 1e-9, "poisson_1d_p3": 1e-9, "poisson_1d_p4": 1e-8, "poisson_2d_q1": 1e-10,
               "poisson_2d_q2": 1e-9, "poisson_3d": 1e-10, "first": 1e-10, "poisson_1d_mixture": 1e-9}

    def test_errors_and_rank_counts(self):
        for deck, target in self.TARGETS.items():
            with self.subTest(deck):
                metrics, solution = self.solve(deck)
                self.assertLessEqual(metrics["relative_l2"], target)
                self.assertLessEqual(metrics["relative_l2"], 1e3 * metrics["off_grid_residual"] + 1e-9,
                                     "the off-grid residual must tell of an error")
                for ranks in (2, 3):
                    shared, other = self.solve(deck, ranks=ranks)
                    self.assertEqual(shared["iterations"], metrics["iterations"], f"{ranks} ranks")
                    self.assertLessEqual(numpy.abs(other - solution).max(), 1e-11 * numpy.abs(solution).max(),
                                         f"{ranks} ranks")
                    self.assertLessEqual(shared["relative_l2"], target)


class Equations(Runs):
    """Everything but Poisson's equation: targets of relative_l2, and rank counts for one deck of each way of solving."""

    TARGETS = {"allen_cahn_1d_a1": 1e-9, "allen_cahn_1d_a2": 1e-9, "allen_cahn_2d_r1": 1e-9, "allen_cahn_3d": 1e-9,
               "advection_2d_v1": 1e-9, "advection_2d_v1_inflow": 1e-9, "helmholtz_2d": 1e-9,
               "variable_diffusion_2d": 1e-9, "heat_2d": 1e-9, "burgers_1d": 1e-9, "wave_1d": 1e-9,
               "poisson_2d_conditions": 1e-9, "mixed_derivative_2d": 1e-9, "biharmonic_2d": 1e-9}
    SHARED = ("advection_2d_v1_inflow", "helmholtz_2d", "heat_2d", "variable_diffusion_2d", "allen_cahn_1d_a2")

    def test_errors(self):
        for deck, target in self.TARGETS.items():
            with self.subTest(deck):
                metrics, solution = self.solve(deck)
                self.assertLessEqual(metrics["relative_l2"], target)
                if deck not in self.SHARED:
                    continue
                for ranks in (2, 3):
                    shared, other = self.solve(deck, ranks=ranks)
                    self.assertLessEqual(abs(shared["iterations"] - metrics["iterations"]), 0.05 * metrics["iterations"] + 1)
                    self.assertLessEqual(numpy.abs(other - solution).max(), 1e-9 * numpy.abs(solution).max(), f"{ranks} ranks")

    def test_a_boundary_layer_of_convection(self):
        """u_t + u_x - u_xx / 50: convection over diffusion, with a nonlinearity in the gradient on top."""
        metrics, _ = self.solve(
            "heat_2d", "gp_pde.domain={x: [0, 1], t: [0, 1]}", "gp_pde.grid={x: 80, t: 60}",
            "gp_pde.equation={linear: [{d: {t: 1}}, {d: {x: 1}}, {d: {x: 2}, coefficient: -0.02}], nonlinear: 0.1*u_x^2}",
            "gp_pde.exact=sin(4*x-2*t)+exp(-t)*x^2")
        self.assertLess(metrics["relative_l2"], 1e-9)


class Resolution(Runs):
    def test_error_falls_spectrally_with_the_nodes(self):
        """Unresolved, then at rounding within a factor 1.3 of the highest frequency the nodes carry (212 of 200)."""
        self.solve("poisson_1d_p1", "gp_pde.grid.x=220", code=3)
        fine, _ = self.solve("poisson_1d_p1", "gp_pde.grid.x=260")
        self.assertLess(fine["relative_l2"], 1e-9)

    def test_order_of_a_solution_of_limited_smoothness(self):
        """|x - a|^3 has a second derivative with a kink, whose best approximation in L2 is of order 3/2: the error falls at
        least so, measured over a factor of 8 and four places of the kink (between which single errors scatter)."""
        means = []
        for nodes in (60, 480):
            errors = []
            for place in (0.3, 0.37, 0.44, 0.59):
                metrics, _ = self.solve(
                    "poisson_1d_p1", "gp_pde.domain.x=[0, 1]", "gp_pde.nodes=gauss_legendre", f"gp_pde.grid.x={nodes}",
                    f"gp_pde.exact=abs(x-{place})^3", f"gp_pde.source=6*abs(x-{place})", "gp_pde.off_grid_tolerance=0.1")
                errors.append(metrics["relative_l2"])
            means.append(numpy.exp(numpy.mean(numpy.log(errors))))
        self.assertGreater(numpy.log(means[0] / means[1]) / numpy.log(480 / 60), 1.5, means)

    def test_solutions_without_a_source(self):
        """Constants, planes and saddles solve Laplace's equation: their source is rounding, and no measure of anything."""
        for exact in ("3", "x+2*y-1", "x*y", "exp(20*x)*cos(20*y)", "1e6+sin(9*x)*sin(7*y)"):
            metrics, _ = self.solve("first", f"gp_pde.exact={exact}")
            self.assertLess(metrics["relative_l2"], 1e-9, exact)

    def test_boundary_layers_need_no_help(self):
        """A source whose frequencies along x force layers along y that no data show: the support is widened unasked."""
        metrics, _ = self.solve(
            "first", "gp_pde.exact=sin(40*pi*x)*(1-exp(-30*y))*(1-exp(-30*(1-y)))", "gp_pde.off_grid_tolerance=1e-8")
        self.assertLess(metrics["relative_l2"], 1e-8)


class Refusals(Runs):
    def assert_nothing_left(self):
        self.assertFalse(os.path.exists(self.path("out")), "a deck with a mistake must leave nothing behind")

    def test_below_nyquist(self):
        printed = self.solve("poisson_1d_p1", "gp_pde.grid.x=180", code=2)
        self.assertRegex(printed, r"poisson_1d_p1\.yaml:\d+:\d+: gp_pde\.grid: .*180 nodes.*15\.9.*at least 2\d\d nodes")
        self.assert_nothing_left()

    def test_functions_that_are_not_finite(self):
        printed = self.solve("poisson_1d_p1", "gp_pde.source=1/x", code=2, ranks=2)
        self.assertRegex(printed, r'--set gp_pde\.source: gp_pde\.source: "1/x" is inf at x = 0')
        self.assertEqual(printed.count("is inf at"), 1, "one message, not one per rank")
        self.assertFalse(os.path.exists(self.path("out", "results.h5")))
        self.solve("poisson_1d_p1", "gp_pde.boundary={x_low: log(x), x_high: 0}", code=2)

    def test_a_late_mistake_leaves_earlier_results_alone(self):
        """sqrt(x - 0.5) is nan only at nodes, not where the deck's own check looks; --overwrite must not cost the results."""
        self.solve("first")
        self.solve("first", "gp_pde.source=sqrt(x-0.001)", code=2)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)

    def test_divisions_that_gauss_nodes_miss(self):
        for source in ("1/x", "1/(x-0.5)"):
            self.assertRegex(self.solve("first", f"gp_pde.source={source}", code=2), r"gp_pde\.source: .*is inf at x = 0")

    def test_bands_that_the_nodes_do_not_carry(self):
        for bands in ("[]", "[[1000, 2000]]"):
            printed = self.solve("first", f"gp_pde.covariance={{bands: {{x: {bands}, y: [[0, 9]]}}}}", code=2)
            self.assertIn("axis x: the covariance has no frequency that the nodes carry", printed)
        self.assertFalse(os.path.exists(self.path("out", "results.h5")))

    def test_options_that_petsc_refuses(self):
        self.assertIn("PETSc does not take", self.solve("first", "solver.petsc={ksp_type: bogus}", code=2))
        self.solve("first", "solver.petsc={ksp_max_it: 1}", code=3)
        self.solve("first", "solver.petsc={ksp_monitor: true}")

    def test_check_of_a_huge_grid_answers(self):
        printed = self.expect(0, "check", os.path.join(INPUTS, "first.yaml"), "--set", "gp_pde.grid={x: 8000, y: 8000}")
        self.assertIn("8000 x 8000", printed)

    def test_an_exact_solution_of_something_else_is_said(self):
        deck = os.path.join(INPUTS, "poisson_1d_p1.yaml")
        printed = self.expect(0, "run", deck, "--set", "output.folder=out", "--set", "gp_pde.source=1", "--set",
                              "gp_pde.boundary=0", "--set", "gp_pde.exact=sin(3*x)")
        self.assertIn("either `exact` does not solve this problem", printed)

    def test_boundary_data_that_jump(self):
        printed = self.solve("poisson_2d_q2", "gp_pde.boundary={x_low: 1, x_high: 0, y_low: 0, y_high: 0}", code=2)
        self.assertRegex(printed, r"gp_pde\.boundary: the faces of x and y disagree")
        self.assert_nothing_left()

    def test_equations_without_a_kind(self):
        for equation, said in (("{linear: [{coefficient: 3}]}", "no derivative along x alone"),
                               ("{linear: [{d: {x: 1, y: 1}}]}", "no derivative along x alone"),
                               ("{linear: [{d: {x: 2}}, {d: {y: 2}, coefficient: -1}]}", "opposite signs"),
                               ("{linear: [{d: {x: 2}}, {d: {y: 2}}, {d: {x: 1, y: 1}, coefficient: 2.5}]}", "not elliptic"),
                               ("{name: diffusion, diffusivity: x - 0.5}", "vanishes or changes sign"),
                               ("{name: diffusion}", "needs the key diffusivity"),
                               ("{name: heat}", "needs an axis t"),
                               ("{name: poisson, wave_number: 3}", "has no wave_number"),
                               ("{name: poisson, linear: [{d: {x: 2}}]}", "has no linear"),
                               ("{name: poisson, nonlinear: u_z}", "no axis z"),
                               ("{name: poisson, nonlinear: heaviside(u)}", "cannot be differentiated")):
            printed = self.solve("first", f"gp_pde.equation={equation}", code=2)
            self.assertRegex(printed, rf"gp_pde\.equation.*{said}")
        self.assert_nothing_left()

    def test_faces_that_do_not_determine_one_solution(self):
        for deck, boundary, said in (
                ("first", "{all: {condition: neumann}}", "nothing fixes a constant"),
                ("poisson_2d_conditions", "{periodic: [x], all: {condition: neumann}}", "nothing fixes a constant"),
                ("first", "{x_low: 0, y_low: 0, y_high: 0}", "face x_high has 0 conditions, and the equation needs 1"),
                ("first", "{all: {condition: clamped}}", "face x_low has 2 conditions, and the equation takes 1"),
                ("biharmonic_2d", "from_exact", "face x_low has 1 condition, and the equation needs 2"),
                ("heat_2d", "{all: from_exact, t_low: none, t_high: from_exact}", "face t_low has 0 conditions"),
                ("heat_2d", "{all: from_exact, t_high: from_exact}", "t_high has 1 condition.*final face"),
                ("advection_2d_v1_inflow", "{all: from_exact, x_high: from_exact}", "x_high has 1 condition.*outflow"),
                ("advection_2d_v1_inflow", "{t_low: sin(x), x_high: sin(1-200*t)}", "face x_low has 0 conditions"),
                ("wave_1d", "{all: from_exact, t_low: from_exact, t_high: from_exact}", "face t_low has 1 condition"),
                ("first", "{all: 0, y_low: {condition: neumann, value: 1}}", "disagree where they meet"),
                ("first", "{all: 0, x_low: {slope: 1}}", "only clamped has it"),
                ("first", "{periodic: [x], x_low: 0, all: 0}", "axis x is periodic")):
            printed = self.solve(deck, f"gp_pde.boundary={boundary}", code=2)
            self.assertRegex(printed, said, boundary)
        self.assert_nothing_left()

    def test_surplus_data_that_contradict(self):
        """Data on the outflow face that the solution does not have are refused, not averaged."""
        printed = self.solve("advection_2d_v1", "gp_pde.boundary={all: from_exact, overdetermined: true, x_high: sin(1-200*t)+0.01}",
                             code=3)
        self.assertRegex(printed, r"refused: residual off the grid .* on the boundary")

    def test_a_resonance(self):
        """k^2 = 2 pi^2 is an eigenvalue of the unit square: sin(pi x) sin(pi y) can be added."""
        deck = ("helmholtz_2d", "gp_pde.grid={x: 40, y: 40}", "gp_pde.boundary=x*y", "gp_pde.exact=x*y")
        self.assertIn("at a resonance", self.solve(*deck, "gp_pde.equation.wave_number=4.442882938158366", code=3))
        near, _ = self.solve(*deck, "gp_pde.equation.wave_number=4.45", "gp_pde.source=4.45^2*x*y")
        self.assertAlmostEqual(near["resonance_distance"], 4.45**2 - 2 * numpy.pi**2, places=7)
        self.assertLess(near["relative_l2"], 1e-9)

    def test_nothing_at_all(self):
        """No source and no data: the solution is 0, and is called one."""
        metrics, solution = self.solve("first", "gp_pde.source=0", "gp_pde.boundary=0", "gp_pde.exact=0")
        self.assertEqual(numpy.abs(solution).max(), 0)
        self.assertEqual(metrics["converged"], 1)

    def test_a_nonlinearity_that_leaves_its_range(self):
        printed = self.solve("first", "gp_pde.equation={nonlinear: sqrt(u-10)}", "gp_pde.source=1", "gp_pde.boundary=0", code=3)
        self.assertRegex(printed, r"nonlinearity .* is -?nan where u = ")

    def test_axes_that_do_not_fit(self):
        for change, said in (("gp_pde.grid.y=30", "the domain has no axis y"), ("gp_pde.exact=sin(y)", "no axis y"),
                             ("gp_pde.boundary={all: 0, y_low: 1}", "no axis y"), ("gp_pde.domain.z=[0, 1]", "without axis y")):
            self.assertRegex(self.solve("poisson_1d_p1", change, code=2), said)
        self.assert_nothing_left()

    def test_functions_without_a_derivative(self):
        printed = self.solve("poisson_1d_p1", "gp_pde.exact=min(x, 1)", code=2)
        self.assertRegex(printed, r"gp_pde\.exact: cannot be differentiated")

    def test_more_ranks_than_the_problem(self):
        printed = self.solve("poisson_2d_q1", "gp_pde.domain.x=[0, 0.1]", "gp_pde.grid.x=8", code=2, ranks=9)
        self.assertRegex(printed, "9 ranks are more than the 8 nodes along x")
        self.assert_nothing_left()

    def test_a_solution_that_fails_its_check_is_kept_but_not_complete(self):
        printed = self.solve("reaction_2d", "gp_pde.off_grid_tolerance=1e-12", code=3)
        self.assertRegex(printed, "refused: residual off the grid")
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 0)
            self.assertIn("solution", file["fields"])


class Mistakes(support.CommandLine):
    DECK = """problem: gp_pde
titel: Ten mistakes

gp_pde:
  domain: {x: [0, 2*pi], y: [1, 0]}
  grid:   {x: -4, y: 20.5}
  nodes:  unifrom
  equaton: poisson
  source: "sin(100*x"
  exact: "foo(x)"
  off_grid_tolerance: 1e-6 kg
solver: {rtol: abc}
output: {folder: out}
"""

    def test_ten_mistakes_at_their_places(self):
        self.write("ten.yaml", self.DECK)
        printed = self.expect(2, "check", "ten.yaml")
        places = ["2:1: titel: ", "5:29: gp_pde.domain.y: ", "6:15: gp_pde.grid.x: ", "6:22: gp_pde.grid.y: ",
                  "7:11: gp_pde.nodes: ", "8:3: gp_pde.equaton: ", "9:21: gp_pde.source: ", "10:11: gp_pde.exact: ",
                  "11:23: gp_pde.off_grid_tolerance: ", "12:16: solver.rtol: "]
        for line, place in zip(printed.splitlines(), places):
            self.assertTrue(line.startswith("ten.yaml:" + place), f"{line}\nshould start with {place}")
        self.assertIn("10 mistakes; nothing was run", printed)


class StopAndGoOn(Runs):
    def fields(self, folder):
        with h5py.File(self.path(folder, "results.h5"), "r") as file:
            return file.attrs["complete"], file["metrics"].attrs["iterations"], file["fields/solution"][...]

    def test_resumed_is_the_same_to_the_last_bit(self):
        deck = os.path.join(INPUTS, "poisson_2d_q2.yaml")
        self.expect(0, "run", deck, "--set", "output.folder=whole", ranks=2)
        self.expect(4, "run", deck, "--set", "output.folder=halves", "--stop-after", "1e-9 s", ranks=2)
        with h5py.File(self.path("halves", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 0)
        self.expect(0, "run", deck, "--set", "output.folder=halves", "--resume", ranks=2)
        whole, halves = self.fields("whole"), self.fields("halves")
        self.assertEqual(halves[:2], whole[:2])
        self.assertTrue(numpy.array_equal(halves[2], whole[2]), "same ranks, same bits")

    def test_on_another_number_of_ranks(self):
        deck = os.path.join(INPUTS, "poisson_3d.yaml")
        smaller = ("--set", "gp_pde.grid={x: 50, y: 50, z: 50}")
        self.expect(0, "run", deck, "--set", "output.folder=whole", *smaller, ranks=2)
        self.expect(4, "run", deck, "--set", "output.folder=halves", "--stop-after", "1e-9 s", *smaller, ranks=2)
        self.expect(0, "run", deck, "--set", "output.folder=halves", "--resume", *smaller, ranks=3)
        whole, halves = self.fields("whole")[2], self.fields("halves")[2]
        self.assertLess(numpy.abs(halves - whole).max(), 1e-11 * numpy.abs(whole).max())


if __name__ == "__main__":
    support.main()
