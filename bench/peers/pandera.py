"""pandera over polars: RULES (JSON) FILE. Prints how many rules are broken."""
import json
import sys

import pandera.polars as pa
import polars as pl

rules, path = json.loads(sys.argv[1]), sys.argv[2]
checks = {"minimum": pa.Check.ge, "maximum": pa.Check.le, "pattern": pa.Check.str_matches,
          "maxLength": lambda length: pa.Check.str_length(max_value=length)}
columns = {
    name: pa.Column(checks=[checks[rule](limit) for rule, limit in rule_set.items() if rule in checks],
                    nullable=False, unique=rule_set.get("unique", False))
    for name, rule_set in rules.items()
}
frame = pl.read_parquet(path)
try:
    pa.DataFrameSchema(columns).validate(frame, lazy=True)
    print(f"0 of {sum(len(rule_set) for rule_set in rules.values()) + 1} rules broken, {len(frame)} rows")
except pa.errors.SchemaErrors as error:
    print(f"{len(error.schema_errors)} rules broken, {len(frame)} rows")
