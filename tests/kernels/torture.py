"""A notebook of everything that a way of running cells may get wrong.

:func:`torture_notebook` makes it; :mod:`tests.kernels.normalised` says when two runs of it are the
same. Cells are short, need no file and no network, and are as a reader would write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: Output of processes that the cell starts: its order beside Python's own output is not defined.
FD_OUTPUT = "fd-output"
#: nbclient's own tag: the cell is meant to raise, and the run goes on.
RAISES = "raises-exception"

_CELLS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("the last value is shown", "value = 6 * 7\nvalue", ()),
    ("a semicolon hides it", "value;", ()),
    ("nothing to show", "None", ()),
    ("an empty cell", "", ()),
    ("only a comment", "# nothing here", ()),
    ("history of values", "_ , Out[1], len(In)", ()),
    ("text with diacritics", "print('Zażółć gęślą jaźń', '\\u2212', '\\N{GRINNING FACE}')", ()),
    (
        "both streams, mixed",
        "import sys\nfor i in range(4):\n    print('out', i)\n    print('err', i, file=sys.stderr)",
        (),
    ),
    ("a line without its end", "print('bez końca', end='')", ()),
    ("carriage return and backspace", "print('1%\\r50%\\r100%')\nprint('ab\\bc')", ()),
    ("much text", "print('\\n'.join(f'{i:06d} ' + 'x' * 70 for i in range(5_000)))", ()),
    ("one long line", "print('y' * 200_000)", ()),
    ("flushed piece by piece", "for i in range(50):\n    print(i, end=' ', flush=True)", ()),
    (
        "a stream between two displays",
        "from IPython.display import display\n"
        "print('przed'); display(1); print('między'); display('dwa'); print('po')",
        (),
    ),
    (
        "rich kinds",
        "from IPython.display import HTML, JSON, SVG, Javascript, Latex, Markdown\n"
        "display(HTML('<b>x</b>'), Markdown('**x**'), Latex('$x$'), JSON({'b': [1, None]}))\n"
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Javascript('1'))",
        (),
    ),
    (
        "own representations",
        "class Rich:\n"
        "    def _repr_html_(self):\n        return '<i>rich</i>'\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        kind = 'application/x-own+json'\n"
        "        return {kind: {'n': 1}}, {kind: {'m': 2}}\n"
        "    def __repr__(self):\n        return 'Rich()'\n"
        "Rich()",
        (),
    ),
    (
        "a representation that raises",
        "class Broken:\n    def __repr__(self):\n        raise ValueError('repr')\nBroken()",
        (RAISES,),
    ),
    (
        "bytes of a picture",
        "from IPython.display import Image\nimport base64\n"
        "Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk"
        "+A8AAQUBAScY42YAAAAASUVORK5CYII='))",
        (),
    ),
    ("a value of its own mime", "display({'text/plain': 'a', 'text/x-own': 'b'}, raw=True)", ()),
    ("metadata of a display", "display(1, metadata={'own': 'meta'})", ()),
    (
        "a display that is updated",
        "handle = display('stare', display_id='handle')\nhandle.update('nowe')",
        (),
    ),
    ("updated from a later cell", "handle.update('najnowsze')\nprint('gotowe')", ()),
    ("a display without an object", "other = display(display_id=True)\nother is None", ()),
    (
        "cleared at once",
        "from IPython.display import clear_output\n"
        "print('znika')\nclear_output()\nprint('zostaje')",
        (),
    ),
    (
        "cleared when the next comes",
        "for i in range(3):\n    clear_output(wait=True)\n    display(i)",
        (),
    ),
    ("cleared for nothing", "print('zostaje mimo wait')\nclear_output(wait=True)", ()),
    (
        "a table",
        "import pandas as pd\n"
        "frame = pd.DataFrame({'nazwa': ['Ą', None], 'wartość': [1.5, float('nan')]})\nframe",
        (),
    ),
    ("a styled table", "frame.style.format(precision=2).highlight_max(subset=['wartość'])", ()),
    (
        "a chart",
        "%matplotlib inline\n"
        "import matplotlib.pyplot as plt\n"
        "fig, ax = plt.subplots(figsize=(2, 1), dpi=50)\nax.plot([1, 3, 2]);",
        (),
    ),
    (
        "two charts and text",
        "for i in (1, 2):\n    plt.figure(figsize=(1, 1), dpi=40)\n    plt.plot([i, 0])\n"
        "    plt.show()\n    print(i)",
        (),
    ),
    ("a chart as vectors", "%config InlineBackend.figure_formats = ['png']\nfig", ()),
    ("which backend", "import matplotlib\nmatplotlib.get_backend()", ()),
    (
        "widgets",
        "import ipywidgets as w\n"
        "slider = w.IntSlider(value=3, max=9, description='liczba')\n"
        "label = w.Label('x')\nw.VBox([slider, label])",
        (),
    ),
    (
        "a widget that answers",
        "seen = []\nslider.observe(lambda change: seen.append(change['new']), 'value')\n"
        "slider.value = 5\nlabel.value = 'y'\nseen, slider.value",
        (),
    ),
    (
        "an output widget",
        "out = w.Output()\n"
        "with out:\n    print('w środku')\n    display('też')\nprint('obok')\nout",
        (),
    ),
    ("an output widget later", "with out:\n    print('później')\nlen(out.outputs)", ()),
    (
        "an interaction",
        "@w.interact(x=(0, 3))\ndef f(x=2):\n    print('x =', x)",
        (),
    ),
    (
        "a comm of one's own",
        "from comm import create_comm\n"
        "line = create_comm(target_name='own', data={'a': 1})\nline.send({'b': 2})\nline.close()",
        (),
    ),
    ("an error", "def f(x):\n    return 1 / x\nf(0)", (RAISES,)),
    (
        "an error with a cause",
        "try:\n    f(0)\nexcept ZeroDivisionError as e:\n    raise KeyError('klucz') from e",
        (RAISES,),
    ),
    ("an error after output", "print('jeszcze')\ndisplay(2)\nraise RuntimeError('źle')", (RAISES,)),
    (
        "a group of errors",
        "raise ExceptionGroup('grupa', [ValueError(1), TypeError(2)])",
        (RAISES,),
    ),
    ("a syntax error", "x = = 1", (RAISES,)),
    ("wrong indentation", "if True:\nprint(1)", (RAISES,)),
    ("an interrupt of one's own", "raise KeyboardInterrupt", (RAISES,)),
    ("the last error", "sys.last_value.__class__.__name__", ()),
    ("a question nobody can answer", "input('imię? ')", (RAISES,)),
    ("a password nobody can type", "import getpass\ngetpass.getpass('hasło? ')", (RAISES,)),
    (
        "a warning, shown once",
        "import warnings\nfor _ in range(3):\n    warnings.warn('uwaga', stacklevel=1)",
        (),
    ),
    ("a warning of a library", "warnings.warn('stare', DeprecationWarning, stacklevel=1)", ()),
    (
        "a log",
        "import logging\nlogging.getLogger('own').warning('ostrzeżenie')\n"
        "logging.getLogger('own').info('cicho')",
        (),
    ),
    (
        "await in a cell",
        "import asyncio\nawait asyncio.sleep(0)\nawait asyncio.gather(*("
        "asyncio.sleep(0, i) for i in range(3)))",
        (),
    ),
    (
        "a task that goes on",
        "async def later():\n    for _ in range(3):\n        await asyncio.sleep(0)\n"
        "    return 'zadanie'\ntask = asyncio.ensure_future(later())",
        (),
    ),
    ("the task's result", "await task", ()),
    ("the running loop", "asyncio.get_running_loop().is_running()", ()),
    (
        "a thread that prints",
        "import threading\nt = threading.Thread(target=lambda: print('z wątku'))\n"
        "t.start()\nt.join()",
        (),
    ),
    (
        "a process that prints",
        "import subprocess\n"
        "subprocess.run([sys.executable, '-c', 'import os; os.write(1, b\"proces\\\\n\");"
        ' os.write(2, b"jego blad\\\\n")\'], check=True).returncode',
        (FD_OUTPUT,),
    ),
    ("below Python", "import os\nos.write(1, b'fd 1\\n') + os.write(2, b'fd 2\\n')", (FD_OUTPUT,)),
    ("the original stream", "print('oryginalny', file=sys.__stdout__, flush=True)", (FD_OUTPUT,)),
    ("a shell command", "!echo z powłoki", ()),
    ("its lines as a list", "lines = !printf 'a\\nb\\n'\nlines", ()),
    ("a shell that fails", "!exit 3\n_exit_code", ()),
    ("a cell of bash", "%%bash\necho w bashu\necho błąd >&2", ()),
    ("a cell magic that raises", "%%bash\nexit 3", (RAISES,)),
    ("captured", "%%capture kept\nprint('schowane')\ndisplay(3)\n4", ()),
    ("and shown", "kept.show()\nkept.stdout", ()),
    ("time of a line", "%time sum(range(10))", ()),
    (
        "own magic",
        "from IPython import get_ipython\nfrom IPython.core.magic import "
        "register_line_magic\n@register_line_magic\ndef own(line):\n    return line.upper()",
        (),
    ),
    ("used", "%own abc", ()),
    ("no such magic", "%nosuchmagic", (RAISES,)),
    ("help", "?len", ()),
    ("printing mode", "%pprint\n[1, 2]", ()),
    ("names", "%who_ls int", ()),
    ("the name of the module", "__name__, sys.modules['__main__'].__dict__ is globals()", ()),
    (
        "the shell and its kind",
        "type(get_ipython()).__name__, get_ipython().kernel is not None",
        (),
    ),
    (
        "the class defined here can be pickled",
        "import pickle\nclass Own:\n    pass\ntype(pickle.loads(pickle.dumps(Own()))).__name__",
        (),
    ),
    ("source of what was typed", "import inspect\nprint(inspect.getsource(f))", ()),
    ("arguments of the program", "len(sys.argv), sys.argv[1:2], sys.flags.hash_randomization", ()),
    ("the display hook", "sys.displayhook('wprost')", ()),
    ("payload of a page", "get_ipython().set_next_input('x = 1')\nprint('dalej')", ()),
    ("several expressions", "get_ipython().ast_node_interactivity = 'all'", ()),
    ("all of them shown", "1\n'dwa'\n3.0", ()),
    ("only the last again", "get_ipython().ast_node_interactivity = 'last_expr'", ()),
    (
        "hooks around a cell",
        "get_ipython().events.register('post_execute', lambda: print('po'))",
        (),
    ),
    ("the hook at work", "5", ()),
    ("the end", "len(Out) > 20", ()),
)


def torture_notebook(*, errors: bool = True) -> Any:
    """Make the notebook, not executed.

    Parameters
    ----------
    errors : bool, default True
        Whether the cells that raise are in it. papermill stops at each of them, whatever its tags;
        nbclient goes on.

    Returns
    -------
    NotebookNode
        Code cells; ``metadata.title`` says what each is about.

    Examples
    --------
    >>> [cell.metadata.title for cell in torture_notebook(errors=False).cells][:2]
    ['the last value is shown', 'a semicolon hides it']
    """
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [
        new_code_cell(source, id=f"cell-{number}", metadata={"title": title, "tags": list(tags)})
        for number, (title, source, tags) in enumerate(_CELLS)
        if errors or RAISES not in tags
    ]
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec})
