"""Arrays only: the programme, its solvers, and the certificate that judges them.

Nothing here knows a name, a table, a date or a file. Rows are balances, columns are everything that can be
chosen (flows, served demand, supply, storage, deficits), and the scenario is the last, contiguous axis.
"""
