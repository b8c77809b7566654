# A Spack recipe: put this folder into a repository of yours (spack repo create), then: spack install kroma
from spack.package import *


class Kroma(CMakePackage, CudaPackage):
    """Distributed solver for GP-PDEs, chromatography, diffusion couples and SDP clustering: one YAML deck in, one
    self-describing HDF5 file out."""

    maintainers = []
    license("BSD-3-Clause")

    version("main", branch="main")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.24:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi")
    depends_on("hdf5@1.10: +mpi +hl")
    depends_on("petsc@3.18: +mpi ~complex")
    depends_on("slepc@3.18:")
    depends_on("kokkos@3.4:")
    depends_on("kokkos@4.6: +cuda +cuda_lambda", when="+cuda")
    depends_on("lapack")
    depends_on("netlib-lapack +lapacke", when="^[virtuals=lapack] netlib-lapack")
    depends_on("yaml-cpp@0.7:")
    depends_on("fmt@9:")
    depends_on("cli11@2.2:")
    depends_on("muparser@2.3:")
    depends_on("ginac@1.8:")
    depends_on("python@3.9:", type="run")
    depends_on("py-h5py", type="run")
    depends_on("py-numpy", type="run")
    depends_on("py-matplotlib", type="run")

    generator("ninja")

    def cmake_args(self):
        arguments = [self.define("KROMA_BUILD_TESTS", False), self.define("KROMA_BUILD_BENCHMARKS", False)]
        if self.spec.satisfies("+cuda"):
            arguments.append(self.define("KROMA_REQUIRE_DEVICE", "CUDA"))
        return arguments
