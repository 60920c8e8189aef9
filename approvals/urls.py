"""审批的网址"""

from django.urls import path

from approvals.views import (
    acts,
    case,
    deputies,
    filing,
    freeze,
    leader,
    modes,
    own,
    papers,
    progress,
    why,
    workbench,
)

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
    path("progress/<str:number>/renounce/", own.renounce, name="renounce"),
    path("progress/<str:number>/mandate/", progress.end_mandate, name="end_mandate"),
    path("progress/<str:number>/readers/", own.readers, name="readers"),
    path("progress/<str:number>/slip/", papers.slip, name="slip"),
    path("progress/<str:number>/qr.svg", papers.qr, name="qr"),
    path("progress/<str:number>/correction/", papers.correction_notice, name="correction_notice"),
    path("progress/<str:number>/decision/", papers.decision_paper, name="decision_paper"),
    path("progress/<str:number>/certificate/", papers.certificate, name="certificate"),
    path("desk/", workbench.workbench, name="workbench"),
    path("desk/<str:number>/", case.case, name="case"),
    path("desk/<str:number>/personal/", case.personal, name="personal"),
    path("desk/<str:number>/files/<uuid:token>/", case.attachment, name="attachment"),
    path("desk/<str:number>/<slug:act>/", acts.act, name="act"),
    path("freeze/", freeze.freeze, name="freeze"),
    path("leader/", leader.leader, name="leader"),
    path("deputies/", deputies.delegations, name="delegations"),
    path("deputies/<str:number>/revoke/", deputies.revoke, name="revoke_delegation"),
    path("deputies/<str:number>/report/", deputies.report, name="report_back"),
    path("modes/", modes.modes, name="modes"),
    path("modes/<str:code>/<str:target>/<slug:mode>/", modes.switch, name="switch_mode"),
    path("verify/<str:number>/", papers.verify, name="verify"),
    path("verify/<str:number>/qr.svg", papers.certificate_qr, name="certificate_qr"),
]
