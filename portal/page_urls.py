"""网址"""

app_name = "portal"
urlpatterns: list = []
