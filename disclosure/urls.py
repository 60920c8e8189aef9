"""网址"""

app_name = "disclosure"
urlpatterns: list = []
