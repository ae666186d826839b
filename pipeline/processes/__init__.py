"""Work in processes of its own: jobs that outlive a page, and limits on what one may take."""
