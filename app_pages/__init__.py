"""The pages of the browser app, one a file: Streamlit widgets over what `assistant.ui` builds.

`app.py` opens them. They lie beside it and outside the package, which knows no Streamlit.
"""
