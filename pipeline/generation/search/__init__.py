"""The search for lines under constraints: what is looked up, candidates, and the choice of the best."""
