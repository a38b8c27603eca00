from django.db import migrations

from utilcrm.db.numbering import CreateSequence

FORWARD = """
CREATE FUNCTION contracts_evidence_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'signature evidence is never changed or deleted';
END $$;
CREATE TRIGGER contracts_evidence_insert_only
    BEFORE UPDATE OR DELETE ON contracts_signatureevidence
    FOR EACH ROW EXECUTE FUNCTION contracts_evidence_is_insert_only();
"""
BACKWARD = """
DROP TRIGGER contracts_evidence_insert_only ON contracts_signatureevidence;
DROP FUNCTION contracts_evidence_is_insert_only();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [
        CreateSequence("contracts_contract_number", 7000000001),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
