"""What users would pick instead, each in a file of its own and imported only when it takes part."""
