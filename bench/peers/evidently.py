"""Evidently's DataDriftPreset on two Parquet files: evidently.py REFERENCE CURRENT. The last line says what it found."""

import sys

import pandas as pd
from evidently import Dataset, Report
from evidently.presets import DataDriftPreset

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
found = Report([DataDriftPreset()]).run(Dataset.from_pandas(current), Dataset.from_pandas(reference)).dict()
drifted = next(metric for metric in found["metrics"] if "DriftedColumnsCount" in metric["metric_name"])["value"]
print(f"{drifted['count']:.0f} of {len(reference.columns)} drifted")
