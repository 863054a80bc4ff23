"""What the commands stand on: secrets, the choice of mode, catalogs, children that never outlive their parent."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import polib
import pytest
from commands import machine, serve
from commands.processes import Supervisor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the commands at a data directory of the test's own."""
    for module in (machine, serve):
        monkeypatch.setattr(module, "DATA", tmp_path)
    monkeypatch.setattr(machine, "ENV_FILE", tmp_path / "portal.env")
    for name in (*machine.SECRETS, "PORTAL_PRACTICE", "PORTAL_PRACTICE_PASSWORD", "PORTAL_BIND"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def wait_until(condition, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_make_data_directory_writes_secrets_only_the_owner_reads(data: Path) -> None:
    machine.make_data_directory()
    assert stat.S_IMODE((data / "portal.env").stat().st_mode) == 0o600
    assert sorted(machine.settings_of_machine()) == sorted(machine.SECRETS)
    assert min(map(len, machine.settings_of_machine().values())) == 64


def test_make_data_directory_keeps_secrets_that_are_there(data: Path) -> None:
    machine.make_data_directory()
    first = machine.settings_of_machine()
    machine.make_data_directory()
    assert machine.settings_of_machine() == first


def test_make_data_directory_leaves_secrets_of_the_environment_out(data: Path, monkeypatch) -> None:
    for name in machine.SECRETS:
        monkeypatch.setenv(name, "from the environment")
    machine.make_data_directory()
    assert machine.settings_of_machine() == {}


def test_make_data_directory_refuses_a_database_without_its_keys(data: Path) -> None:
    (data / "db.sqlite3").touch()
    with pytest.raises(machine.NotReady, match="PORTAL_FIELD_KEYS"):
        machine.make_data_directory()
    assert machine.settings_of_machine() == {}


@pytest.mark.parametrize(
    ("earlier", "empty", "practice"),
    [
        (None, False, True),
        (None, True, False),
        ("true", False, True),
        ("false", False, False),
        ("false", True, False),
    ],
)
def test_is_practice_stays_as_first_chosen(data: Path, earlier: str | None, empty: bool, practice: bool) -> None:
    if earlier:
        machine.remember("PORTAL_PRACTICE", earlier)
    assert serve.is_practice(empty=empty) == practice
    assert machine.settings_of_machine() == {"PORTAL_PRACTICE": str(practice).lower()}


def test_is_practice_refuses_empty_on_practice_data(data: Path) -> None:
    machine.remember("PORTAL_PRACTICE", "true")
    with pytest.raises(machine.NotReady, match="practice data"):
        serve.is_practice(empty=True)


def test_portal_in_practice_mode_listens_on_this_machine_only(data: Path, monkeypatch) -> None:
    monkeypatch.setenv("PORTAL_BIND", "0.0.0.0")  # noqa: S104
    with pytest.raises(machine.NotReady, match="127.0.0.1 only"):
        serve.Portal(empty=False)


def test_only_one_refuses_a_second_start(data: Path) -> None:
    with serve.only_one(), pytest.raises(machine.NotReady, match="already runs"), serve.only_one():
        pass


def test_practice_password_is_made_once(data: Path) -> None:
    assert serve.practice_password() == serve.practice_password()


def test_compile_catalogs_compiles_what_is_stale(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "locale" / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = polib.POFile()
    catalog.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalog.append(polib.POEntry(msgid="Branch", msgstr="支部"))
    catalog.save(str(folder / "django.po"))
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    monkeypatch.setattr(machine, "PYTHON", Path(sys.executable))
    machine.compile_catalogs()
    assert [entry.msgstr for entry in polib.mofile(str(folder / "django.mo"))] == ["支部"]


def test_supervisor_starts_a_dead_child_again(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(os.environ, tmp_path, said.append)
    supervisor.add("sleeper", "sleep", "600")
    (child,) = supervisor.children
    child.start(os.environ, tmp_path)
    try:
        assert child.process
        first = child.process.pid
        child.process.kill()
        child.process.wait()

        def is_back() -> bool:
            supervisor.look_after()
            return child.process is not None and child.process.pid != first

        assert wait_until(is_back)
        assert said == ["sleeper ended with -9; starting it again in 0.5 s"]
    finally:
        supervisor.stop()
    assert not child.is_running()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_children_end_with_their_supervisor(tmp_path: Path, how: int) -> None:
    program = (
        "import os, pathlib\n"
        "from commands.processes import Supervisor\n"
        "supervisor = Supervisor(os.environ, pathlib.Path('.'), print)\n"
        "supervisor.add('sleeper', 'sleep', '600')\n"
        "supervisor.start()\n"
        "print(supervisor.children[0].process.pid, flush=True)\n"
        "supervisor.run()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "bin")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(how)
        parent.wait(15)
        assert wait_until(lambda: not is_alive(child))
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
