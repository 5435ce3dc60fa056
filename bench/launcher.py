"""Start a command, wait for it, and write down what it took. `measure.py` starts this; it is no script of its own.

    python -I -S launcher.py REPORT LIMIT COMMAND…

REPORT receives five numbers: seconds of wall time, of CPU in user mode and in the kernel (of the command and of
every process that it waited for), the peak memory of its largest process in the system's unit, and the exit code
(negative: the signal that ended it). After LIMIT seconds, or when the
launcher itself is asked to end, the command and its process group are killed.

A process of its own, and a small one: the operating system counts the memory of the process that starts a
command toward the command's peak, so what starts it must be smaller than whatever is measured.
"""

import os
import signal
import sys
import time


def main() -> None:
    """Run the command of the arguments."""
    report, limit, *command = sys.argv[1:]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, setpgroup=0)
    for end in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(end, lambda *_: os.killpg(process, signal.SIGKILL))
    signal.alarm(int(limit))
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - start
    signal.alarm(0)
    code = os.waitstatus_to_exitcode(status)
    with open(report, "w", encoding="ascii") as file:
        file.write(f"{wall} {used.ru_utime} {used.ru_stime} {used.ru_maxrss} {code}")


if __name__ == "__main__":
    main()
