"""网址"""

from django.urls import path

from services.views import apply, catalogue, files, guide, materials, mine, starting

app_name = "services"
urlpatterns = [
    path("items/", catalogue.catalogue, name="catalogue"),
    path("items/<str:code>/", guide.guide, name="guide"),
    path("items/<str:code>/start/", starting.start, name="start"),
    path("items/<str:code>/start-for/", starting.start_for, name="start_for"),
    path("apply/<str:number>/", apply.tasks, name="tasks"),
    path("apply/<str:number>/questions/", apply.questions, name="questions"),
    path("apply/<str:number>/part/<int:part>/", apply.part, name="part"),
    path("apply/<str:number>/materials/", materials.materials, name="materials"),
    path("apply/<str:number>/materials/<str:key>/", materials.material, name="material"),
    path("apply/<str:number>/files/<uuid:token>/remove/", materials.remove, name="remove_file"),
    path("apply/<str:number>/check/", apply.check, name="check"),
    path("apply/<str:number>/drop/", mine.drop, name="drop"),
    path("files/<uuid:token>/", files.file, name="file"),
    path("mine/drafts/", mine.mine, name="mine"),
]
