"""变异测试：does the suite notice when the engine is wrong? One small mistake at a time."""
