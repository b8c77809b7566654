#!/usr/bin/env python3
"""Make one page that tells a run or a study to somebody else: report.html, which needs no other file.

    report.py RUN [--output FILE]

RUN is a results file, or the folder of a run or of a study. The page shows the pictures of plot.py, the metrics, the
tables, how the solver converged, where the time went, the deck, and what computed it with which libraries.
"""

import argparse
import base64
import html
import os
import sys
import tempfile
import warnings

import numpy as np

import plot
from results import ResultsError, open_results

MOST_ROWS = 200  # of a table; the file has all of them

STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6875; --line: #d8dee4; --paper: #fff; --box: #f5f7f9; --good: #1f7a4d; --bad: #b3401f }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa7b4; --line: #39434e; --paper: #14191f; --box: #1d242c; --good: #58c08b; --bad: #f08a6a } }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.5rem 4rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.7rem; margin: 0 0 .2rem; line-height: 1.2 }
h2 { font-size: 1.1rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem }
.about { color: var(--soft); margin: 0 0 1.5rem }
.state { font-weight: 600 } .done { color: var(--good) } .broken { color: var(--bad) }
figure { margin: 0 0 1.2rem } img { width: 100%; height: auto; border-radius: 6px; background: #fff }
figcaption { color: var(--soft); font-size: .85rem }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem }
.facts div { background: var(--box); border-radius: 6px; padding: .5rem .8rem }
.facts b { display: block; font-size: 1.15rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.facts span { color: var(--soft); font-size: .8rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--soft); font-weight: 600 } td.number, th.number { text-align: right }
pre { background: var(--box); border-radius: 6px; padding: 1rem; overflow-x: auto; font-size: .82rem; line-height: 1.4 }
details { margin: .6rem 0 } summary { cursor: pointer; color: var(--soft) }
"""


def escape(value):
    return html.escape(str(value))


def number(value):
    """A number as people read it; texts stay texts."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return str(value)
    if isinstance(value, (int, np.integer)):
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{float(value):.6g}"


def section(title, content):
    return f"<section><h2>{escape(title)}</h2>{content}</section>" if content else ""


def pictures(run):
    """The family's pictures, inside the page; a run without any says why."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            paths = plot.draw(run.path, folder)
        except ResultsError as error:
            return f"<p>{escape(error)}</p>"
        parts = []
        for path in paths:
            name = os.path.splitext(os.path.basename(path))[0].replace("_", " ")
            with open(path, "rb") as file:
                data = base64.b64encode(file.read()).decode()
            parts.append(f'<figure><img alt="{escape(name)}" src="data:image/png;base64,{data}">'
                         f"<figcaption>{escape(name)}</figcaption></figure>")
        return "".join(parts)


def metrics(run):
    boxes = (f"<div><b>{escape(number(value))}</b><span>{escape(name)}</span></div>" for name, value in run.metrics.items())
    return f'<div class="facts">{"".join(boxes)}</div>' if run.metrics else ""


def table(data):
    """A compound table; the units stand under the names."""
    shown = data.values[:MOST_ROWS]
    kinds = ["number" if np.issubdtype(shown.dtype[name], np.number) else "text" for name in data.columns]
    units = [data.units.get(name, "") for name in data.columns]
    head = "".join(f'<th class="{kind}">{escape(name)}{"" if unit in ("", "1") else f"<br>[{escape(unit)}]"}</th>'
                   for name, kind, unit in zip(data.columns, kinds, units))
    rows = ("".join(f'<td class="{kind}">{escape(number(cell))}</td>' for cell, kind in zip(row.tolist(), kinds))
            for row in shown)
    more = f"<p>The first {MOST_ROWS} of {len(data)} rows.</p>" if len(data) > MOST_ROWS else ""
    return (f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>'
            f'{"".join(f"<tr>{row}</tr>" for row in rows)}</tbody></table></div>{more}')


def tables(run):
    names = [name for name in run.names() if name.startswith("tables/")]
    return "".join(section(run[name].long_name or name, table(run[name])) for name in names)


def timings(run):
    """Seconds a stage, least and most over the ranks."""
    names = [name for name in run.names() if name.startswith("timing/")]
    rows = []
    for name in names:
        seconds = np.asarray(run[name].values)
        rows.append(f'<tr><td>{escape(name.split("/", 1)[1])}</td><td class="number">{seconds.min():.3f}</td>'
                    f'<td class="number">{seconds.max():.3f}</td></tr>')
    head = '<tr><th>stage</th><th class="number">least [s]</th><th class="number">most [s]</th></tr>'
    return f'<table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>' if rows else ""


def arrays(run):
    """What else the file holds."""
    rows = []
    for name in run.names():
        item = run[name]
        if getattr(item, "columns", None) is None and not name.startswith(("timing/", "tables/")):
            shape = " × ".join(map(str, item.shape)) or "1"
            rows.append(f"<tr><td>{escape(name)}</td><td>{escape(item.long_name)}</td><td>{shape}</td>"
                        f"<td>{escape(item.units)}</td></tr>")
    head = "<tr><th>dataset</th><th>what</th><th>shape</th><th>units</th></tr>"
    return f'<div class="wide"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>' if rows else ""


def decks(run):
    parts = []
    deck = run.deck
    if hasattr(deck, "source"):
        parts.append(f"<pre>{escape(deck.source)}</pre>")
    if hasattr(deck, "resolved"):
        parts.append(f"<details><summary>with every default, in SI</summary><pre>{escape(deck.resolved)}</pre></details>")
    return "".join(parts)


def provenance(run):
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in run.provenance.items() if value != "")
    return f'<div class="wide"><table><tbody>{rows}</tbody></table></div>' if rows else ""


def page(run):
    """The whole page of a run or study."""
    title = run.title or run.problem
    state = ("done", "complete") if run.complete else ("broken", "incomplete: this is what it had computed")
    failure = f'<p class="broken">{escape(run.metrics["failure"])}</p>' if "failure" in run.metrics else ""
    about = f'{escape(run.problem)}{" study" if run.is_study else ""} · {escape(run.created)} · <span class="state {state[0]}">{state[1]}</span>'
    parts = [section("Pictures", pictures(run)), section("Metrics", metrics(run)), tables(run),
             section("Time", timings(run)), section("Datasets", arrays(run)), section("Deck", decks(run)),
             section("Provenance", provenance(run))]
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
            f'<body><h1>{escape(title)}</h1><p class="about">{about}</p>{failure}{"".join(parts)}</body></html>\n')


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="results file, or the folder of a run or of a study")
    parser.add_argument("--output", help="where to write (default: report.html next to the results)")
    options = parser.parse_args(arguments)
    warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
    try:
        with open_results(options.run) as run:
            output = options.output or os.path.join(os.path.dirname(run.path) or ".", "report.html")
            text = page(run)
        with open(output, "w", encoding="utf-8") as file:
            file.write(text)
    except (ResultsError, OSError) as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 2
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
