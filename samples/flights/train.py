"""Learns from January to predict which flights leave late, and looks how well that holds in July.

    pip install -r requirements.lock
    python train.py

Writes metrics.json and model.json (the coefficients of a logistic regression). Only what is known before the
departure is used: airline, origin, destination, hour, weekday and distance.
"""

import json
from pathlib import Path

import pandas
import yaml
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
CATEGORIES = ["carrier", "origin", "dest", "hour", "weekday"]
NUMBERS = ["distance"]


def departures(month, late_after):
    """The flights that left, and whether each was late."""
    flights = pandas.read_parquet(HERE / "data" / f"flights_{month}.parquet").dropna(subset=["dep_delay"])
    weekday = pandas.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week
    return flights.assign(weekday=weekday)[CATEGORIES + NUMBERS], flights["dep_delay"] > late_after


def measured(model, features, late):
    chance = model.predict_proba(features)[:, 1]
    return {
        "rows": len(late),
        "late_share": round(float(late.mean()), 4),
        "auc": round(float(roc_auc_score(late, chance)), 4),
        "brier": round(float(brier_score_loss(late, chance)), 4),
    }


def main():
    params = yaml.safe_load((HERE / "params.yaml").read_text())
    features, late = departures("2013-01", params["late_after_minutes"])
    train, held_out, train_late, held_out_late = train_test_split(
        features, late, test_size=params["held_out_share"], random_state=params["seed"], stratify=late
    )
    model = make_pipeline(
        make_column_transformer((OneHotEncoder(handle_unknown="ignore"), CATEGORIES), (StandardScaler(), NUMBERS)),
        LogisticRegression(C=params["regularization"], max_iter=params["max_iterations"], random_state=params["seed"]),
    ).fit(train, train_late)

    metrics = {
        "train": measured(model, train, train_late),
        "validation": measured(model, held_out, held_out_late),
        "july": measured(model, *departures("2013-07", params["late_after_minutes"])),
    }
    regression = model[-1]
    names = model[0].get_feature_names_out()
    coefficients = {name: round(float(weight), 4) for name, weight in zip(names, regression.coef_[0])}
    write("metrics.json", metrics)
    write("model.json", {"intercept": round(float(regression.intercept_[0]), 4), "coefficients": coefficients})
    print(json.dumps(metrics, indent=2))


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=2) + "\n")


if __name__ == "__main__":
    main()
