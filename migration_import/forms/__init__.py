"""What people enter to get a file in."""

from migration_import.forms.codes import CodesForm
from migration_import.forms.columns import ColumnsForm
from migration_import.forms.layout import LayoutForm
from migration_import.forms.simple import NoFieldsForm, ReportFilter, UploadForm

__all__ = [
    "CodesForm",
    "ColumnsForm",
    "LayoutForm",
    "NoFieldsForm",
    "ReportFilter",
    "UploadForm",
]
