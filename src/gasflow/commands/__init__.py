"""Commands: one module each, imported by `gasflow.cli` when it is called."""
