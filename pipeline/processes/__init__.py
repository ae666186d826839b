"""Work in processes of its own: jobs that outlive a page, workers and executors, limits on what one may take."""
