"""When are two runs of a notebook the same? After these rules, and by nothing else.

What two ordinary kernels of the same library give differently on two runs is no difference between
two ways of running. Each rule names its cause; anything else that differs is a failure.

1. **When it ran.** Only outputs, execution counts and the state of widgets are compared; of the
   metadata (papermill's and nbclient's clocks, versions) nothing. The two lines that ``%time``
   prints lose what stands after the colon.
2. **Random ids.** Ids of widget models and of styled tables are numbered in order of their
   appearance, but only those that the notebook itself declares: a hash that a cell prints stays.
   Addresses of objects (``at 0x7f...``) and the process number in the name of a cell's file
   (``/tmp/ipykernel_123/``) are replaced.
3. **Splitting of streams.** ipykernel sends what was printed when a timer fires, each stream by
   itself, so pieces and the order of stdout and stderr are chance. Between two outputs of another
   kind all of stdout is joined, then all of stderr. In cells tagged ``fd-output`` (a process that
   the cell started writes past Python) a thread reads the text whenever it can: there the text is
   joined over the whole cell, its lines sorted, and put first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.kernels.torture import FD_OUTPUT

_VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
_STYLED = re.compile(r'id="T_([0-9a-f]{5})"')
_CLOCKS = re.compile(r"^(CPU times|Wall time|Czas):.*$", re.MULTILINE)
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
# from the start of a word on: elsewhere a long line would be tried at each of its characters
_CELL_FILE = re.compile(r"(?<![^\s\"'])[^\s\"']*/ipykernel_\d+/")


def normalised(notebook: Any) -> list[dict[str, Any]]:
    """Return what counts of each code cell of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.

    Returns
    -------
    list of dict
        ``title``, ``execution_count`` and ``outputs`` of each code cell, then one entry with the
        states of the widgets.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> pieces = [new_output("stream", name="stdout", text=text) for text in ("a", "b 0x7f0000001")]
    >>> normalised(new_notebook(cells=[new_code_cell("x", outputs=pieces)]))[0]["outputs"]
    [{'output_type': 'stream', 'name': 'stdout', 'text': 'ab <address>'}]
    """
    cells = [
        {
            "title": cell.metadata.get("title", cell.source),
            "execution_count": cell.execution_count,
            "outputs": _joined(cell),
        }
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    states = notebook.metadata.get("widgets", {}).get(_STATE, {}).get("state", {})
    # a list of pairs: the ids are keys, and keys are replaced only in text
    cells.append({"title": "widgets", "outputs": [list(pair) for pair in states.items()]})
    return _without_chance(cells, states)


def differences(expected: Any, found: Any) -> list[str]:
    """Compare two runs of one notebook, cell by cell.

    Parameters
    ----------
    expected, found : NotebookNode
        Executed.

    Returns
    -------
    list of str
        A sentence for each cell that differs; empty when the runs are the same.
    """
    left, right = normalised(expected), normalised(found)
    if [cell["title"] for cell in left] != [cell["title"] for cell in right]:
        return ["the notebooks have different cells"]
    return [
        f"cell {number} ({one['title']}): expected {_start(one)}, found {_start(other)}"
        for number, (one, other) in enumerate(zip(left, right, strict=True))
        if one != other
    ]


def _start(cell: Mapping[str, Any]) -> str:
    text = json.dumps(cell, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 1500 else f"{text[:1500]} ... ({len(text)} characters)"


def _joined(cell: Any) -> list[dict[str, Any]]:
    outputs = [json.loads(json.dumps(output)) for output in cell.outputs]
    if FD_OUTPUT in cell.metadata.get("tags", ()):
        streams = [output for output in outputs if output["output_type"] == "stream"]
        others = [output for output in outputs if output["output_type"] != "stream"]
        return [*_by_name(streams, in_order=False), *others]
    joined: list[dict[str, Any]] = []
    run: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream":
            run.append(output)
            continue
        joined += [*_by_name(run), output]
        run = []
    return joined + list(_by_name(run))


def _by_name(streams: list[dict[str, Any]], *, in_order: bool = True) -> Iterator[dict[str, Any]]:
    for name in ("stdout", "stderr"):
        text = "".join(stream["text"] for stream in streams if stream["name"] == name)
        if not in_order:
            text = "".join(sorted(text.splitlines(keepends=True)))
        if text:
            yield {"output_type": "stream", "name": name, "text": text}


def _without_chance(cells: list[dict[str, Any]], states: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = json.dumps(cells, ensure_ascii=False)
    declared = {match for cell in cells for match in _declared(cell["outputs"])} | set(states)
    if declared:
        places: dict[str, str] = {}
        pattern = re.compile("|".join(sorted(map(re.escape, declared))))
        text = pattern.sub(lambda m: places.setdefault(m[0], f"<id-{len(places) + 1}>"), text)
    return [_in_texts(cell) for cell in json.loads(text)]


def _declared(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        data = output.get("data", {}) if isinstance(output, dict) else {}
        if _VIEW in data:
            yield str(data[_VIEW]["model_id"])
        for number in _STYLED.findall(data.get("text/html", "")):
            yield f"T_{number}"


def _in_texts(value: Any) -> Any:
    """Apply the rules for texts to every string in a value."""
    if isinstance(value, dict):
        return {key: _in_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_texts(inner) for inner in value]
    if isinstance(value, str):
        value = _CLOCKS.sub(r"\1: <time>", value)
        return _CELL_FILE.sub("<cell>/", _ADDRESS.sub("<address>", value))
    return value
