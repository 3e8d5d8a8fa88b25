"""When a server asked the kernel to write what it has to the disk: traced by strace, if that is installed.

Killing a process cannot show that this is missing, since the kernel keeps what was written.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.delivery.history import History
from tests.waiting import until

SYNC = re.compile(r"^\d+ +(\d+\.\d+) (?:fdatasync|fsync)\(", re.MULTILINE)


def is_available() -> bool:
    return shutil.which("strace") is not None


@contextmanager
def traced(process: int, history: History) -> Iterator[None]:
    """Record each sync of the process until the block ends."""
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = ["strace", "-f", "-ttt", "-e", "trace=fdatasync,fsync", "-o", str(log), "-p", str(process)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracing:
            until(lambda: _all_traced(process), otherwise="strace did not begin.")
            yield
            tracing.terminate()
        for moment in SYNC.findall(log.read_text()):
            history.add("sync", at=history.since_begun(float(moment)))


def _all_traced(process: int) -> bool:
    """Whether each thread of the process is traced: strace attaches to one after the other."""
    return all(_tracer_of(thread) for thread in Path(f"/proc/{process}/task").iterdir())


def _tracer_of(thread: Path) -> int:
    found = re.search(r"^TracerPid:\s+(\d+)$", (thread / "status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0
