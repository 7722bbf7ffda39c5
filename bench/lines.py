"""What the bench prints: a figure beside a baseline that does the same work in the same run."""

import json


def say(
    name: str, value: float, unit: str, baseline: str, baseline_value: float, target: float | None, **more: object
) -> None:
    """One line of JSON; `ok` where value is at most `target` times the baseline."""
    ratio = value / baseline_value if baseline_value else None
    line = {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "baseline": baseline,
        "baseline_value": round(baseline_value, 4),
        "ratio": None if ratio is None else round(ratio, 5),
        "target": target,
        "ok": None if target is None or ratio is None else ratio <= target,
        **more,
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the bench's output
