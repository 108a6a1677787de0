"""Behind the scenes: the clock, what is sent to and fro, trouble, and a new start."""
