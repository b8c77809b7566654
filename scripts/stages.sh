# shellcheck shell=bash
# Sourced by quickstart and test: stages that print one line each and keep their whole output in one log.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=release

# open_log NAME: an empty build/NAME.log takes the output of all stages; everything runs from the checkout's root.
open_log() {
  cd "$root" || exit
  mkdir -p build
  log=build/$1.log
  : >"$log"
}

elapsed() {
  local seconds=$1
  if ((seconds < 60)); then printf '%d s' "$seconds"; else printf '%d min %02d s' $((seconds / 60)) $((seconds % 60)); fi
}

# stage TITLE COMMAND...: runs COMMAND; if it fails, shows its last lines, says where all of them are, and ends the script.
stage() {
  local title=$1 started=$SECONDS code
  shift
  printf '%-42s' "$title ..."
  printf '\n== %s: %s\n' "$title" "$*" >>"$log"
  if "$@" >>"$log" 2>&1 </dev/null; then
    elapsed $((SECONDS - started))
    printf '\n'
  else
    code=$?
    printf 'failed after %s\n' "$(elapsed $((SECONDS - started)))"
    tail -n 25 "$log" | sed 's/^/  | /' >&2
    printf '%s failed (exit code %d); the whole output is in %s\n' "$title" "$code" "$root/$log" >&2
    exit "$code"
  fi
}

# One compiler per core, but not more than memory allows: a C++ file of this project takes up to 1.5 GB.
build_jobs() {
  local cores memory_jobs
  cores=$(nproc)
  memory_jobs=$(awk '/^MemAvailable/ {jobs = int($2 / 1.5e6); print (jobs < 1 ? 1 : jobs)}' /proc/meminfo)
  echo $((cores < memory_jobs ? cores : memory_jobs))
}

install_and_build() {
  stage "Looking for missing packages" scripts/dependencies
  stage "Configuring ($preset)" cmake --preset "$preset"
  stage "Building on $(build_jobs) cores" cmake --build --preset "$preset" --parallel "$(build_jobs)"
}

# What Open MPI wants to be told when it runs as root (in a container) or with more ranks than cores.
mpi_environment() {
  if ((EUID == 0)); then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export OMPI_MCA_btl_vader_single_copy_mechanism=none # containers forbid reading another process's memory
  fi
  if (($(nproc) < 2)); then
    export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
  fi
}
