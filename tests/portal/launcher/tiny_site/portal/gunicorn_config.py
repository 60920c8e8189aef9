"""gunicorn 的钩子：the tiny site has none."""
