"""Put in the days of 2026 as announced, and of 2027 by the known rule: festivals, with days in lieu for weekends."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parents[1] / "calendars"
YEARS = {
    2026: (True, "国务院办公厅关于2026年部分节假日安排的通知"),
    2027: (False, "全国年节及纪念日放假办法（2024年修订）"),
}


def bring_in(apps, schema_editor):
    """Leave alone a year that is kept already."""
    years, days = apps.get_model("rulesets", "CalendarYear"), apps.get_model("rulesets", "CalendarDay")
    for year, (is_announced, source) in YEARS.items():
        kept, made = years.objects.get_or_create(year=year, defaults={"is_announced": is_announced, "source": source})
        if not made:
            continue
        with (FOLDER / f"{year}.csv").open(encoding="utf-8", newline="") as lines:
            days.objects.bulk_create(
                days(year=kept, day=date.fromisoformat(row["day"]), kind=row["kind"], name=row["name"])
                for row in csv.DictReader(lines)
            )


def take_out(apps, schema_editor):
    apps.get_model("rulesets", "CalendarYear").objects.filter(year__in=YEARS, at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("rulesets", "0001_initial")]

    operations = [migrations.RunPython(bring_in, take_out)]
