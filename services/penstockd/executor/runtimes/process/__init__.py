"""Children that are processes of this machine: a pipe, a group, and an end seen at once.

POSIX is spoken in this folder and nowhere else in the executor.
"""
