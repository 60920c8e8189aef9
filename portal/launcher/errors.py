"""启动失败 – one sentence that says what to do."""


class LauncherError(Exception):
    """启动失败 – the message is the sentence shown; no trace follows it."""
