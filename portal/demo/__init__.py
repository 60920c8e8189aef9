"""演示乡镇：a fictional township with people and cases; composition code, it may name every app."""
