"""What happens: shocks, sets of scenarios, periods, and who knows what when.

No shock says how it is solved, and none knows an array of the core.
"""
