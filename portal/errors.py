"""错误：one small family; messages are Chinese sentences a person can act on."""


class PortalError(Exception):
    """可以告诉用户的错误: `code` for programs, `message` for people, `fields` for forms."""

    status = 400
    code = "error"

    def __init__(self, message: str, *, code: str = "", fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = fields or {}


class InvalidInput(PortalError):
    """填写有误"""

    status = 400
    code = "invalid_input"


class NotAllowed(PortalError):
    """无权办理"""

    status = 403
    code = "not_allowed"


class WrongState(PortalError):
    """当前状态不能这样办"""

    status = 409
    code = "wrong_state"


class DeadlinePassed(WrongState):
    """期限已届满: only where a default has taken effect, or where the act itself has a limit."""

    code = "deadline_passed"


class TooManyAttempts(PortalError):
    """尝试过多"""

    status = 429
    code = "too_many_attempts"
