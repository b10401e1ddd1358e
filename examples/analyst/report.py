"""Establishment per township, by county: a saved report as a table and a plot, and a report of one's own."""

import io
import json
import os
import sys
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

ORIGIN, TOKEN = sys.argv[1], sys.argv[2]
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "out")


def ask(path: str, body: dict | None = None) -> bytes:
    """What the server answers to a path, or to a GraphQL request."""
    data = json.dumps(body).encode() if body else None
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(ORIGIN + path, data, headers)) as answer:
        return answer.read()


def saved(report: str, **given: str) -> pd.DataFrame:
    """A saved report as a table."""
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return pd.read_csv(io.BytesIO(ask(f"/v1/reports/{report}.csv?encoding=utf-8&{query}")))


QUERY = """query($input: ReportInput!) { report(input: $input) {
  rows { keys { label } values { measure value previous delta } } totals { values { value } } } }"""

INPUT = {
    "dimensions": [{"dimension": "COUNTY"}],
    "measures": ["APPROVED_PER_TOWNSHIP", "VACANCY_RATE"],
    "within": "2106",
    "compareTo": {"asOf": "2019-11-30"},
}


def main() -> None:
    os.makedirs(OUT, exist_ok=True)
    counties = saved("average-establishment", within="2106", totals="none")
    print(counties.to_string(index=False))
    total = saved("average-establishment", within="2106").iloc[-1]
    print("镇均核定编制", total["镇均核定编制（个/乡镇）"])

    answer = json.loads(ask("/graphql", {"query": QUERY, "variables": {"input": INPUT}}))
    rows = answer["data"]["report"]["rows"]
    own = pd.DataFrame(
        {
            "county": [row["keys"][0]["label"] for row in rows],
            "now": [row["values"][0]["value"] for row in rows],
            "before": [row["values"][0]["previous"] for row in rows],
        }
    ).set_index("county")
    own["delta"] = own["now"] - own["before"]
    print(own.round(1).to_string())

    plt.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "DejaVu Sans"]
    axes = own[["before", "now"]].plot.barh(figsize=(8, 4), color=["#bbbbbb", "#1f77b4"])
    axes.set_xlabel("approved posts per township (镇均核定编制)")
    plt.tight_layout()
    plt.savefig(os.path.join(OUT, "establishment.png"), dpi=120)
    own.to_csv(os.path.join(OUT, "own.csv"))


main()
