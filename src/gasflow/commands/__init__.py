"""Commands: one module each, imported by `gasflow.cli` when it is called.

A command reads its options, calls one function and prints; it computes nothing.
"""
