from __future__ import annotations

from django.db import migrations

from utilcrm.db.numbering import CreateSequence


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [CreateSequence("conversations_conversation_number", 1)]
