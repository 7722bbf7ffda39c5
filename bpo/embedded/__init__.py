"""The services the two commands start by themselves: PostgreSQL, a mail sink, and the processes of the demo.

Plain Python: nothing here imports Django, so it runs before settings can be read.
"""
