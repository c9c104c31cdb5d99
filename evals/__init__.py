"""The evaluation: data sets, scorers, runner and report. `assistant` never imports it.

python -m evals                 everything, with the report
python -m evals vignettes       one set, for development
"""
