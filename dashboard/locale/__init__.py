"""What pages say in their visitor's language: its catalogues, and how texts of others are written into it."""
