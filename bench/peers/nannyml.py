"""NannyML's UnivariateDriftCalculator on two Parquet files: nannyml.py REFERENCE CURRENT. The last line says what it found."""

import sys

import nannyml
import pandas as pd

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
columns = list(reference.columns)
calculator = nannyml.UnivariateDriftCalculator(column_names=columns)
calculator.fit(reference)
found = calculator.calculate(current).filter(period="analysis").to_df()
drifted = sum(bool(found[key].any()) for key in found.columns if key[2] == "alert")
print(f"{drifted} of {len(columns)} drifted")
