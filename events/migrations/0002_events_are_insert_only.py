from django.db import migrations

# The function lives in the tenant's schema, so that a cloned tenant has its own.
FORWARD = """
CREATE FUNCTION events_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are insert-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER events_event_insert_only BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_refuse_change();
"""
BACKWARD = """
DROP TRIGGER events_event_insert_only ON events_event;
DROP FUNCTION events_event_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
