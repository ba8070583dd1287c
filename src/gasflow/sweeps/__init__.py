"""Many scenarios: planned, streamed through threads or a cluster, stored, summarised; study files.

A chunk depends on its plan and number only; how it is solved is known below.
"""
