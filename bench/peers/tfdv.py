"""TFDV's statistics and drift comparators on two Parquet files: tfdv.py REFERENCE CURRENT. The last line says what it found."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import pandas as pd
import tensorflow_data_validation as tfdv

reference, current = (tfdv.generate_statistics_from_dataframe(pd.read_parquet(path)) for path in sys.argv[1:3])
schema = tfdv.infer_schema(reference)
NUMBERS = (2, 3)
for feature in schema.feature:
    # Only a column that has a comparator is measured.
    if feature.type in NUMBERS:
        feature.drift_comparator.jensen_shannon_divergence.threshold = 0.05
    else:
        feature.drift_comparator.infinity_norm.threshold = 0.05
measured = tfdv.validate_statistics(current, schema, previous_statistics=reference).drift_skew_info
drifted = sum(any(one.value > one.threshold for one in column.drift_measurements) for column in measured)
print(f"{drifted} of {len(schema.feature)} drifted")
