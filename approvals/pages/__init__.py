"""页面的值：deadlines, day cells, timelines and months as plain values that templates show. Pure."""
