"""People and roles in the tenant's admin."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from access.models import User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    """Members of staff: deactivate, never delete, so that history keeps its names."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "email", "is_active"]
    fieldsets = [
        *(DjangoUserAdmin.fieldsets or []),
        (
            _("Interaction centre"),
            {"fields": ["employee_number", "telephone_extension", "language"]},
        ),
    ]

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Refuse: a person who left is deactivated."""
        return False


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Roles; the table in `access.roles` is written into them."""
