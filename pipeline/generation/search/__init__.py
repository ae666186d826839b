"""The search for lines: what is looked up, how lines are drawn, and how they end."""
