"""Files that people hand in: checked for being what they say, cleaned, stored privately."""

from correspondence.services.uploading.checking import MOST_BYTES, UploadRefused, check_upload
from correspondence.services.uploading.storing import store_upload

__all__ = ["MOST_BYTES", "UploadRefused", "check_upload", "store_upload"]
