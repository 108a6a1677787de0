"""Figures of the bot, in one run beside a plain Bolt app: ``make bench``.

Everything runs on this machine, over loopback, between the two stand-ins of
``sandbox/``, which have a process of their own. They close each connection after one
request, so what pooled connections save does not show here.
"""
