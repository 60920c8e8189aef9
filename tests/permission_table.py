"""权限表：what each role gets at each route (T01, G16); `test_permission_matrix` walks it.

A cell reads "what everyone gets, who else gets what": `404, anonymous login, an chen 200`. `login` = sent to
sign in; `302!` = done, and on the record (`302` alone: nothing was recorded). An owns every object; the roles
are those of `permission_stage.ROLES`, and any other member of the cast may be named where it matters.
"""

from dataclasses import dataclass

from tests.permission_stage import ROLES


@dataclass(frozen=True)
class Row:
    """一行: a route, the object in its address, and the outcome of GET and of an empty POST."""

    route: str
    of: str = "none"
    GET: str = "200"
    POST: str = "405"
    query: str = ""

    def expected(self, method: str) -> dict[str, str]:
        """每个角色该得到什么"""
        usual, *others = (self.GET if method == "GET" else self.POST).split(", ")
        found = dict.fromkeys(ROLES, usual)
        for words in others:
            *roles, outcome = words.split()
            found |= dict.fromkeys(roles, outcome)
        return found


ROWS = [
    Row("portal:home"),
    Row("portal:reading_mode", GET="302"),
    Row("portal:contact"),
    Row("portal:accessibility"),
    Row("portal:verify_record"),
    Row("portal:healthz"),
    Row("portal:sign_in", POST="200"),
    Row("portal:sign_out", GET="405", POST="302"),
    Row("portal:sign_up", POST="200"),
    Row("portal:account", GET="200, anonymous login", POST="405, anonymous login"),
    Row("portal:change_password", GET="200, anonymous login", POST="200, anonymous login"),
    Row(
        "portal:change_phone", GET="403, anonymous login, an bao 200", POST="403, anonymous login, an bao 200"
    ),
    Row("portal:change_email", GET="200, anonymous login", POST="302!, anonymous login"),
    Row("portal:export", GET="200!, anonymous login", POST="405, anonymous login"),
    Row("portal:messages", GET="200, anonymous login", POST="405, anonymous login"),
    Row("portal:read_messages", GET="405, anonymous login", POST="302, anonymous login"),
    Row("portal:staff_home", GET="200, anonymous login, an bao 403", POST="405, anonymous login"),
    Row("portal:outbox", GET="403, anonymous login, du 200", POST="405, anonymous login"),
    Row("portal:resend", "unsent", GET="405, anonymous login", POST="403, anonymous login, du 302!"),
    Row("portal:posts", GET="403, anonymous login, zhen 200", POST="405, anonymous login"),
    Row("portal:post", "post", GET="403, anonymous login, zhen 200", POST="403, anonymous login, zhen 200"),
    Row("portal:open_account", GET="403, anonymous login, zhen 200", POST="403, anonymous login, zhen 200"),
    Row("portal:close_account", GET="403, anonymous login, zhen 200", POST="403, anonymous login, zhen 200"),
    Row("portal:reopen_account", GET="403, anonymous login, zhen 200", POST="403, anonymous login, zhen 200"),
    Row("portal:reset_account", GET="403, anonymous login, zhen 200", POST="403, anonymous login, zhen 200"),
    Row(
        "portal:reset_password",
        GET="403, anonymous login, chen chenb chenb_home 200",
        POST="403, anonymous login, chen chenb chenb_home 200",
    ),
    Row("services:catalogue"),
    Row("services:guide", "item", GET="200, chenb_home 404"),
    Row(
        "services:start",
        "item",
        GET="200, anonymous login, chenb_home 404",
        POST="302, anonymous login, chenb_home 404",
    ),
    Row(
        "services:start_for",
        "item",
        GET="404, anonymous login, chen wang zhou 200",
        POST="404, anonymous login, chen wang zhou 200",
    ),
    Row("services:tasks", "draft", GET="404, anonymous login, an 200"),
    Row("services:tasks", "case", GET="404, anonymous login, an 302"),
    Row(
        "services:questions", "draft", GET="404, anonymous login, an 302", POST="404, anonymous login, an 302"
    ),
    Row("services:part", "draft", GET="404, anonymous login, an 200", POST="404, anonymous login, an 200"),
    Row(
        "services:materials", "draft", GET="404, anonymous login, an 200", POST="404, anonymous login, an 302"
    ),
    Row(
        "services:material", "draft", GET="404, anonymous login, an 200", POST="404, anonymous login, an 200"
    ),
    Row("services:remove_file", "draft", GET="405", POST="404, anonymous login, an 302"),
    Row("services:check", "draft", GET="404, anonymous login, an 200"),
    Row("services:drop", "draft", GET="404, anonymous login, an 200", POST="404, anonymous login, an 302"),
    Row("services:file", "draft", GET="404, anonymous login, an 200"),
    Row("services:file", "case", GET="404, anonymous login, an 200"),
    Row("services:mine", GET="200, anonymous login"),
    Row("approvals:file", "case", GET="405, anonymous login", POST="404, anonymous login, an 302"),
    Row("approvals:declare", "draft", GET="404, anonymous login", POST="404, anonymous login"),
    Row("approvals:mine", GET="200, anonymous login", POST="405, anonymous login"),
    Row("approvals:progress_lookup", POST="200"),
    Row("approvals:progress", "case", GET="404, anonymous 302, an chen deng zhen du 200"),
    Row("approvals:filed", "case", GET="404, anonymous login, an 200", POST="405, anonymous login"),
    Row("approvals:why", "case", GET="404, anonymous 302, an chen deng zhen du 200"),
    Row("approvals:urge", "case", GET="302", POST="404, anonymous login, an 302!"),
    Row("approvals:end_mandate", "case", GET="302", POST="404, an chen deng zhen du 302"),
    Row("approvals:end_mandate", "mandated", GET="302", POST="404, zhou chen wang zhen du 302, an 302!"),
    Row(
        "approvals:supply",
        "corrected",
        GET="404, anonymous login, an chen wang zhou 200",
        POST="404, anonymous login, an chen wang zhou 400",
    ),
    Row(
        "approvals:withdraw", "case", GET="404, anonymous login, an 200", POST="404, anonymous login, an 200"
    ),
    Row("approvals:received", "recorded", GET="302", POST="404, anonymous login, an 302!"),
    Row("approvals:reopen", "recorded", GET="302", POST="404, anonymous login, an 302"),
    Row(
        "approvals:renounce",
        "recorded",
        GET="404, anonymous login, an 200",
        POST="404, anonymous login, an 200",
    ),
    Row("approvals:readers", "case", GET="404, anonymous login, an 200", POST="405, anonymous login"),
    Row("approvals:slip", "case", GET="404, anonymous 302, an chen deng zhen du 200"),
    Row("approvals:qr", "case", GET="404, anonymous 302, an chen deng zhen du 200"),
    Row("approvals:paper_pdf", "case", GET="404, anonymous 302, an chen deng zhen du 200"),
    Row("approvals:paper_pdf", "corrected", GET="404, anonymous 302, an chen zhen du 200"),
    Row("approvals:paper_pdf", "recorded", GET="404, anonymous 302, an chen zhen du 200"),
    Row("approvals:correction_notice", "corrected", GET="404, anonymous 302, an chen zhen du 200"),
    Row("approvals:decision_paper", "recorded", GET="404, anonymous 302, an chen zhen du 200"),
    Row("approvals:certificate", "recorded", GET="404, anonymous 302, an chen zhen du 200"),
    Row(
        "approvals:workbench", GET="200, anonymous login, an bao 404", POST="405, anonymous login, an bao 404"
    ),
    Row(
        "approvals:case",
        "case",
        GET="404, anonymous login, chen deng zhen du 200",
        POST="405, anonymous login, an bao 404",
    ),
    Row(
        "approvals:personal",
        "case",
        GET="405, anonymous login, an bao 404",
        POST="404, anonymous login, chen deng zhen du 400",
    ),
    Row(
        "approvals:attachment",
        "case",
        GET="404, anonymous login, chen deng zhen du 200",
        POST="405, anonymous login, an bao 404",
    ),
    Row(
        "approvals:act",
        "case",
        GET="404, anonymous login, chen deng zhen du 200",
        POST="404, anonymous login, chen deng zhen du 400",
    ),
    Row(
        "approvals:act",
        "filed",
        GET="404, anonymous login, chen zhen du 200",
        POST="404, anonymous login, chen 302!, zhen du 403",
    ),
    Row("approvals:oversight", GET="404, anonymous login, zhen du 200", POST="405, anonymous login, an bao 404"),
    Row("approvals:leader", GET="404, anonymous login, zhen du 200", POST="405, anonymous login, an bao 404"),
    Row("approvals:counted", "figure", GET="404, anonymous login, zhen du 200", POST="405, anonymous login, an bao 404"),
    Row("approvals:months_csv", GET="404, anonymous login, zhen du 200", POST="405, anonymous login, an bao 404"),
    Row(
        "approvals:delegations",
        GET="200, anonymous login, an bao 404",
        POST="200, anonymous login, an bao 404",
    ),
    Row("approvals:hand_over", GET="200, anonymous login, an bao 404", POST="200, anonymous login, an bao 404"),
    Row("approvals:absences", GET="200, anonymous login, an bao 404", POST="200, anonymous login, an bao 404"),
    Row(
        "approvals:end_absence",
        "absence",
        GET="405, anonymous login, an bao 404",
        POST="302, anonymous login, an bao chenb chenb_home 404, gao zhen 302!",
    ),
    Row(
        "approvals:revoke_delegation",
        "delegation",
        GET="405, anonymous login, an bao 404",
        POST="302, anonymous login, an bao chenb chenb_home 404, chen zhen 302!",
    ),
    Row(
        "approvals:report_back",
        "delegation",
        GET="405, anonymous login, an bao 404",
        POST="302, anonymous login, an bao chenb chenb_home 404",
    ),
    Row("approvals:deliveries", GET="200, anonymous login, an bao 404", POST="405, anonymous login, an bao 404"),
    Row(
        "approvals:freeze",
        GET="404, anonymous login, li 200",
        POST="404, anonymous login, li 409",
    ),
    Row(
        "approvals:calendars",
        GET="404, anonymous login, zhen li 200",
        POST="404, anonymous login, zhen li 400",
    ),
    Row(
        "approvals:calendar",
        "calendar",
        GET="404, anonymous login, zhen li 200",
        POST="404, anonymous login, li 403, zhen 302!",
    ),
    Row(
        "approvals:drop_calendar",
        "calendar",
        GET="405, anonymous login, an bao 404",
        POST="404, anonymous login, zhen 302, li 302!",
    ),
    Row(
        "approvals:closings",
        GET="405, anonymous login, an bao 404",
        POST="404, anonymous login, zhen li 400",
    ),
    Row(
        "approvals:publish_closing",
        "calendar",
        GET="405, anonymous login, an bao 404",
        POST="404, anonymous login, li 302, zhen 302!",
    ),
    Row(
        "approvals:relations",
        GET="200, anonymous login, an bao 404",
        POST="400, anonymous login, an bao 404",
    ),
    Row(
        "approvals:end_relation",
        "relation",
        GET="404, anonymous login, chen zhen 200",
        POST="404, anonymous login, chen zhen 400",
    ),
    Row("approvals:relatives", GET="404, anonymous login, zhen du 200", POST="405, anonymous login, an bao 404"),
    Row("approvals:modes", GET="404, anonymous login, pi du 200", POST="405, anonymous login, an bao 404"),
    Row(
        "approvals:switch_mode",
        "proposal",
        GET="404, anonymous login, pi du 200",
        POST="404, anonymous login, pi 200",
    ),
    Row(
        "approvals:switch_mode_off",
        "standing_mode",
        GET="404, anonymous login, pi 200",
        POST="404, anonymous login, pi 200",
    ),
    Row("approvals:closing", GET="404, anonymous login, pi 200", POST="404, anonymous login, pi 200"),
    Row("approvals:repealed", GET="404, anonymous login, pi du 200", POST="404, anonymous login, pi 200"),
    Row("approvals:verify", "case", GET="404"),
    Row("approvals:verify", "certificate"),
    Row("approvals:certificate_qr", "case", GET="404"),
    Row("approvals:certificate_qr", "certificate"),
    Row("disclosure:board"),
    Row("disclosure:village", "column", GET="200, chenb_home 404"),
    Row("disclosure:search"),
    Row("disclosure:feed"),
    Row("disclosure:hall"),
    Row("disclosure:notice", "notice", GET="200, chenb_home 404"),
    Row("disclosure:notice", "unpublished", GET="404"),
    Row("disclosure:revision", "notice", GET="200, chenb_home 404"),
    Row("disclosure:revision", "unpublished", GET="404"),
    Row("disclosure:column", "column"),
    Row("disclosure:desk", GET="403, anonymous login, gao gong bu 200", POST="405, anonymous login"),
    Row(
        "disclosure:draft",
        GET="403, anonymous login, gao 200",
        POST="403, anonymous login, gao 200, gong bu 403",
    ),
    Row(
        "disclosure:desk_revision", "notice", GET="404, anonymous login, gao 200", POST="405, anonymous login"
    ),
    Row(
        "disclosure:desk_revision",
        "unpublished",
        GET="404, anonymous login, gao 200",
        POST="405, anonymous login",
    ),
    Row(
        "disclosure:edit", "notice", GET="404, anonymous login, gao 200", POST="404, anonymous login, gao 200"
    ),
    Row(
        "disclosure:edit",
        "unpublished",
        GET="404, anonymous login, gao 200",
        POST="404, anonymous login, gao 200",
    ),
    Row(
        "disclosure:revise",
        "notice",
        GET="404, anonymous login, gao 200",
        POST="404, anonymous login, gao 200",
    ),
    Row(
        "disclosure:revise",
        "unpublished",
        GET="404, anonymous login, gao 200",
        POST="404, anonymous login, gao 200",
    ),
    Row(
        "disclosure:submit",
        "notice",
        GET="405, anonymous login",
        POST="404, anonymous login, gao 409, gong bu 403",
    ),
    Row(
        "disclosure:submit",
        "unpublished",
        GET="405, anonymous login",
        POST="404, anonymous login, gao 302!, gong bu 403",
    ),
    Row("disclosure:review", "notice", GET="405, anonymous login", POST="404, anonymous login, gao 403"),
    Row("disclosure:review", "unpublished", GET="405, anonymous login", POST="404, anonymous login, gao 403"),
    Row("disclosure:publish", "notice", GET="405, anonymous login", POST="404, anonymous login, gao 403"),
    Row(
        "disclosure:publish", "unpublished", GET="405, anonymous login", POST="404, anonymous login, gao 403"
    ),
    Row("disclosure:withdraw", "notice", GET="405, anonymous login", POST="404, anonymous login, gao 400"),
    Row(
        "disclosure:withdraw", "unpublished", GET="405, anonymous login", POST="404, anonymous login, gao 400"
    ),
    Row("api:townships"),
    Row("api:items"),
    Row("api:item", "item", GET="200, chenb_home 404"),
    Row("api:items_csv"),
    Row("api:progress", "looked_up", query="?code={code}", GET="200, chenb_home 404"),
    Row("api:progress", "case", GET="404"),
    Row("api:progress", "case", GET="404", query="?code=222222222"),
    Row("api:board"),
    Row("api:notice", "notice", GET="200, chenb_home 404"),
    Row("api:notice", "unpublished", GET="404"),
    Row("api:results"),
    Row("api:defaults"),
    Row("api:results_csv"),
    Row("api:schema"),
    Row("api:docs"),
]
