"""The job scripts under SLURM: a job, an array, a study, and a job that its time limit stops and that then goes on.

Starts munged, slurmctld and slurmd of its own in a folder of its own, on ports of its own, and stops them. Ends with 77
(skipped) where that is not possible. What SLURM said is printed when a test fails, and always with --log FILE.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import h5py

parser = argparse.ArgumentParser()
parser.add_argument("--kroma", required=True, help="the program, with the toy family")
parser.add_argument("--jobscripts", required=True, help="folder of the job scripts")
parser.add_argument("--log", help="copy the controller's log and all job logs here")
OPTIONS, REST = parser.parse_known_args()

DAEMONS = ("munged", "slurmctld", "slurmd")
SKIPPED = 77
DECK = "problem: toy\ntitle: A decay in the queue\ntoy: {cells: 6, steps: 4}\noutput: {folder: out}\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find(program):
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


class Controller:
    """A SLURM of one node, this one, with all state in `folder`."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.host = socket.gethostname().split(".")[0]
        for name in ("state", "spool", "munge"):
            os.mkdir(os.path.join(folder, name), 0o755)
        self.configuration = os.path.join(folder, "slurm.conf")
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(self._configuration())
        os.environ["SLURM_CONF"] = self.configuration

    def _configuration(self):
        return f"""ClusterName=kroma
SlurmctldHost={self.host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={self.folder}/munge/socket
CredType=cred/munge
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/slurmd.pid
SlurmctldLogFile={self.folder}/slurmctld.log
SlurmdLogFile={self.folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=2
KillWait=5
MinJobAge=600
NodeName={self.host} NodeAddr=127.0.0.1 CPUs={max(2, os.cpu_count())} State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
"""

    def start(self):
        """Raises RuntimeError if the node does not come up."""
        with open(f"{self.folder}/munge/key", "wb") as key:
            key.write(os.urandom(1024))
        os.chmod(f"{self.folder}/munge/key", 0o400)
        self._spawn("munged", "--foreground", "--force", f"--socket={self.folder}/munge/socket",
                    f"--key-file={self.folder}/munge/key", f"--pid-file={self.folder}/munge/pid",
                    f"--seed-file={self.folder}/munge/seed", f"--log-file={self.folder}/munge/log")
        self._wait(lambda: os.path.exists(f"{self.folder}/munge/socket"), "munged")
        self._spawn("slurmctld", "-D", "-f", self.configuration)
        self._wait(lambda: subprocess.run(["scontrol", "ping"], capture_output=True).returncode == 0, "slurmctld")
        self._spawn("slurmd", "-D", "-f", self.configuration, "-N", self.host)
        self._wait(lambda: "idle" in subprocess.run(["sinfo", "-h", "-o", "%t"], capture_output=True, text=True).stdout,
                   "slurmd")

    def _spawn(self, program, *words):
        with open(f"{self.folder}/{program}.out", "w", encoding="utf-8") as out:
            self.processes.append(subprocess.Popen([find(program), *words], stdout=out, stderr=subprocess.STDOUT))

    def _wait(self, ready, what, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ready():
                return
            if self.processes[-1].poll() is not None:
                break
            time.sleep(0.2)
        with open(f"{self.folder}/{what}.out", encoding="utf-8") as out:
            raise RuntimeError(f"{what} did not start:\n{out.read()[-2000:]}")

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def can_run():
    """Why there can be no SLURM here, or ""."""
    missing = [name for name in DAEMONS if not find(name)]
    if missing:
        return f"{', '.join(missing)} not found; apt-get install slurm-wlm munge"
    return "" if os.geteuid() == 0 else "slurmd needs root"


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="kroma-slurm-")
        cls.controller = Controller(cls.folder)
        cls.controller.start()
        os.makedirs(os.path.join(cls.folder, "bin"))
        os.symlink(OPTIONS.kroma, os.path.join(cls.folder, "bin", "kroma"))

    @classmethod
    def tearDownClass(cls):
        cls.controller.stop()
        if OPTIONS.log:
            with open(OPTIONS.log, "w", encoding="utf-8") as log:
                for path in cls.logs():
                    log.write(f"== {os.path.relpath(path, cls.folder)}\n")
                    with open(path, encoding="utf-8", errors="replace") as file:
                        log.write(file.read() + "\n")
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def logs(cls):
        for folder, _, names in sorted(os.walk(cls.folder)):
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".log"))

    def setUp(self):
        """A folder as a user has it: the job scripts, a site of its own, a deck."""
        self.work = os.path.join(self.folder, self._testMethodName)
        shutil.copytree(OPTIONS.jobscripts, os.path.join(self.work, "jobscripts"))
        self.write("jobscripts/site/test.sh", f"source jobscripts/site/debian.sh\nPATH={self.folder}/bin:$PATH\n")
        self.write("d.yaml", DECK)

    def write(self, name, text):
        with open(os.path.join(self.work, name), "w", encoding="utf-8") as file:
            file.write(text)

    def submit(self, script, *words, options=()):
        command = ["sbatch", "--parsable", "--ntasks-per-node=2", "--time=5", *options, f"jobscripts/{script}.sbatch", *words]
        done = subprocess.run(command, cwd=self.work, env={**os.environ, "SITE": "test"}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def states(self, job):
        """State and exit code of every task of a job: [("COMPLETED", "0:0")]."""
        text = subprocess.run(["scontrol", "-o", "show", "job", job], capture_output=True, text=True).stdout
        words = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in text.splitlines()]
        return [(word["JobState"], word["ExitCode"], int(word.get("Restarts", 0))) for word in words if "JobState" in word]

    def finish(self, job, seconds=240):
        """Waits until no task of the job is in the queue, and hurries those that wait out a requeue's delay."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            states = self.states(job)
            if states and all(state not in ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED") for state, *_ in states):
                return states
            subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"], capture_output=True)
            time.sleep(1)
        self.fail(f"job {job} did not end: {self.states(job)}\n{self.said()}")

    def said(self):
        texts = []
        for name in sorted(os.listdir(self.work)):
            if name.endswith(".log"):
                with open(os.path.join(self.work, name), encoding="utf-8") as file:
                    texts.append(f"== {name}\n{file.read()}")
        return "\n".join(texts)

    def field(self, *path):
        with h5py.File(os.path.join(self.work, *path, "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            return file["fields/u"][:].tobytes(), int(file["provenance"].attrs["ranks"])

    # Verifies: a job runs on the ranks it asked for and ends with kroma's exit code; so does one with a mistake.
    def test_job(self):
        states = self.finish(self.submit("run", "d.yaml"))
        self.assertEqual(states, [("COMPLETED", "0:0", 0)], self.said())
        self.assertEqual(self.field("out")[1], 2, self.said())
        states = self.finish(self.submit("run", "d.yaml", "--set", "toy.fail_at=2", "--set", "output.folder=failed"))
        self.assertEqual(states, [("FAILED", "3:0", 0)], self.said())
        self.write("bad.yaml", DECK.replace("cells", "cels"))
        self.assertEqual(self.finish(self.submit("run", "bad.yaml")), [("FAILED", "2:0", 0)], self.said())

    # Verifies: a job for each case of a study, then one more that makes the table; the same study in one allocation.
    def test_array_and_study(self):
        self.write("s.yaml", "deck: d.yaml\nvary: {toy.cells: [5, 6, 7]}\n")
        job = self.submit("study", "s.yaml", options=["--array=1-3"])
        self.assertEqual(self.finish(job), [("COMPLETED", "0:0", 0)] * 3, self.said())
        job = self.submit("study", "s.yaml")
        self.assertEqual(self.finish(job), [("COMPLETED", "0:0", 0)], self.said())
        self.write("one.yaml", "deck: d.yaml\nvary: {toy.cells: [5, 6, 7]}\nfolder: one\n")
        self.assertEqual(self.finish(self.submit("study", "one.yaml")), [("COMPLETED", "0:0", 0)], self.said())
        tables = []
        for folder in ("out", "one"):
            with h5py.File(os.path.join(self.work, folder, "study.h5"), "r") as file:
                tables.append(file["tables/cases"][:].tobytes())
        self.assertEqual(tables[0], tables[1])

    # Verifies: a job that its time limit stops saves its state, goes back into the queue, goes on, and has in the end the
    # same bits as one that nobody stopped.
    def test_time_limit(self):
        slow = ["--set", "toy.steps=80", "--set", "toy.pause=0.5"]
        options = ["--time=1", "--signal=USR1@45"]  # told to stop after 15 s of the 40 s that it takes
        states = self.finish(self.submit("run", "d.yaml", *slow, options=options))
        self.assertEqual(states[0][:2], ("COMPLETED", "0:0"), self.said())
        self.assertGreaterEqual(states[0][2], 1, self.said())
        self.assertIn("stopped by", self.said())
        self.assertIn("resuming from", self.said())
        states = self.finish(self.submit("run", "d.yaml", "--set", "toy.steps=80", "--set", "output.folder=whole"))
        self.assertEqual(states, [("COMPLETED", "0:0", 0)], self.said())
        self.assertEqual(self.field("out"), self.field("whole"))


if __name__ == "__main__":
    reason = can_run()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
