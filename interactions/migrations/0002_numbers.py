"""The number range of contacts."""

from django.db import migrations

from utilcrm.db.numbering import CreateSequence


class Migration(migrations.Migration):
    """Make the sequence."""

    dependencies = [("interactions", "0001_initial")]
    operations = [CreateSequence("interactions_interaction_number", 1)]
