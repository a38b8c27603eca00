"""Settings: `base` for all, `development` for run.py, `test` for the suite, `production`."""
