"""Where the stand-ins of outside systems are; a real tenant's systems are rows that are edited."""

import environ

_env = environ.Env()

SANDBOX_ERP_URL = _env.str("SANDBOX_ERP_URL", default="http://127.0.0.1:8100")
SANDBOX_MAIL_URL = _env.str("SANDBOX_MAIL_URL", default="http://127.0.0.1:8101")
SANDBOX_MAIL_IMAP = _env.str("SANDBOX_MAIL_IMAP", default="127.0.0.1:8143")
SANDBOX_ARCHIVE_URL = _env.str("SANDBOX_ARCHIVE_URL", default="http://127.0.0.1:8104")
SANDBOX_REGISTER_URL = _env.str("SANDBOX_REGISTER_URL", default="http://127.0.0.1:8103")
SANDBOX_SUPPLIERS_URL = _env.str("SANDBOX_SUPPLIERS_URL", default="http://127.0.0.1:8105")
SANDBOX_TELEPHONE_URL = _env.str("SANDBOX_TELEPHONE_URL", default="http://127.0.0.1:8102")
# Where orders to the telephone system go; `{tenant}` stands for the tenant's code. Empty: none.
TELEPHONE_URL = _env.str("TELEPHONE_URL", default="")
TELEPHONE_WEBHOOK_SECRET = _env.str("TELEPHONE_WEBHOOK_SECRET", default="")

# The stand-ins' control ports, for rehearsals; empty where there are none.
STAND_IN_CONTROLS = {
    name: address
    for name in ("erp", "register", "archive", "suppliers")
    if (address := _env.str(f"SANDBOX_{name.upper()}_CONTROL_URL", default=""))
}
