"""审批的网址"""

from django.urls import path

from approvals.views import filing, own, papers, progress, why

app_name = "approvals"
urlpatterns = [
    path("apply/<str:number>/file/", filing.file, name="file"),
    path("mine/", own.mine, name="mine"),
    path("progress/", progress.progress_lookup, name="progress_lookup"),
    path("progress/<str:number>/", progress.progress, name="progress"),
    path("progress/<str:number>/filed/", filing.filed, name="filed"),
    path("progress/<str:number>/why/<str:clock>/", why.why, name="why"),
    path("progress/<str:number>/urge/", progress.urge, name="urge"),
    path("progress/<str:number>/supply/", own.supply, name="supply"),
    path("progress/<str:number>/withdraw/", own.withdraw, name="withdraw"),
    path("progress/<str:number>/readers/", own.readers, name="readers"),
    path("progress/<str:number>/slip/", papers.slip, name="slip"),
    path("progress/<str:number>/qr.svg", papers.qr, name="qr"),
    path("progress/<str:number>/correction/", papers.correction_notice, name="correction_notice"),
    path("progress/<str:number>/decision/", papers.decision_paper, name="decision_paper"),
    path("progress/<str:number>/certificate/", papers.certificate, name="certificate"),
    path("verify/<str:number>/", papers.verify, name="verify"),
    path("verify/<str:number>/qr.svg", papers.certificate_qr, name="certificate_qr"),
]
