"""How do numbers look on a page? Shows frames; never fetches and never computes statistics.

* ``tokens`` colours, type and spacing; ``stylesheet`` all CSS of a page; ``fonts`` the typeface
* ``words`` Polish pieces; ``formats`` numbers and dates; ``numbers`` numbers that carry their key
* ``charts`` what a chart says, without a renderer; ``svg`` and ``interactive`` draw it
* ``tables`` accessible tables; ``figure`` a chart with its words and table, or the box of reasons
* ``sources`` files behind numbers: numbered, linked, listed; ``cautions`` limits of a value
* ``summary``, ``area_page``, ``service_page``, ``values_table``, ``gaps``, ``area_charts``,
  ``findings``, ``cards`` an assessed area as parts of a page
"""
