"""Figures of the bot, in one run beside a plain Bolt app: ``make bench``.

Everything runs on this machine, over loopback, between the two stand-ins of
``sandbox/``, which have a process of their own.
"""
