"""Run children that start again when they die and never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 10.0
# A child that lived this long was well: its next death is the first again.
WELL_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 30.0

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def raise_exit(*_: object) -> None:
    """Turn a request to end into an exception, so that every ``finally`` runs."""
    raise SystemExit(143)


def end_in_order() -> None:
    """Let a polite kill and a closed terminal end this process as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_exit)


def tied_to_parent(parent: int, death_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """Return what a child runs before its program, so that the kernel stops it when ``parent`` dies."""

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent died before the tie was made
            os._exit(1)

    return tie


def stop_group(process: subprocess.Popen[bytes], how: int = signal.SIGTERM) -> None:
    """Send a signal to a child and everything it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)


@dataclass
class Child:
    """One program under supervision."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    deaths: int = 0

    def start(self, environment: Mapping[str, str], cwd: Path) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tied_to_parent(os.getpid()),
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Keep every child running until someone asks to stop."""

    environment: Mapping[str, str]
    cwd: Path
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def add(self, name: str, *command: str) -> None:
        self.children.append(Child(name, command))

    def start(self) -> None:
        """Start every child, and take over the signals that end a session."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        for child in self.children:
            child.start(self.environment, self.cwd)

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def look_after(self) -> None:
        """Start again, after a wait that doubles with each death, whatever has died."""
        now = time.monotonic()
        for child in self.children:
            if child.is_running():
                continue
            if child.process is not None:
                stop_group(child.process, signal.SIGKILL)  # what it left behind would hold its port
                child.deaths = 1 if now - child.started_at > WELL_SECONDS else child.deaths + 1
                wait = min(0.5 * 2 ** (child.deaths - 1), LONGEST_WAIT_SECONDS)
                child.start_again_at = now + wait
                self.say(f"{child.name} ended with {child.process.returncode}; starting it again in {wait:g} s")
                child.process = None
            elif now >= child.start_again_at:
                child.start(self.environment, self.cwd)

    def run(self, *, once_a_round: Callable[[], None] = lambda: None) -> None:
        """Look after the children until a signal asks to stop, then stop them all."""
        try:
            while not self.stopping:
                self.look_after()
                once_a_round()
                time.sleep(0.2)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every child to end, and after the grace period make it."""
        living = [child.process for child in self.children if child.process is not None]
        for process in living:
            # Only the leader is asked: it ends its own workers in the right order.
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in living:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            stop_group(process, signal.SIGKILL)
            process.wait()
