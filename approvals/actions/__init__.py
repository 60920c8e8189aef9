"""审批与时限的动作：verbs that write; each is one transaction (engine section 8)."""

from approvals.actions.absences import end_absence, register_absence
from approvals.actions.afterwards import rectify, renounce, revoke
from approvals.actions.calendars import (
    announce_closing,
    drop_notice,
    import_notice,
    publish_closing,
    publish_notice,
)
from approvals.actions.clocks import extend, pause, resume
from approvals.actions.deciding import decide
from approvals.actions.delivering import confirm_delivery, deliver
from approvals.actions.deputies import delegate, delegate_cases, report_back, revoke_delegation
from approvals.actions.filing import end_mandate, file, supply, withdraw
from approvals.actions.following import forward, reopen
from approvals.actions.freezing import release
from approvals.actions.intake import accept, correct, reject
from approvals.actions.items import restore_item, withdraw_item
from approvals.actions.linking import keep_death_proof, link_duplicate, pass_to_member, record_death
from approvals.actions.measuring import measure_taken
from approvals.actions.modes import repeal, switch_off, switch_on
from approvals.actions.oversight import publish_reason, urge
from approvals.actions.receipts import confirm_receipt, declare_receipt
from approvals.actions.relations import declare_relation, end_relation
from approvals.actions.steps import find, give_opinion, object_to
from approvals.actions.terminating import terminate
from approvals.actions.visiting import note_absence, serve

__all__ = [
    "accept",
    "announce_closing",
    "confirm_delivery",
    "confirm_receipt",
    "correct",
    "decide",
    "declare_receipt",
    "drop_notice",
    "declare_relation",
    "delegate",
    "deliver",
    "delegate_cases",
    "end_absence",
    "end_mandate",
    "end_relation",
    "extend",
    "file",
    "find",
    "forward",
    "give_opinion",
    "import_notice",
    "keep_death_proof",
    "link_duplicate",
    "measure_taken",
    "note_absence",
    "object_to",
    "pass_to_member",
    "pause",
    "publish_closing",
    "publish_notice",
    "publish_reason",
    "rectify",
    "record_death",
    "register_absence",
    "reject",
    "release",
    "reopen",
    "renounce",
    "repeal",
    "restore_item",
    "report_back",
    "resume",
    "revoke",
    "revoke_delegation",
    "serve",
    "supply",
    "switch_off",
    "switch_on",
    "withdraw_item",
    "terminate",
    "urge",
    "withdraw",
]
