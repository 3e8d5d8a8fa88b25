"""How a process gives up its rights for good, before it decodes what a stranger sent: it opens no file and no
connection from then on. Where the Linux kernel has Landlock, it also starts no program, deletes no file, and
in newer kernels truncates no file and ends no process. What it opened before stays open.

Such programs import nothing of Parley, so they run this file by its path. What remains possible, with
Landlock and without it, is in docs/decisions/0062-first-page-of-a-pdf.md.

https://docs.kernel.org/userspace-api/landlock.html has the numbers.
"""

import ctypes
import sys
from typing import Final

if sys.platform != "win32":
    import resource

# System calls. They have the same numbers on all processors that Python has wheels for.
_CREATE_RULESET: Final = 444
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1  # a flag of the first
_NO_NEW_PRIVILEGES: Final = 38  # an option of prctl()
# How many rights there are, since which version of Landlock.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
_TCP_RIGHTS: Final = {4: 2}
_PROCESS_RIGHTS: Final = {6: 2}


def landlock_version() -> int:
    """The version of Landlock in this kernel; 0 without it. Version 1 came with Linux 5.13, 3 (which knows
    truncation) with 6.2, 6 (which knows signals) with 6.12."""
    if sys.platform != "linux":
        return 0
    return max(0, _system_call(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION))


def confine() -> bool:
    """Give up what can be given up.

    Returns:
        Whether Landlock is in force. It binds root, too.
    """
    is_in_force = _landlock()
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return is_in_force


def _landlock() -> bool:
    version = landlock_version()
    if not version:
        return False
    kinds = (_FILE_RIGHTS, _TCP_RIGHTS, _PROCESS_RIGHTS)
    given_up = (ctypes.c_uint64 * 3)(*(_bits(kind, version) for kind in kinds))
    size = ctypes.c_size_t(ctypes.sizeof(given_up))
    rules = _system_call(_CREATE_RULESET, ctypes.byref(given_up), size, 0)  # with no exceptions
    if rules < 0:
        return False
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, *(ctypes.c_ulong(number) for number in (1, 0, 0, 0)))
    return _system_call(_RESTRICT_SELF, rules, 0) == 0


def _bits(kind: dict[int, int], version: int) -> int:
    """A bit for each of the rights that this version knows."""
    return (1 << max((number for since, number in kind.items() if since <= version), default=0)) - 1


def _system_call(*arguments: object) -> int:
    answer: int = ctypes.CDLL(None).syscall(*arguments)
    return answer
