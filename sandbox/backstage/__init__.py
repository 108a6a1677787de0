"""Behind the scenes: the clock, the traffic, trouble, and the reset."""
