"""Segments as objects, so that a role can be granted the sight of one."""

from django.db import models

from access.choices import SegmentCode


class Segment(models.Model):
    """Residential or corporate: two rows in each tenant, granted to roles by object permission."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12, choices=SegmentCode.choices, unique=True)

    def __str__(self) -> str:
        return self.get_code_display()
