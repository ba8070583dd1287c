"""Solvers of the programme, each a value behind one contract (`abstract.Solver`), all named in `registry`.

Whether their numbers are an answer is for the certificate to say, outside.
"""
