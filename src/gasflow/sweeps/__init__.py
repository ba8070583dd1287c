"""Many scenarios: planned, streamed through executors, stored, summarised."""
