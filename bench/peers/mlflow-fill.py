"""Fills a database, whose tables MLflow makes, with the runs that are given as JSON."""
import json
import sqlite3
import sys

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

path = sys.argv[1]
SqlAlchemyStore(f"sqlite:///{path}", "./mlruns")
runs = json.load(sys.stdin)
database = sqlite3.connect(path)
database.execute(
    "insert into experiments (experiment_id, name, artifact_location, lifecycle_stage) values (1, 'sweep', './mlruns/1', 'active')"
)
for run in runs:
    uid, started = run["id"], run["started"]
    database.execute(
        "insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,"
        " source_version, lifecycle_stage, artifact_uri, experiment_id)"
        " values (?, ?, 'UNKNOWN', '', '', 'ada', 'FINISHED', ?, ?, '', 'active', ?, 1)",
        (uid, run["name"], started, started + 30_000, f"./mlruns/1/{uid}/artifacts"),
    )
    database.executemany("insert into params (key, value, run_uuid) values (?, ?, ?)", [(k, v, uid) for k, v in run["params"].items()])
    database.executemany("insert into tags (key, value, run_uuid) values (?, ?, ?)", [(k, v, uid) for k, v in run["tags"].items()])
    for key, values in run["metrics"].items():
        rows = [(key, value, started + step * 1000, uid, step, 0) for step, value in enumerate(values)]
        columns = "(key, value, timestamp, run_uuid, step, is_nan) values (?, ?, ?, ?, ?, ?)"
        database.executemany(f"insert into metrics {columns}", rows)
        database.execute(f"insert into latest_metrics {columns}", rows[-1])
database.commit()
