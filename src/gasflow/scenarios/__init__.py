"""What happens: periods, shocks, and sets of scenarios."""
