"""Which address is answered by which part."""

from django.contrib import admin
from django.urls import include, path

admin.site.site_header = "Demarche"
admin.site.site_title = "Demarche"
admin.site.index_title = "Desks"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("positions.api.urls")),
    path("", include("positions.urls")),
]
