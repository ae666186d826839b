"""What every page shares: layout, controls that stand in the address, figures and tables, jobs, ways out of it."""
