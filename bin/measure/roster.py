"""Measure the roster import against the least that could be done: read the workbook with calamine and COPY its cells.

``python -m measure.roster`` prints a table; its last line is the number of goals missed. The limit is measured before
each job, so that a busy minute slows both; the median over the rounds counts.
"""

import gc
import itertools
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import django

django.setup()

import python_calamine  # noqa: E402 - Django comes first
import xlsxwriter  # noqa: E402
from django.core.files.base import File  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from members.models import Member  # noqa: E402
from members.rules import check_digit  # noqa: E402
from members.services import create_member  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.imports import services  # noqa: E402
from portal.imports.models import ImportRow, ImportRun  # noqa: E402
from portal.imports.registry import kinds  # noqa: E402
from portal.organizations.duties import Post  # noqa: E402
from portal.organizations.models import Organization, OrganizationType, Standing  # noqa: E402
from portal.organizations.services import appoint, create_organization  # noqa: E402

ROWS, MANY, ROUNDS = 10_000, 100_000, 5
GOALS = {"dry run": 4.0, "import": 8.0, "same file again": 5.0}  # times the limit
GROWTH, MEGABYTES = 11.0, 150  # for ten times the rows
BRANCHES = [f"示例学院第{number}党支部" for number in range(1, 41)]
HEADINGS = (
    "学号/工号", "姓名", "性别", "民族", "出生日期", "公民身份号码", "人员类别", "学历", "学位", "所在党支部",
    "政治面貌", "申请入党日期", "确定积极分子日期", "确定发展对象日期", "加入党组织日期", "转正日期", "培养联系人",
    "手机号码", "电子邮箱", "籍贯", "家庭住址", "备注",
)  # fmt: skip
STANDINGS = {"入党申请人": 1, "入党积极分子": 2, "发展对象": 3, "中共党员": 5}  # and how many days of the way are known
SYLLABLES = "安博晨东恩方光海佳凯兰明宁平琪瑞书天文欣雅毅泽"


def rows(count: int) -> Iterator[list[str]]:
    """Yield ``count`` people of whom nothing can be said against the list; the same ones each time."""
    dice = random.Random(count)  # noqa: S311 - invented people, no secret
    for number in range(count):
        born = date(1998, 1, 1) + timedelta(number // 1000 * 20 + dice.randrange(20))  # no identity number twice
        id_no = f"110105{born:%Y%m%d}{number % 1000:03d}"
        standing, known = dice.choice([*STANDINGS.items()])
        first = born + timedelta(365 * 18 + 30 + dice.randrange(200))
        days = [(first + timedelta(420 * step)).isoformat() if step < known else "" for step in range(5)]
        yield [
            f"R{number:08d}", "王" + "".join(dice.choices(SYLLABLES, k=2)), "男" if number % 2 else "女", "汉族",
            born.isoformat(), id_no + check_digit(id_no), "本科生", "大学本科在读", "",
            BRANCHES[number % len(BRANCHES)], standing, *days, "李示例",
            f"1{39_000_000_00 + number:010d}"[:11], f"r{number}@example.edu.cn",
            "河北定州", f"示例路{number}号", "",
        ]  # fmt: skip


def write_workbook(path: Path, count: int) -> None:
    """Write the list as Excel would: texts shared between cells."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for number, cells in enumerate(rows(count), 1):
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(number, place, cell)
    book.close()


@dataclass
class Measured:
    """The people who measure, and what they found."""

    root: Organization
    by: User
    times: dict[str, list[float]] = field(default_factory=dict)
    ratios: dict[str, list[float]] = field(default_factory=dict)

    def limit(self, path: Path) -> float:
        """Return the seconds to read the workbook and COPY its cells into a table of people.

        The table is the least that could hold a roster: days are days, the key and the number are unique, and a branch
        finds its people by an index.
        """
        columns = [f"c{place}" for place in range(len(HEADINGS))]
        kinds_of = {place: "date" for place, heading in enumerate(HEADINGS) if heading.endswith("日期")}
        typed = ", ".join(f"{column} {kinds_of.get(place, 'text')}" for place, column in enumerate(columns))
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS measured_rows")
            cursor.execute(f"CREATE TABLE measured_rows (id bigserial PRIMARY KEY, {typed}, UNIQUE (c0))")
            cursor.execute("CREATE INDEX ON measured_rows (c9)")
            began = time.perf_counter()
            sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
            with cursor.copy(f"COPY measured_rows ({', '.join(columns)}) FROM STDIN") as copy:
                for cells in itertools.islice(sheet.iter_rows(), 1, None):
                    copy.write_row([cell or None for cell in cells])
            return time.perf_counter() - began

    def timed(self, name: str, path: Path, job: Callable[[], ImportRun]) -> ImportRun:
        """Do a job right after the limit and keep the ratio."""
        gc.collect()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does within a minute of any great import
        limit = self.limit(path)
        began = time.perf_counter()
        run = job()
        seconds = time.perf_counter() - began
        self.times.setdefault("limit", []).append(limit)
        self.times.setdefault(name, []).append(seconds)
        self.ratios.setdefault(name, []).append(seconds / limit)
        return run

    def upload(self, path: Path) -> ImportRun:
        with path.open("rb") as stream:
            return services.start_import(
                kinds.get("roster"), organization=self.root, upload=File(stream, path.name), by=self.by
            )

    def checked(self, path: Path) -> ImportRun:
        return worked(self.upload(path))

    def imported(self, run: ImportRun) -> ImportRun:
        return worked(services.confirm(run, take="valid", chosen=[], by=self.by))

    def undone(self, run: ImportRun) -> ImportRun:
        return worked(services.request_undo(run, by=self.by))

    def round(self, path: Path) -> None:
        run = self.timed("dry run", path, lambda: self.checked(path))
        assert (run.total, run.new_count, run.suspicious_count) == (ROWS, ROWS, 0), (run.failure, run.new_count)
        done = self.timed("import", path, lambda: self.imported(run))
        assert done.applied_count == ROWS
        again = self.timed("same file again", path, lambda: self.checked(path))
        assert again.same_count == ROWS
        undone = self.timed("undo", path, lambda: self.undone(done))
        assert (undone.kept_count, Member.objects.filter(user__number__startswith="R").count()) == (0, 0)
        clear_away()


def worked(run: ImportRun) -> ImportRun:
    """Do what the run waits for, as a worker would, and return it fresh."""
    services.work(run.pk)
    return ImportRun.objects.select_related("organization", "by").get(pk=run.pk)


def clear_away() -> None:
    """Leave nothing behind that would slow the next round."""
    ImportRow.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def lay() -> Measured:
    """Lay what a roster needs: branches, and somebody who may import."""
    today = timezone.localdate()
    root = Organization.objects.filter(depth=1).first() or create_organization(
        parent=None, by=None, name="University", code="U", org_type=OrganizationType.UNIVERSITY_COMMITTEE
    )
    unit = create_organization(
        parent=root, by=None, name="Measured unit", code="M", org_type=OrganizationType.COLLEGE_COMMITTEE
    )
    for number, name in enumerate(BRANCHES):
        create_organization(parent=unit, by=None, name=name, code=f"M{number}", org_type=OrganizationType.BRANCH)
    importer = create_member(
        number="importer", name="Importer", by=None, organization=root, standing=Standing.FULL_MEMBER,
        on=today.replace(year=today.year - 3),
    )  # fmt: skip
    appoint(importer.user, root, Post.COMMITTEE_STAFF, on=today.replace(year=today.year - 1), by=None)
    return Measured(Organization.objects.get(pk=root.pk), User.objects.get(pk=importer.user_id))


# --- One run in a process of its own, watched from outside ---


def resident(pid: int) -> int:
    """Return the memory of a process in bytes, what it shares with others by halves."""
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open() as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@dataclass(eq=False)
class Watch(threading.Thread):
    """Looks at a worker and its reader, and at the bar, until told to stop."""

    pid: int
    run_id: int
    worker: int = 0
    both: int = 0
    start_bytes: int = 0
    steps: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.start_bytes = resident(self.pid)

    def run(self) -> None:
        while not self.over.wait(0.05):
            own = resident(self.pid)
            self.worker = max(self.worker, own)
            self.both = max(self.both, own + sum(resident(child) for child in children(self.pid)))
            self.steps |= set(ImportRun.objects.filter(pk=self.run_id).values_list("progress_done", flat=True))
        connection.close()


def watched(run: ImportRun) -> tuple[float, Watch]:
    """Have a worker process do what ``run`` waits for; return its seconds and what was seen."""
    process = subprocess.Popen(
        [sys.executable, "-m", "measure.roster", "work", str(run.pk)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    process.stdout.readline()  # it has warmed up
    watch = Watch(process.pid, run.pk)
    watch.start()
    process.stdin.write("\n")
    process.stdin.flush()
    seconds = json.loads(process.stdout.readline())
    watch.over.set()
    watch.join()
    process.stdin.close()
    process.wait()
    return seconds, watch


def work(run_id: int) -> None:
    """Be the worker: warm up, wait for a word, work, say how long it took."""
    ImportRun.objects.count()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    services.work(run_id)
    print(time.perf_counter() - began, flush=True)
    sys.stdin.readline()


# --- The report ---


def verdict(good: bool) -> str:
    return "ok" if good else "MISS"


def rounds(measured: Measured, path: Path) -> int:
    """Measure the jobs on 10,000 rows; return how many goals were missed."""
    measured.round(path)  # what is slow only once is not measured
    measured.times.clear()
    measured.ratios.clear()
    for _number in range(ROUNDS):
        measured.round(path)
    missed = 0
    print(f"{'roster, 10,000 rows':32} {'seconds':>8} {'x limit':>8} {'goal':>5}")
    print(f"{'limit':32} {statistics.median(measured.times.pop('limit')):8.2f}")
    for name, seconds in measured.times.items():
        ratio = statistics.median(measured.ratios[name])
        line = f"{name:32} {statistics.median(seconds):8.2f} {ratio:8.2f}"
        if goal := GOALS.get(name):
            line += f" {goal:5.1f} {verdict(ratio <= goal)}"
            missed += ratio > goal
        print(line)
    return missed


def growth(measured: Measured, path: Path, large: Path) -> int:
    """Compare 100,000 rows with 10,000 just before, each in a worker of its own; return how many goals were missed."""
    missed, small_run, large_run = 0, measured.upload(path), measured.upload(large)
    print(f"{'roster, 100,000 rows':32} {'seconds':>8} {'x 10,000':>8} {'MB':>6} {'reader too':>10} {'steps':>6}")
    for name in ("dry run", "import"):
        if name == "import":
            for run in (small_run, large_run):
                services.confirm(run, take="valid", chosen=[], by=measured.by)
        before, _watch = watched(small_run)
        if name == "import":  # the same people come again
            measured.undone(small_run)
        seconds, watch = watched(large_run)
        own, both = ((peak - watch.start_bytes) / 1e6 for peak in (watch.worker, watch.both))
        good = seconds / before <= GROWTH and own <= MEGABYTES and len(watch.steps) >= MANY / ROWS
        missed += not good
        print(
            f"{name:32} {seconds:8.2f} {seconds / before:8.2f} {own:6.0f} {both:10.0f} {len(watch.steps):6} "
            f"{verdict(good)}"
        )
    assert Member.objects.filter(user__number__startswith="R").count() == MANY
    return missed


def main() -> None:
    measured = lay()
    with tempfile.TemporaryDirectory() as folder:
        path, large = Path(folder, "roster.xlsx"), Path(folder, "large.xlsx")
        write_workbook(path, ROWS)
        write_workbook(large, MANY)
        missed = rounds(measured, path)
        missed += growth(measured, path, large)
    print(missed)


if __name__ == "__main__":
    work(int(sys.argv[2])) if sys.argv[1:2] == ["work"] else main()
