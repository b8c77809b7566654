# shellcheck shell=bash
# A cluster where the libraries are modules. Copy this file to <cluster>.sh and write its module names here; the
# compiler, MPI, HDF5, PETSc and Kokkos must be the ones that kroma was built with.
#
#   module load gcc openmpi hdf5/parallel petsc
#   export HDF5_USE_FILE_LOCKING=FALSE          # where the file system refuses locks
#   launch=(srun --mpi=pmix --cpu-bind=cores)   # if it is not: srun --cpu-bind=cores

PATH=$SLURM_SUBMIT_DIR/build/release/bin:$PATH
