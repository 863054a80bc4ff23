"""Give the elections that are not closed yet a counter of votes against each candidate."""

from django.db import migrations


def lay_counters(apps, schema_editor):
    tally = apps.get_model("ballots", "Tally")
    options = apps.get_model("ballots", "BallotOption").objects.filter(
        ballot__kind="election", ballot__state__in=["planned", "open"]
    )
    tally.objects.bulk_create(
        (tally(ballot_id=option.ballot_id, option=option, choice="no") for option in options.iterator()),
        batch_size=500, ignore_conflicts=True,
    )


def take_counters(apps, schema_editor):
    apps.get_model("ballots", "Tally").objects.filter(ballot__kind="election", choice="no").delete()


class Migration(migrations.Migration):
    dependencies = [("ballots", "0002_written_in")]

    operations = [migrations.RunPython(lay_counters, take_counters)]
