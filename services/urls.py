"""网址"""

app_name = "services"
urlpatterns: list = []
