"""Great Expectations over pandas: RULES (JSON) FILE. Prints how many rules are broken."""
import json
import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "False"  # Nothing of a bench goes to anyone.

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

rules, path = json.loads(sys.argv[1]), sys.argv[2]
frame = pd.read_parquet(path)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
batch = context.data_sources.add_pandas("bench").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
kinds = {
    "unique": lambda name, _: gxe.ExpectColumnValuesToBeUnique(column=name),
    "minimum": lambda name, limit: gxe.ExpectColumnValuesToBeBetween(column=name, min_value=limit),
    "maximum": lambda name, limit: gxe.ExpectColumnValuesToBeBetween(column=name, max_value=limit),
    "pattern": lambda name, pattern: gxe.ExpectColumnValuesToMatchRegex(column=name, regex=pattern),
    "maxLength": lambda name, length: gxe.ExpectColumnValueLengthsToBeBetween(column=name, max_value=length),
}
suite = gx.ExpectationSuite(name="bench")
suite.add_expectation(gxe.ExpectTableRowCountToEqual(value=len(frame)))
for name, rule_set in rules.items():
    suite.add_expectation(gxe.ExpectColumnValuesToNotBeNull(column=name))
    for rule, limit in rule_set.items():
        if rule in kinds:
            suite.add_expectation(kinds[rule](name, limit))
result = batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite)
broken = sum(not one.success for one in result.results)
print(f"{broken} of {len(result.results)} rules broken, {len(frame)} rows")
