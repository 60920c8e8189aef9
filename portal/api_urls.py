"""接口网址"""

urlpatterns: list = []
