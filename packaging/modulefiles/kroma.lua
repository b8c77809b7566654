-- A module for Lmod. Write the prefix of cmake --install here, and the modules that kroma was built with.
local prefix = "/opt/kroma"

help([[kroma solves the problem that one YAML deck describes: kroma --help, man kroma]])
whatis("Name: kroma")
whatis("Description: GP-PDEs, chromatography, diffusion couples, SDP clustering on CPUs and GPUs")

-- depends_on("gcc", "openmpi", "hdf5", "petsc")

prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
prepend_path("XDG_DATA_DIRS", pathJoin(prefix, "share"))            -- completion for bash
prepend_path("CMAKE_PREFIX_PATH", prefix)                          -- find_package(kroma)
prepend_path("PYTHONPATH", pathJoin(prefix, "share/kroma/postprocess"))
