from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0003_letters")]

    operations = [
        *(
            migrations.AddField("case", name, models.DateField(label, blank=True, editable=False, null=True))
            for name, label in (
                ("ready_on", "cultivated long enough on"),
                ("probation_ends_on", "probation ends on"),
            )
        ),
        *(
            migrations.AddField("case", name, models.BooleanField(label, default=False, editable=False))
            for name, label in (
                ("waits_for_applicant", "waits for the applicant"),
                ("waits_for_branch", "waits for the branch"),
                ("waits_for_superior", "waits for the committee"),
                ("waits_for_school", "waits for the party school"),
            )
        ),
        *(
            migrations.AddIndex("case", models.Index(fields=[name], condition=Q(state="open"), name=index))
            for name, index in (
                ("next_due", "case_due"),
                ("ready_on", "case_ready"),
                ("probation_ends_on", "case_probation_ends"),
            )
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["organization"], condition=Q(state="open", waits_for_superior=True), name="case_for_superior"
            ),
        ),
        migrations.AddIndex(
            "steprecord", models.Index(fields=["on"], condition=Q(step="approve"), name="record_approved")
        ),
        migrations.AddIndex(
            "steprecord", models.Index(fields=["on"], condition=Q(kind="publicity"), name="record_posted")
        ),
    ]
