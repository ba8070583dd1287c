"""Solvers of the programme, all behind one contract (`abstract.Solver`)."""
