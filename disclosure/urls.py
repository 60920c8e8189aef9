"""网址"""

from django.urls import path

from disclosure.views import board, desk, feeds, hall, notices

app_name = "disclosure"
urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/village/<slug:village>/", board.board, name="village"),
    path("board/search/", board.search, name="search"),
    path("board/feed.xml", feeds.feed, name="feed"),
    path("board/hall/", hall.hall, name="hall"),
    path("board/notices/<str:number>/", notices.notice, name="notice"),
    path("board/notices/<str:number>/revisions/<int:ordinal>/", notices.revision, name="revision"),
    path("board/<slug:slug>/", board.column, name="column"),
    path("publish/", desk.desk, name="desk"),
    path("publish/new/", desk.draft, name="draft"),
    path("publish/<str:number>/<int:ordinal>/", desk.desk_revision, name="desk_revision"),
    path("publish/<str:number>/<int:ordinal>/edit/", desk.edit, name="edit"),
    path("publish/<str:number>/<int:ordinal>/revise/", desk.revise, name="revise"),
    path("publish/<str:number>/<int:ordinal>/submit/", desk.submit, name="submit"),
    path("publish/<str:number>/<int:ordinal>/review/", desk.review, name="review"),
    path("publish/<str:number>/<int:ordinal>/publish/", desk.publish, name="publish"),
    path("publish/<str:number>/<int:ordinal>/withdraw/", desk.withdraw, name="withdraw"),
]
