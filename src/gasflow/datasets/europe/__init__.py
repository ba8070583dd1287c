"""The European gas network of 2021 to 2023, from public figures."""
