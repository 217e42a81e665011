"""Which address is answered by which part."""

from django.contrib import admin
from django.urls import include, path, re_path

from positions.api.urls import Nowhere

admin.site.site_header = "Demarche"
admin.site.site_title = "Demarche"
admin.site.index_title = "Desks"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("positions.api.urls")),
    # Whatever else is asked of the API is answered as the API answers; \n is no end.
    re_path(r"^api/(?:[\s\S]*/)?\Z", Nowhere.as_view()),
    path("", include("positions.urls")),
]
