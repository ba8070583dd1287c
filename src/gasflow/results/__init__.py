"""Answers with labels: tables, comparisons, totals, quantiles.

Nothing is solved here, and nothing is known of files, commands or pictures.
"""
