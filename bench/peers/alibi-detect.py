"""Alibi Detect's TabularDrift on two Parquet files: alibi-detect.py REFERENCE CURRENT. The last line says what it found."""

import sys

import numpy as np
import pandas as pd
from alibi_detect.cd import TabularDrift

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
labels = [column for column in reference if reference[column].dtype == object]
for column in labels:
    # The detector takes one matrix of numbers: labels become their place among those of both sides.
    levels = pd.concat([reference[column], current[column]]).unique()
    for side in (reference, current):
        side[column] = pd.Categorical(side[column], categories=levels).codes
categories = {reference.columns.get_loc(column): None for column in labels}
detector = TabularDrift(reference.to_numpy(np.float64), p_val=0.05, categories_per_feature=categories)
data = detector.predict(current.to_numpy(np.float64))["data"]
print(f"{(data['p_val'] < data['threshold']).sum()} of {len(data['p_val'])} drifted")
