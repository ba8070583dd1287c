"""Many scenarios of one structure in lockstep, eight to a register; everything here but `solver` is compiled.

A lane never looks at another one. What couples periods, and what has a name or a date, is elsewhere.
"""
