"""会话的存放：Django's own table and its own signed content; only the look-up is one prepared statement."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from portal import rows


class SessionStore(DatabaseStore):
    """会话 in PostgreSQL; every page of a person who has signed in asks for it first."""

    def _get_session_from_db(self) -> Session | None:
        """按键取没过期的会话; a key that is no more is forgotten, as Django does."""
        found = rows.select(Session, "WHERE t.session_key = %s AND t.expire_date > now()", [self.session_key])
        if not found:
            self._session_key = None
        return found[0] if found else None
