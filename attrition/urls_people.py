"""What attrition adds below /people/: separations and the import of people."""

from django.urls import path

from attrition.views import imports, separations

app_name = "hr"
urlpatterns = [
    path("employments/<uuid:employment_id>/separation/", separations.separate, name="separate"),
    path("separations/<uuid:separation_id>/<int:version>/take-back/", separations.take_back, name="take_back"),
    path("import/", imports.imports, name="imports"),
    path("import/<uuid:run_id>/", imports.one_import, name="import"),
    path("import/<uuid:run_id>/start/", imports.start, name="start"),
    path("import/<uuid:run_id>/progress/", imports.progress, name="progress"),
    path("import/<uuid:run_id>/problems.csv", imports.problems, name="problems"),
]
