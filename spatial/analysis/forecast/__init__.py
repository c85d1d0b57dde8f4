"""Forecasts: arrays in, arrays out. Nothing here knows a database, a file name or a screen.

Hourly station parameters use :mod:`hourly` (pooled ridge and LightGBM) over :mod:`panel` and :mod:`baseline`; monthly
indicators use :mod:`monthly`; both take their intervals from :mod:`conformal` and pass through :mod:`gates` first.
"""

QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
BUNDLE_VERSION = 4  # of trained models kept in files; another one is trained again
