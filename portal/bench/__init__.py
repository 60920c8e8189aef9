"""量性能：what a request costs beside an empty view; composition code, it may name every app."""
