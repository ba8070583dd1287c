"""Reports that hold the model against what happened in Europe; they know its data, its hubs and its years.

What is of use for any network stands one floor up.
"""
