# shellcheck shell=bash
# What the job scripts share: threads for each rank, how ranks are started, what is checked first, and what becomes of a job
# that stopped early.

export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1} SRUN_CPUS_PER_TASK=${SLURM_CPUS_PER_TASK:-1}
export OMP_PROC_BIND=close OMP_PLACES=cores
[[ -v launch ]] || launch=(srun --cpu-bind=cores)   # a site may have set it

# end_or_requeue CODE: 4 means stopped early with the state saved; anything else is the job's own exit code.
end_or_requeue() {
  if (($1 == 4)); then
    scontrol requeue "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}"
  fi
  exit "$1"
}

# changes_in ARGUMENTS OF kroma run: sets `changes` to the --set ones, so that `kroma check` sees the deck that will run.
changes_in() {
  local word is_change=0
  changes=()
  for word in "$@"; do
    if [[ $word == -* ]]; then
      is_change=0
      [[ $word == --set || $word == --set=* ]] && is_change=1
    fi
    ((is_change)) && changes+=("$word")
  done
  return 0
}
