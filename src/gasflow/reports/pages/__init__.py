"""Pages: reports as text of 80 columns, coloured on a terminal and in a notebook.

A page arranges and rounds the figures of a report; it computes none.
"""
