"""`mlflow.search_runs` of every run of a store, with their parameters, metrics and tags."""
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import mlflow

mlflow.set_tracking_uri(sys.argv[1])
runs = mlflow.search_runs(search_all_experiments=True, max_results=100_000, output_format="list")
print(f"{len(runs)} runs")
