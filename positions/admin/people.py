"""The desks of people and groups: nobody is deleted, people are deactivated."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from .work_of_people import people_urls

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserDesk(UserAdmin):
    def get_urls(self):
        return [*people_urls(self.admin_site), *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Group)
class GroupDesk(GroupAdmin):
    def has_delete_permission(self, request, obj=None):
        return False
