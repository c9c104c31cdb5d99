"""What is shown, as plain values: cards, tables, chips, pages, exports. Nothing here imports Streamlit."""
