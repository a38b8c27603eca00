"""
Measurements that are run by hand: `python3 run.py bench NAME`.

Every module here is one measurement with a `main(arguments) -> int`. The environment is that of
the running stack, on a database of its own, as the owner of it.
"""

import django

django.setup()
