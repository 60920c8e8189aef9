"""公开的读：the board's columns, the month's figures, notices; what the home page shows of them."""

from disclosure.queries.months import MonthLedger, month_ledger
from disclosure.queries.notices import Announcement, announcements
from disclosure.queries.phones import public_phones

__all__ = ["Announcement", "MonthLedger", "announcements", "month_ledger", "public_phones"]
