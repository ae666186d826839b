"""How numbers and texts are written for a reader. English so far; knows no Streamlit."""
