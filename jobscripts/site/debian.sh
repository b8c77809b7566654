# shellcheck shell=bash
# Nodes that run Debian or Ubuntu with the packages of scripts/dependencies.

export HDF5_USE_FILE_LOCKING=FALSE              # the results folder may be on a network file system
export OMPI_MCA_btl_vader_single_copy_mechanism=none
launch=(srun --mpi=pmix)                        # Debian's Open MPI and slurm-wlm meet in PMIx
PATH=$SLURM_SUBMIT_DIR/build/release/bin:$PATH
