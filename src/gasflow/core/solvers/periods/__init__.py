"""One scenario over many periods, whose matrix is block-tridiagonal in time; numpy and LAPACK, nothing is compiled.

What is done for many scenarios at once is elsewhere.
"""
