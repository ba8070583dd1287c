"""Answers with labels."""
