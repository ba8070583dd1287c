"""From tables to arrays, through the core, and back: models, plans, the programme, answers.

No table is written and no label is put on here; what is solved, and how, is the core's.
"""
