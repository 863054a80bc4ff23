from django.db import migrations, models
from django.db.models import Q

BATCHES = [
    ("meeting", "meeting of the branch or its committee"),
    ("approval", "decision of the superior"),
    ("filing", "filing list"),
    ("notice", "publicity notice"),
    ("training", "training class"),
    ("takeover", "cases taken over from paper"),
]
ENDS = [
    ("archived", "completed and archived"),
    ("cancelled", "probationary membership cancelled"),
    ("withdrawn", "application withdrawn"),
    ("unfit", "found unfit"),
    ("left", "left the university"),
    ("undone", "taken over by mistake"),
]


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0004_who_is_waited_for")]

    operations = [
        migrations.RemoveConstraint("batch", "batch_kind_known"),
        migrations.AlterField(
            "batch", "kind", models.CharField(choices=BATCHES, max_length=10, verbose_name="kind")
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=Q(kind__in=[code for code, _label in BATCHES]), name="batch_kind_known"
            ),
        ),
        migrations.RemoveConstraint("case", "case_closed_whole"),
        migrations.AlterField(
            "case",
            "closed_reason",
            models.CharField(blank=True, choices=ENDS, max_length=12, verbose_name="how it ended"),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None, closed_reason="")
                | Q(state="closed", closed_on__isnull=False, closed_reason__in=[code for code, _label in ENDS]),
                name="case_closed_whole",
                violation_error_message="A closed case has a day and a reason; an open one has neither.",
            ),
        ),
    ]
