"""Static files under names that carry their hash; scripts that import scripts included."""

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """
    Django's own storage, told to rewrite `import` in our modules as well.

    Without it a page would run this release's `app.js` with the last release's `search.js` out of
    the browser's cache. Other makers' scripts stay as they are: some import by bare names.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )
