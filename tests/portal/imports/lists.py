"""Lists to import: the two samples, and small ones made in memory."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.imports import services
from portal.imports.models import ImportRun
from portal.imports.registry import kinds

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (SAMPLES / name).read_bytes())


def book(*rows: Sequence[Any], name: str = "list.xlsx") -> SimpleUploadedFile:
    """Return a workbook with these rows."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    target = BytesIO()
    made.save(target)
    return SimpleUploadedFile(name, target.getvalue())


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bring(world) -> Callable[..., ImportRun]:
    """Return a function that uploads a list and has it checked."""

    def bring(upload: Any, *, by: str = "committee", place: str = "root") -> ImportRun:
        run = services.start_import(
            kinds.get("roster"), organization=world.nodes[place], upload=upload, by=world.user(by)
        )
        return worked(run)

    return bring


def worked(run: ImportRun) -> ImportRun:
    """Do what the run waits for, as a worker would, and return it fresh."""
    services.work(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def confirmed(run: ImportRun, *, take: str = "valid", chosen: Sequence[str] | None = None) -> ImportRun:
    """Confirm with every proposal unless told otherwise, and have it written."""
    names = [proposal["name"] for proposal in run.proposals] if chosen is None else chosen
    services.confirm(run, take=take, chosen=names, by=run.by)
    return worked(run)


def undone(run: ImportRun) -> ImportRun:
    services.request_undo(run, by=run.by)
    return worked(run)


ROW = {
    "学号": "20260001", "姓名": "张示例", "性别": "女", "公民身份号码": "11010519491231002X", "所在党支部": "branch",
    "政治面貌": "入党积极分子", "申请入党日期": "2025-03-01", "确定积极分子日期": "2025-09-01",
    "手机号码": "13800000001",
    "电子邮箱": "zhang@example.edu.cn", "备注": "",
}  # fmt: skip
HEADINGS = list(ROW)
