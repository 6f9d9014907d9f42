/* A table of thousands of rows: the data come once as JSON, only what is in view stands in the page.
   A row is a unit (years in columns) or a unit in a year. Sorting, filters and pinned units are told
   to the session through a hidden field, so that the link and the files say what is seen.
   The shape of the data: smup_lib/apps/advanced/table_data.py. */
(function () {
  "use strict";

  var POLISH = new Intl.Collator("pl", { numeric: true, sensitivity: "base" });
  var NBSP = "\u00a0", OVERSCAN = 8, TELL_AFTER = 500, MOST_PINS = 8, MOST_RANGES = 6;
  var PAPER_ROWS = 400, PAPER_COLUMNS = 6;
  var serial = 0;

  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (c) { return "&#" + c.charCodeAt(0) + ";"; });
  }

  function folded(text) {
    return text.toLocaleLowerCase("pl").replace(/ł/g, "l").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[–—-]/g, " ").replace(/\s+/g, " ");
  }

  var formats = {};
  function format(value, decimals) {
    var known = formats[decimals] = formats[decimals] || new Intl.NumberFormat("pl", {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "always"
    });
    var text = known.format(value).replace(/\s/g, NBSP).replace("-", "\u2212");
    return /[1-9]/.test(text) ? text : text.replace("\u2212", "");
  }

  // "1 234,5" as people write it
  function readNumber(text) {
    var plain = text.replace(/[\s\u00a0]/g, "").replace("\u2212", "-").replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(plain) ? parseFloat(plain) : null;
  }

  // the exact doubles of a column, the least byte first
  function decode(text) {
    if (!text) { return null; }
    var raw = window.atob(text), bytes = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) { bytes[i] = raw.charCodeAt(i); }
    return new Float64Array(bytes.buffer);
  }

  function Grid(host, data) {
    this.host = host;
    this.data = data;
    this.id = "smup-grid-" + (++serial);
    this.names = data.names.map(folded);
    this.numbers = data.indicators.map(function () { return []; });
    this.state = Object.assign({ sort: "", text: "", ranges: [], pins: [], layout: "wide" }, data.state);
    this.active = { row: -1000, column: 0 }; // the header; pinned rows count from below up to -1
    this.shown = new Map();
    this.build();
    this.refresh();
  }

  Grid.prototype.columns = function () {
    var data = this.data, self = this, out = [];
    if (this.state.layout === "long") {
      data.indicators.forEach(function (one, i) {
        out.push({ id: one.id, name: one.name, measure: one.measure, decimals: one.decimals, i: i, y: -1 });
      });
      return out;
    }
    data.indicators.forEach(function (one, i) {
      data.years.forEach(function (year, y) {
        if (!self.data.values[i][y]) { return; } // nobody has a value: said above the table
        out.push({ id: one.id + "@" + year, name: one.name, year: year, measure: one.measure, decimals: one.decimals, i: i, y: y });
      });
    });
    return out;
  };

  Grid.prototype.unitOf = function (row) { return this.long ? Math.floor(row / this.data.years.length) : row; };
  Grid.prototype.yearOf = function (row, column) { return column.y >= 0 ? column.y : row % this.data.years.length; };

  Grid.prototype.value = function (row, column) {
    var y = this.yearOf(row, column), numbers = this.numbers[column.i][y];
    if (numbers === undefined) { numbers = this.numbers[column.i][y] = decode(this.data.values[column.i][y]); }
    var value = numbers ? numbers[this.unitOf(row)] : NaN;
    return value === value ? value : null;
  };

  Grid.prototype.sign = function (row, column) {
    var signs = this.data.flags[column.i][this.yearOf(row, column)];
    return typeof signs === "string" ? signs.charCodeAt(this.unitOf(row)) - 97 : signs;
  };

  /* -- what is in the table: filters, order, pins ------------------------------------------------ */

  Grid.prototype.refresh = function () {
    var self = this, data = this.data, state = this.state;
    this.long = state.layout === "long";
    this.cols = this.columns();
    var n = data.codes.length * (this.long ? data.years.length : 1), rows = [];
    var wanted = folded(state.text).trim().split(" ").filter(Boolean);
    var fits = data.names.map(function (_, u) {
      return wanted.every(function (word) {
        return self.names[u].indexOf(word) >= 0 || data.codes[u].indexOf(word) === 0;
      });
    });
    var ranges = state.ranges.map(function (one) {
      return { column: self.cols.find(function (c) { return c.id === one.id; }), low: one.low, high: one.high };
    }).filter(function (one) { return one.column; });
    for (var row = 0; row < n; row += 1) {
      if (fits[this.unitOf(row)] && ranges.every(inside)) { rows.push(row); }
    }
    function inside(one) {
      var value = self.value(row, one.column);
      return value !== null && (one.low === null || value >= one.low) && (one.high === null || value <= one.high);
    }
    this.order(rows);
    var pins = state.pins.map(function (code) { return data.codes.indexOf(code); }).filter(function (u) { return u >= 0; });
    // with years in rows a unit is pinned with its newest year
    this.pinned = pins.map(function (u) { return self.long ? u * data.years.length + data.years.length - 1 : u; });
    this.rows = rows;
    this.total = n;
    this.drawHead();
    this.chooseColumns();
    this.drawPinned();
    this.drawRows(true);
    this.drawTools();
    this.say();
  };

  Grid.prototype.order = function (rows) {
    var self = this, sort = this.state.sort, descending = sort[0] === "-", id = sort.replace(/^-/, "");
    var column = this.cols.find(function (c) { return c.id === id; });
    if (column) {
      var known = new Map(rows.map(function (row) { return [row, self.value(row, column)]; }));
      rows.sort(function (a, b) {
        var x = known.get(a), y = known.get(b);
        if (x === null || y === null) { return x === y ? a - b : x === null ? 1 : -1; } // missing last, both ways
        return (descending ? y - x : x - y) || a - b;
      });
      return;
    }
    if (id === "year") {
      rows.sort(function (a, b) {
        var years = self.data.years.length;
        return (descending ? -1 : 1) * (a % years - b % years) || a - b;
      });
      return;
    }
    if (id === "name" && descending) { rows.reverse(); } // the units come in the order of the Polish alphabet
  };

  /* -- drawing ------------------------------------------------------------------------------------- */

  Grid.prototype.build = function () {
    var id = this.id;
    this.host.innerHTML =
      '<div class="smup-grid-tools">' +
      '<label class="smup-grid-field">Filtruj jednostki<input type="search" autocomplete="off" spellcheck="false" placeholder="nazwa albo kod" class="smup-grid-text"></label>' +
      '<label class="smup-grid-field smup-grid-layout">Lata<select><option value="wide">w kolumnach</option><option value="long">w wierszach</option></select></label>' +
      '<details class="smup-grid-ranges"><summary>Filtruj według wartości</summary><form>' +
      '<label class="smup-grid-field">Kolumna<select class="smup-grid-column"></select></label>' +
      '<label class="smup-grid-field">od<input inputmode="decimal" class="smup-grid-low"></label>' +
      '<label class="smup-grid-field">do<input inputmode="decimal" class="smup-grid-high"></label>' +
      '<button class="smup-link-button">Dodaj filtr</button><p class="smup-grid-wrong" role="alert"></p></form></details></div>' +
      '<div class="smup-grid-chips" role="group" aria-label="Filtry i przypięte jednostki"></div>' +
      '<p class="smup-grid-said" role="status"></p>' +
      '<div class="smup-grid-frame" tabindex="-1"><table role="grid" class="smup-grid-table" aria-labelledby="' + id + '">' +
      '<caption id="' + id + '" class="smup-hidden">' + escape(this.data.caption) + "</caption>" +
      '<colgroup></colgroup><thead></thead><tbody class="smup-grid-pinned"></tbody><tbody class="smup-grid-rows"></tbody></table></div>' +
      this.legend();
    var find = this.host.querySelector.bind(this.host);
    this.frame = find(".smup-grid-frame");
    this.table = find("table");
    this.body = find(".smup-grid-rows");
    find(".smup-grid-text").value = this.state.text;
    find(".smup-grid-layout select").value = this.state.layout;
    if (this.data.years.length < 2) { find(".smup-grid-layout").hidden = true; }
    this.listen(find);
  };

  Grid.prototype.legend = function () {
    var signs = this.data.legend.map(function (one) {
      return one[0] ? "<span><b>" + escape(one[0]) + "</b> " + escape(one[1]) + "</span>" : "";
    }).filter(Boolean);
    return '<p class="smup-legend smup-grid-legend">' + signs.join(" ") + '<span class="smup-grid-keys">Klawisze: strzałki przechodzą ' +
      "między komórkami, Enter na nagłówku sortuje, Enter na nazwie przypina jednostkę u góry.</span></p>";
  };

  Grid.prototype.heads = function () {
    var first = [{ id: "name", name: "Jednostka" }];
    if (this.long) { first.push({ id: "year", name: "Rok" }); }
    return first.concat(this.cols);
  };

  Grid.prototype.drawHead = function () {
    var self = this, sort = this.state.sort || "name", id = sort.replace(/^-/, "");
    var widths = this.heads().map(function (head) {
      return '<col class="smup-grid-' + (head.id === "name" ? "first" : head.id === "year" ? "year" : "number") + '">';
    });
    this.table.querySelector("colgroup").innerHTML = widths.join("");
    this.table.style.setProperty("--smup-grid-columns", this.cols.length);
    this.table.querySelector("thead").innerHTML = '<tr aria-rowindex="1">' + this.heads().map(function (head, at) {
      var on = head.id === id ? (sort[0] === "-" ? "descending" : "ascending") : "none";
      var small = [head.year, head.measure === "-" ? "" : head.measure].filter(Boolean).join(" · ");
      var words = "<span>" + escape(head.name) + (small ? "<small>" + escape(small) + "</small>" : "") + "</span>";
      return '<th scope="col" aria-colindex="' + (at + 1) + '" aria-sort="' + on + '"' + (at ? "" : ' class="smup-grid-corner"') + ">" +
        // a browser leaves buttons out of the header that it repeats on the next page
        (self.paper ? words : '<button type="button" class="smup-sort" tabindex="-1" data-column="' + escape(head.id) + '">' + words + "</button>") + "</th>";
    }).join("") + "</tr>";
    this.table.setAttribute("aria-colcount", this.heads().length);
  };

  Grid.prototype.rowHtml = function (row) {
    var self = this, data = this.data, u = this.unitOf(row), code = data.codes[u];
    var pinned = this.state.pins.indexOf(code) >= 0;
    var html = '<th scope="row" aria-colindex="1"><span class="smup-grid-unit"><span class="smup-grid-name">' + escape(data.names[u]) + " <small>" + code + "</small></span>" +
      '<button type="button" class="smup-pin" tabindex="-1" aria-pressed="' + pinned + '" data-code="' + code + '" title="' +
      (pinned ? "Odepnij" : "Przypnij u góry") + '" aria-label="' + (pinned ? "Odepnij: " : "Przypnij u góry: ") + escape(data.names[u]) + '">' +
      (pinned ? "▼" : "▲") + "</button></span></th>";
    if (this.long) { html += '<td aria-colindex="2">' + data.years[row % data.years.length] + "</td>"; }
    var shift = this.long ? 3 : 2, last = Math.min(this.cols.length, this.to);
    html += gap(this.from);
    for (var at = this.from; at < last; at += 1) {
      html += '<td aria-colindex="' + (at + shift) + '">' + self.cellHtml(row, this.cols[at], code) + "</td>";
    }
    return html + gap(this.cols.length - last);
  };

  function gap(columns) { return columns > 0 ? '<td colspan="' + columns + '" aria-hidden="true"></td>' : ""; }

  // of very many columns only those in view stand in the rows, in whole blocks
  Grid.prototype.chooseColumns = function () {
    var width = this.cellWidth(), block = 6;
    var first = Math.floor(this.frame.scrollLeft / width), last = Math.ceil((this.frame.scrollLeft + this.frame.clientWidth) / width);
    var from = Math.max(0, Math.floor(first / block - 1) * block), to = (Math.ceil(last / block) + 1) * block;
    if (this.cols.length <= 2 * block) { from = 0; to = this.cols.length; }
    var same = from === this.from && to === this.to;
    this.from = from;
    this.to = to;
    return same;
  };

  Grid.prototype.cellWidth = function () {
    var head = this.table.tHead.rows[0];
    return head ? head.lastElementChild.offsetWidth || 136 : 136;
  };

  Grid.prototype.cellHtml = function (row, column, code) {
    var value = this.value(row, column), indicator = this.data.indicators[column.i];
    var key = "unit=" + code + ";indicator=" + indicator.id + ";year=" + this.data.years[this.yearOf(row, column)] + ";statistic=value;group=";
    var told = this.data.legend[this.sign(row, column)] || ["", ""];
    var inner = value === null
      ? '<abbr class="smup-missing" role="img" title="' + escape(told[1]) + '" aria-label="' + escape(told[1]) + '">' + escape(told[0] || "–") + "</abbr>"
      : format(value, column.decimals);
    var mark = value !== null && told[0] ? '<sup class="smup-footmark" title="' + escape(told[1]) + '">' + escape(told[0]) + "</sup>" : "";
    return '<data class="num" value="' + (value === null ? "" : value) + '" data-key="' + key + '">' + inner + "</data>" + mark;
  };

  Grid.prototype.drawPinned = function () {
    var self = this, body = this.table.querySelector(".smup-grid-pinned");
    body.innerHTML = this.pinned.map(function (row, at) {
      return '<tr class="smup-grid-pin-row" aria-rowindex="' + (at + 2) + '" data-at="' + (at - self.pinned.length) + '">' + self.rowHtml(row) + "</tr>";
    }).join("");
    this.placePinned();
  };

  // a pinned row stays below the header and the pinned rows before it
  Grid.prototype.placePinned = function () {
    var top = this.table.tHead.offsetHeight;
    Array.prototype.forEach.call(this.table.querySelectorAll(".smup-grid-pin-row"), function (tr) {
      tr.style.setProperty("--smup-grid-top", top + "px");
      top += tr.offsetHeight;
    });
    this.above = top;
  };

  Grid.prototype.drawRows = function (whole) {
    if (!this.chooseColumns() && !whole) {
      this.drawPinned();
      whole = true;
    }
    if (whole && this.body.contains(document.activeElement)) { this.frame.focus({ preventScroll: true }); }
    var height = this.rowHeight(), count = this.rows.length;
    var first = Math.max(0, Math.floor(this.frame.scrollTop / height) - OVERSCAN);
    var last = Math.min(count, Math.ceil((this.frame.scrollTop + this.frame.clientHeight) / height) + OVERSCAN);
    if (this.paper) { first = 0; last = Math.min(count, PAPER_ROWS); }
    if (whole) {
      this.body.textContent = "";
      this.shown.clear();
      this.before = spacer();
      this.after = spacer();
      this.body.append(this.before, this.after);
    }
    this.shown.forEach(function (tr, at) {
      if (at >= first && at < last) { return; }
      // the keyboard goes on from where it was
      if (tr.contains(document.activeElement)) { this.frame.focus({ preventScroll: true }); }
      tr.remove();
      this.shown.delete(at);
    }, this);
    for (var at = first; at < last; at += 1) {
      if (!this.shown.has(at)) { this.insert(at); }
    }
    this.before.firstChild.style.height = first * height + "px";
    this.after.firstChild.style.height = Math.max(0, count - last) * height + "px";
    this.table.setAttribute("aria-rowcount", count + this.pinned.length + 1);
    this.markActive();
  };

  function spacer() {
    var tr = document.createElement("tr");
    tr.setAttribute("aria-hidden", "true");
    tr.className = "smup-grid-space";
    tr.innerHTML = "<td></td>";
    return tr;
  }

  Grid.prototype.insert = function (at) {
    var tr = document.createElement("tr"), row = this.rows[at];
    tr.dataset.at = at;
    tr.setAttribute("aria-rowindex", at + this.pinned.length + 2);
    if (this.data.own.indexOf(this.data.codes[this.unitOf(row)]) >= 0) { tr.className = "smup-own"; }
    tr.innerHTML = this.rowHtml(row);
    var next = this.shown.get(at + 1), earlier = this.shown.get(at - 1);
    if (earlier) { earlier.after(tr); } else if (next) { next.before(tr); } else { this.after.before(tr); }
    this.shown.set(at, tr);
  };

  Grid.prototype.rowHeight = function () {
    return parseFloat(getComputedStyle(this.host).getPropertyValue("--smup-grid-row")) || 36;
  };

  Grid.prototype.drawTools = function () {
    var self = this, chips = [];
    this.state.ranges.forEach(function (one, at) {
      var column = self.cols.find(function (c) { return c.id === one.id; });
      var said = [one.low === null ? "" : "od " + plain(one.low), one.high === null ? "" : "do " + plain(one.high)].filter(Boolean).join(" ");
      chips.push(chip("range", at, (column ? column.name + (column.year ? " " + column.year : "") : one.id) + ": " + said, "Usuń filtr"));
    });
    this.pinned.forEach(function (row) {
      var u = self.unitOf(row);
      chips.push(chip("pin", self.data.codes[u], "Przypięta: " + self.data.names[u], "Odepnij"));
    });
    this.host.querySelector(".smup-grid-chips").innerHTML = chips.join("");
    var select = this.host.querySelector(".smup-grid-column"), chosen = select.value;
    select.innerHTML = this.cols.map(function (c) {
      return '<option value="' + escape(c.id) + '">' + escape(c.name + (c.year ? ", " + c.year : "")) + "</option>";
    }).join("");
    if (chosen && this.cols.some(function (c) { return c.id === chosen; })) { select.value = chosen; }
  };

  function plain(number) { return String(number).replace(".", ",").replace("-", "\u2212"); }

  function chip(kind, at, text, verb) {
    return '<button type="button" class="smup-chip" data-kind="' + kind + '" data-at="' + at + '" aria-label="' + verb + ": " + escape(text) + '">' +
      escape(text) + ' <span aria-hidden="true">✕</span></button>';
  }

  function counted(n, one, few, many) {
    var tens = n % 100, ones = n % 10;
    var form = n === 1 ? one : ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? few : many;
    return format(n, 0) + NBSP + form;
  }

  Grid.prototype.say = function () {
    var shown = this.rows.length, said = counted(shown, "wiersz", "wiersze", "wierszy");
    if (shown < this.total) { said = "Pokazano " + said + " z " + format(this.total, 0); }
    var id = this.state.sort.replace(/^-/, ""), head = this.heads().find(function (h) { return h.id === id; });
    if (head) {
      said += ", kolejność: " + head.name + (head.year ? " " + head.year : "") + (this.state.sort[0] === "-" ? ", malejąco" : ", rosnąco");
    }
    this.host.querySelector(".smup-grid-said").textContent = said + "." + (shown ? "" : " Zmień filtr, aby zobaczyć wiersze.");
  };

  /* -- what the visitor does -------------------------------------------------------------------------- */

  Grid.prototype.change = function (change) {
    Object.assign(this.state, change);
    this.frame.scrollTop = 0;
    this.active.row = Math.min(this.active.row, 0);
    this.refresh();
    this.tell();
  };

  // paper is not moved by a finger: it gets the rows that nobody scrolled to and the columns that fit, from the first
  // one in view on, and says what is left out
  Grid.prototype.print = function () {
    var all = this.cols, rows = Math.min(this.rows.length, PAPER_ROWS);
    var from = Math.max(0, Math.min(Math.round(this.frame.scrollLeft / this.cellWidth()), all.length - PAPER_COLUMNS));
    this.paper = true;
    this.cols = all.slice(from, from + PAPER_COLUMNS);
    this.drawHead();
    this.from = 0;
    this.to = this.cols.length;
    this.drawPinned();
    this.drawRows(true);
    if (rows === this.rows.length && this.cols.length === all.length) { return; }
    this.host.querySelector(".smup-grid-said").textContent += " Na papierze są pierwsze wiersze (" + format(rows, 0) + " z " + format(this.rows.length, 0) +
      ") i część kolumn (" + this.cols.length + " z " + all.length + "). Całą tabelę zapisuje karta Zapis.";
  };

  Grid.prototype.tell = function () {
    var field = document.querySelector(".smup-table-state input"), state = this.state;
    clearTimeout(this.telling);
    if (!field) { return; }
    this.telling = setTimeout(function () {
      var pairs = new URLSearchParams();
      if (state.sort) { pairs.set("s", state.sort); }
      if (state.text.trim()) { pairs.set("q", state.text.trim()); }
      if (state.ranges.length) {
        pairs.set("r", state.ranges.map(function (one) {
          return [one.id, one.low === null ? "" : one.low, one.high === null ? "" : one.high].join(":");
        }).join(";"));
      }
      if (state.pins.length) { pairs.set("p", state.pins.join(",")); }
      if (state.layout !== "wide") { pairs.set("w", state.layout); }
      field.value = pairs.toString();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }, TELL_AFTER);
  };

  Grid.prototype.sortBy = function (id) {
    var now = this.state.sort || "name", numeric = id !== "name" && id !== "year";
    // numbers begin with the largest: that is what is looked for
    var next = now === id ? "-" + id : now === "-" + id ? id : numeric ? "-" + id : id;
    this.change({ sort: next === "name" ? "" : next });
  };

  Grid.prototype.pin = function (code) {
    var pins = this.state.pins.filter(function (one) { return one !== code; });
    if (pins.length === this.state.pins.length) { pins.push(code); }
    var top = this.frame.scrollTop;
    this.state.pins = pins.slice(-MOST_PINS);
    this.refresh();
    this.frame.scrollTop = top;
    this.tell();
  };

  Grid.prototype.addRange = function (find) {
    var low = find(".smup-grid-low"), high = find(".smup-grid-high"), wrong = find(".smup-grid-wrong");
    var told = [low, high].map(function (field) { return field.value.trim() ? readNumber(field.value) : null; });
    var bad = [low, high].some(function (field, at) { return field.value.trim() && told[at] === null; });
    wrong.textContent = bad ? "Wpisz liczbę, na przykład 1 200,5."
      : told[0] === null && told[1] === null ? "Wpisz choć jedną granicę."
      : told[0] !== null && told[1] !== null && told[0] > told[1] ? "Dolna granica jest większa od górnej." : "";
    if (wrong.textContent) { return; }
    var ranges = this.state.ranges.concat({ id: find(".smup-grid-column").value, low: told[0], high: told[1] });
    low.value = high.value = "";
    this.change({ ranges: ranges.slice(-MOST_RANGES) });
  };

  Grid.prototype.listen = function (find) {
    var self = this, waiting = false;
    this.frame.addEventListener("scroll", function () {
      if (waiting) { return; }
      waiting = true;
      window.requestAnimationFrame(function () { waiting = false; self.drawRows(false); });
    }, { passive: true });
    find(".smup-grid-text").addEventListener("input", function (event) { self.change({ text: event.target.value }); });
    find(".smup-grid-layout select").addEventListener("change", function (event) {
      self.change({ layout: event.target.value, sort: "", ranges: [] });
    });
    find("form").addEventListener("submit", function (event) { event.preventDefault(); self.addRange(find); });
    find(".smup-grid-chips").addEventListener("click", function (event) {
      var one = event.target.closest(".smup-chip");
      if (!one) { return; }
      if (one.dataset.kind === "pin") { self.pin(one.dataset.at); return; }
      self.change({ ranges: self.state.ranges.filter(function (_, at) { return String(at) !== one.dataset.at; }) });
    });
    this.table.addEventListener("click", function (event) {
      var sort = event.target.closest(".smup-sort"), pin = event.target.closest(".smup-pin");
      var cell = event.target.closest("th, td");
      if (cell && !cell.closest(".smup-grid-space")) { self.activate(rowOf(cell), cell.getAttribute("aria-colindex") - 1, false); }
      if (sort) { self.sortBy(sort.dataset.column); self.focus(); }
      if (pin) { self.pin(pin.dataset.code); self.focus(); }
    });
    this.frame.addEventListener("keydown", function (event) { self.key(event); });
    new ResizeObserver(function () { self.placePinned(); self.drawRows(false); }).observe(this.frame);
  };

  function rowOf(cell) {
    var at = cell.parentElement.dataset.at;
    return at === undefined ? -1000 : parseInt(at, 10);
  }

  /* -- the keyboard: one cell of the table takes part in the order of Tab ---------------------------------- */

  var STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  // rows for the keyboard: the header, the pinned rows, then the others
  Grid.prototype.place = function () {
    var row = this.active.row;
    return row === -1000 || row < -this.pinned.length ? 0 : row < 0 ? row + this.pinned.length + 1 : row + this.pinned.length + 1;
  };

  Grid.prototype.key = function (event) {
    var place = this.place(), column = this.active.column, last = this.rows.length + this.pinned.length;
    var page = Math.max(1, Math.floor(this.frame.clientHeight / this.rowHeight()) - 2);
    if (event.key in STEPS) { place += STEPS[event.key][0]; column += STEPS[event.key][1]; }
    else if (event.key === "PageDown") { place += page; }
    else if (event.key === "PageUp") { place -= page; }
    else if (event.key === "Home") { column = 0; if (event.ctrlKey) { place = 0; } }
    else if (event.key === "End") { column = Infinity; if (event.ctrlKey) { place = last; } }
    else { return; }
    event.preventDefault();
    place = Math.max(0, Math.min(last, place));
    column = Math.max(0, Math.min(this.heads().length - 1, column));
    this.activate(place === 0 ? -1000 : place - this.pinned.length - 1, column, true);
  };

  Grid.prototype.activate = function (row, column, move) {
    this.active = { row: row, column: column };
    if (move) { this.reveal(row, column); }
    this.markActive();
    if (move) { this.focus(); }
  };

  Grid.prototype.reveal = function (row, column) {
    var height = this.rowHeight(), top = row * height, view = this.frame.clientHeight - this.above;
    if (row >= 0 && top < this.frame.scrollTop) { this.frame.scrollTop = top; }
    if (row >= 0 && top + height > this.frame.scrollTop + view) { this.frame.scrollTop = top + height - view; }
    var head = this.table.tHead.rows[0].cells[column], fixed = this.table.tHead.rows[0].cells[0].offsetWidth;
    if (column > 0 && head) {
      if (head.offsetLeft - fixed < this.frame.scrollLeft) { this.frame.scrollLeft = head.offsetLeft - fixed; }
      var right = head.offsetLeft + head.offsetWidth - this.frame.clientWidth;
      if (right > this.frame.scrollLeft) { this.frame.scrollLeft = right; }
    }
    this.drawRows(false);
  };

  Grid.prototype.activeCell = function () {
    var row = this.active.row < -this.pinned.length ? -1000 : this.active.row;
    var tr = row === -1000 ? this.table.tHead.rows[0] : this.table.querySelector('tr[data-at="' + row + '"]');
    return tr && tr.querySelector('[aria-colindex="' + (this.active.column + 1) + '"]');
  };

  Grid.prototype.markActive = function () {
    var cell = this.activeCell() || this.table.tHead.rows[0].cells[0], target = cell.querySelector("button") || cell;
    this.table.querySelectorAll('[tabindex="0"]').forEach(function (old) {
      if (old === target) { return; } // an element that loses its tabindex loses the focus too
      if (old.matches("button")) { old.tabIndex = -1; } else { old.removeAttribute("tabindex"); }
    });
    target.tabIndex = 0;
  };

  Grid.prototype.focus = function () {
    var cell = this.activeCell();
    if (cell) { (cell.querySelector("button") || cell).focus({ preventScroll: true }); }
  };

  /* -- start ------------------------------------------------------------------------------------------------ */

  function start() {
    document.querySelectorAll(".smup-table-state input:not([aria-hidden])").forEach(function (field) {
      field.setAttribute("aria-hidden", "true");
      field.tabIndex = -1;
    });
    document.querySelectorAll("script.smup-grid-data").forEach(function (script) {
      var host = script.parentElement.querySelector(".smup-grid");
      if (!host || host.dataset.ready) { return; }
      host.dataset.ready = "yes";
      var data = JSON.parse(script.textContent);
      script.textContent = ""; // the text is not needed a second time
      host.smupGrid = new Grid(host, data);
    });
  }

  function each(act) {
    document.querySelectorAll(".smup-grid[data-ready]").forEach(function (host) { act(host.smupGrid); });
  }

  window.addEventListener("beforeprint", function () { each(function (grid) { grid.print(); }); });
  window.addEventListener("afterprint", function () {
    each(function (grid) {
      grid.paper = false;
      grid.refresh();
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(start).observe(document.body, { childList: true, subtree: true });
    start();
  });
})();
