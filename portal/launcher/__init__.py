"""启动器 – embedded PostgreSQL and Valkey, `up`, `test` and `lint`; knows no business noun."""
