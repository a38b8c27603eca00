"""Files that people hand in: checked for being what they say, cleaned, stored privately."""

from correspondence.services.uploading.checking import UploadRefused, check_upload
from correspondence.services.uploading.storing import store_upload

__all__ = ["UploadRefused", "check_upload", "store_upload"]
