from django.db import migrations


def fill_from_today(apps, schema_editor):
    """Take the tree of today as what it has been so far: nothing earlier is known."""
    Organization = apps.get_model('organizations', 'Organization')
    OrganizationParent = apps.get_model('organizations', 'OrganizationParent')
    ids = dict(Organization.objects.order_by().values_list('path', 'pk'))
    OrganizationParent.objects.bulk_create(
        (
            OrganizationParent(
                organization_id=pk,
                parent_id=ids.get(path[:-4]),
                path=''.join(f'{ids[path[:end]]:08}' for end in range(4, len(path) + 1, 4)),
            )
            for path, pk in ids.items()
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0002_parents_of_nodes'),
    ]

    operations = [
        migrations.RunPython(fill_from_today, migrations.RunPython.noop),
    ]
