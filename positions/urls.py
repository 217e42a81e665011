"""The addresses of the public pages."""

from django.urls import path

from positions import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("issues/<slug:key>/", views.issue, name="issue"),
    path("actors/<slug:key>/", views.actor, name="actor"),
    path("sources/<slug:collection>/<str:identifier>/", views.source, name="source"),
    path("statements/<slug:key>/", views.statement, name="statement"),
]
