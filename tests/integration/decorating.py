"""Decorators of users as a module: one shows what it wraps, the other hides it."""

DECORATING = """
import functools

def timed(fn):
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)
    return inner

def bare(fn):
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)
    return inner
"""
