"""Benchmarks: where the time goes, and how it compares with what users would pick instead."""
