"""网址"""

app_name = "approvals"
urlpatterns: list = []
