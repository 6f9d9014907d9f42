/* Maps that can be moved, searched and asked (smup_lib/apps/parts/map.py). A map is two drawings, one
   upon the other: the land, drawn once for each magnification, and the outlines of the unit, its
   neighbours and what is pointed at. Both are moved as one picture, so that no shape is drawn again
   while a hand moves the map. Whoever does not see it finds units by name and hears the same line. */
(function () {
  "use strict";

  var SVG = "http://www.w3.org/2000/svg";
  var MOST = 12, STEP = 1.6, PAN = 60, TINY = 14, RING = 13, SHOWN = 6, SETTLE = 140, MARGIN = 60;
  var lands = {}, count = 0;

  /* -- what came from the session ---------------------------------------------------------------- */

  function readData(view, name) {
    var place = view.querySelector(".smup-map-" + name + " script");
    return place ? { key: place.dataset.key, said: place.dataset, text: place.textContent } : null;
  }

  // letters as people type them: without Polish signs, small
  function fold(text) {
    return text.toLowerCase().replace(/ł/g, "l").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }

  function readLand(data) {
    if (!lands[data.key]) {
      var land = JSON.parse(data.text);
      land.folded = land.names.map(fold);
      land.order = {};
      land.codes.forEach(function (code, i) { land.order[code] = i; });
      lands[data.key] = land;
    }
    return lands[data.key];
  }

  /* -- building ---------------------------------------------------------------------------------- */

  function make(tag, attributes, children) {
    var e = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { e.setAttribute(name, attributes[name]); });
    (children || []).forEach(function (child) { e.append(child); });
    return e;
  }

  function button(words, sign, act) {
    var e = make("button", { type: "button", "class": "smup-link-button", "aria-label": words, title: words }, [sign]);
    e.addEventListener("click", act);
    return e;
  }

  function drawing(className) {
    var e = document.createElementNS(SVG, "svg");
    e.setAttribute("class", "smup-svg " + className);
    return e;
  }

  function UnitMap(stage, view) {
    var id = "smup-map-" + (count += 1), self = this;
    this.stage = stage; this.view = view; this.zoom = 1; this.x = 0; this.y = 0; this.told = -1;
    this.pointers = {}; this.silent = "silent" in stage.dataset; this.address = stage.dataset.address;
    this.field = make("input", { type: "text", id: id + "f", autocomplete: "off", spellcheck: "false", enterkeyhint: "search", placeholder: "nazwa jednostki" });
    this.found = make("ul", { "class": "smup-map-found", "aria-label": "Pasujące jednostki" });
    this.land = drawing("smup-map-land"); this.over = drawing("smup-map-over");
    this.over.setAttribute("aria-hidden", "true"); this.land.setAttribute("role", "img");
    this.mover = make("div", { "class": "smup-map-mover" }, [this.land, this.over]);
    this.frame = make("div", { "class": "smup-map-frame", tabindex: "0", role: "application", "aria-label": "Mapa", "aria-describedby": id + "h" }, [this.mover]);
    this.line = make("p", { "class": "smup-map-line", role: "status" });
    this.choose = make("button", { type: "button", "class": "smup-link-button", hidden: "" }, [stage.dataset.action]);
    var tools = make("div", { "class": "smup-map-tools" }, [
      button("Przybliż mapę", "+", function () { self.zoomBy(STEP); }),
      button("Oddal mapę", "−", function () { self.zoomBy(1 / STEP); }),
      button("Cała mapa", "Cała mapa", function () { self.whole(); })
    ]);
    var find = make("div", { "class": "smup-map-find" }, [make("label", { "for": id + "f" }, ["Znajdź na mapie"]), this.field, this.found]);
    var help = make("p", { id: id + "h", "class": "smup-note smup-map-help" }, [
      "Mapę przesuwa się palcem, myszą albo strzałkami; przybliża dwoma palcami, kółkiem myszy z klawiszem Ctrl albo klawiszami + i −."
    ]);
    stage.replaceChildren(
      make("div", { "class": "smup-map-head" }, [find, tools]), this.frame,
      make("div", { "class": "smup-map-told" }, [this.line, this.choose]), help
    );
    this.listen();
  }

  /* -- drawing ----------------------------------------------------------------------------------- */

  UnitMap.prototype.update = function () {
    var shapes = readData(this.view, "shapes"), values = readData(this.view, "values");
    if (!shapes || !values || shapes.key !== values.key || values.text === this.text) { return; }
    this.text = values.text;
    this.values = JSON.parse(values.text);
    this.land.setAttribute("aria-label", (values.said.title + ". " + values.said.finding).trim());
    this.frame.setAttribute("aria-label", "Mapa: " + values.said.title);
    var fresh = this.key !== shapes.key;
    this.key = shapes.key;
    this.units = readLand(shapes);
    if (fresh) { this.drawLand(); }
    this.paint();
    if (fresh) { this.whole(); }
    this.outline();
    this.tell(this.values.own, true);
    this.ready();
  };

  UnitMap.prototype.drawLand = function () {
    var units = this.units, box = "0 0 " + units.width + " " + units.height;
    var paths = units.paths.map(function (d, i) { return '<path d="' + d + '" data-i="' + i + '"/>'; }).join("");
    var hatch = this.hatch = this.frame.getAttribute("aria-describedby") + "p";
    this.land.setAttribute("viewBox", box);
    this.land.innerHTML = '<defs><pattern id="' + hatch + '" width="7" height="7" patternUnits="userSpaceOnUse">' +
      '<rect class="fill-paper" width="7" height="7"/><path class="stroke-muted" stroke-width="1.3" d="M0 3.5h7"/></pattern></defs><g>' + paths + "</g>";
    this.shapes = this.land.querySelectorAll("path[data-i]");
    this.over.setAttribute("viewBox", box);
    this.over.innerHTML = '<path class="smup-map-regions"/><path class="smup-map-near"/><path class="smup-map-halo"/><path class="smup-map-own"/>' +
      '<path class="smup-map-halo"/><path class="smup-map-hover"/>';
    this.over.firstChild.setAttribute("d", units.regions);
  };

  UnitMap.prototype.paint = function () {
    var values = this.values, hatch = "url(#" + this.hatch + ")";
    this.shapes.forEach(function (shape, i) {
      var place = values.places[i];
      var name = place === -2 ? "fill-unit-pale" : place === -1 ? "" : "fill-" + values.classes[place].colour;
      if (shape.getAttribute("class") !== name) { shape.setAttribute("class", name); }
      if (place === -1) { shape.setAttribute("fill", hatch); } else { shape.removeAttribute("fill"); }
      shape.setAttribute("data-place", place);
    });
    this.only(null);
  };

  // a small unit has a ring of the same size at every magnification
  UnitMap.prototype.ringed = function (i) {
    var box = this.shapes[i].getBBox(), scale = this.scale(), d = this.units.paths[i];
    if (!scale) { return d; } // out of sight, in a part that is folded
    if (Math.max(box.width, box.height) * scale >= TINY) { return d; }
    var r = RING / scale;
    return d + "M" + (box.x + box.width / 2 - r) + " " + (box.y + box.height / 2) +
      "a" + r + " " + r + " 0 1 0 " + 2 * r + " 0a" + r + " " + r + " 0 1 0 " + -2 * r + " 0";
  };

  UnitMap.prototype.outline = function () {
    var parts = this.over.children, own = this.values.own, units = this.units;
    var d = own < 0 ? "" : this.ringed(own);
    parts[1].setAttribute("d", this.values.near.map(function (i) { return units.paths[i]; }).join(""));
    parts[2].setAttribute("d", d);
    parts[3].setAttribute("d", d);
    this.mark();
  };

  UnitMap.prototype.mark = function () {
    var d = this.told < 0 || this.told === this.values.own ? "" : this.ringed(this.told);
    this.over.children[4].setAttribute("d", d);
    this.over.children[5].setAttribute("d", d);
  };

  /* -- place and magnification ------------------------------------------------------------------- */

  UnitMap.prototype.base = function () {
    var frame = this.frame;
    return Math.min(frame.clientWidth / this.units.width, frame.clientHeight / this.units.height);
  };

  UnitMap.prototype.scale = function () { return this.base() * this.zoom; };

  // draws the land anew for the magnification; until then the picture is only enlarged
  UnitMap.prototype.settle = function () {
    var scale = this.scale(), width = this.units.width * scale, height = this.units.height * scale;
    if (!scale) { return; }
    this.drawn = this.zoom;
    [this.land, this.over].forEach(function (e) { e.style.width = width + "px"; e.style.height = height + "px"; });
    this.mover.style.setProperty("--grain", 1 / scale);
    this.land.querySelector("pattern").setAttribute("patternTransform", "rotate(45) scale(" + 1 / scale + ")");
    this.frame.classList.toggle("smup-map-near-view", this.zoom > 1);
    this.outline();
    this.move();
  };

  UnitMap.prototype.move = function () {
    var width = this.units.width * this.scale(), height = this.units.height * this.scale();
    this.x = within(this.x, width, this.frame.clientWidth);
    this.y = within(this.y, height, this.frame.clientHeight);
    var enlarged = this.zoom === this.drawn ? "" : " scale(" + this.zoom / this.drawn + ")";
    this.mover.style.transform = "translate(" + this.x + "px," + this.y + "px)" + enlarged;
  };

  // a map smaller than its frame stands in the middle; a larger one leaves no more than a margin
  function within(at, size, room) {
    if (size <= room) { return (room - size) / 2; }
    return Math.min(Math.max(at, room - size - MARGIN), MARGIN);
  }

  UnitMap.prototype.later = function () {
    var self = this;
    if (!this.moving) {
      this.moving = true;
      window.requestAnimationFrame(function () { self.moving = false; self.move(); });
    }
    if (this.zoom !== this.drawn) {
      clearTimeout(this.settling);
      this.settling = setTimeout(function () { self.settle(); }, SETTLE);
    }
  };

  // magnifies around a place of the frame, its middle when omitted
  UnitMap.prototype.zoomBy = function (factor, x, y) {
    var zoom = Math.min(Math.max(this.zoom * factor, 1), this.most());
    if (x === undefined) { x = this.frame.clientWidth / 2; y = this.frame.clientHeight / 2; }
    this.x = x - (x - this.x) * zoom / this.zoom;
    this.y = y - (y - this.y) * zoom / this.zoom;
    this.zoom = zoom;
    this.later();
  };

  // no further than where the corners of the shapes would be seen
  UnitMap.prototype.most = function () { return Math.max(2, Math.min(MOST, 3 / this.base())); };

  UnitMap.prototype.whole = function () { this.zoom = 1; this.settle(); };

  // brings a unit to the middle, with as much around it as makes it easy to find
  UnitMap.prototype.goTo = function (i) {
    var box = this.shapes[i].getBBox(), base = this.base(), frame = this.frame;
    var side = Math.max(box.width, box.height) * base;
    this.zoom = Math.min(Math.max(this.zoom, Math.min(frame.clientWidth, frame.clientHeight) / (5 * side), 1), this.most());
    var scale = this.scale();
    this.x = frame.clientWidth / 2 - (box.x + box.width / 2) * scale;
    this.y = frame.clientHeight / 2 - (box.y + box.height / 2) * scale;
    this.settle();
  };

  /* -- what is said ------------------------------------------------------------------------------- */

  UnitMap.prototype.tell = function (i, quiet) {
    this.told = i;
    this.mark();
    var values = this.values, units = this.units;
    this.choose.hidden = this.silent || i < 0 || i === values.own;
    if (i < 0) { this.line.textContent = "Wskaż jednostkę na mapie albo znajdź ją po nazwie."; return; }
    var place = values.places[i], parts = [make("strong", {}, [units.names[i]])];
    if (place !== -2) { parts.push(": "); parts.push(this.number(i)); }
    if (place >= 0 && values.classes.length > 1) { parts.push(" · " + values.told + values.classes[place].label); }
    if (i === values.own && place === -2) { parts.push(" (wybrana jednostka)"); }
    if (values.near.indexOf(i) >= 0) { parts.push(" · sąsiad"); }
    this.line.replaceChildren.apply(this.line, parts);
    this.choose.setAttribute("aria-label", this.stage.dataset.action + ": " + units.names[i]);
  };

  UnitMap.prototype.number = function (i) {
    var values = this.values;
    if (values.values[i] === null) { return values.texts[i]; }
    var key = values.key[0] + this.units.codes[i] + values.key[1];
    return make("span", {}, [make("data", { "class": "num", value: values.values[i], "data-key": key }, [values.texts[i]]), values.unit]);
  };

  UnitMap.prototype.pick = function (i) {
    if (this.silent || i < 0 || i === this.values.own) { return; }
    var code = this.units.codes[i];
    if (this.address) { window.location.assign(this.address.replace("{code}", encodeURIComponent(code))); return; }
    var field = this.view.querySelector(".smup-map-choice input");
    count += 1; // the same unit twice in a row is still a new wish
    field.value = count + " " + code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if ("opens" in this.stage.dataset) { this.view.dispatchEvent(new CustomEvent("smup-chosen", { bubbles: true })); }
  };

  // one class alone, for eyes that do not tell the colours apart
  UnitMap.prototype.only = function (place) {
    this.alone = place;
    this.land.classList.toggle("smup-map-one-class", place !== null);
    this.shapes.forEach(function (shape) {
      shape.classList.toggle("smup-map-other", place !== null && shape.getAttribute("data-place") !== place);
    });
    each(this.view, ".smup-map-legend button", function (e) {
      e.setAttribute("aria-pressed", String(e.closest("li").dataset.place === place));
    });
  };

  // the rows of the legend become buttons
  UnitMap.prototype.ready = function () {
    var self = this;
    each(this.view, ".smup-map-legend li", function (row) {
      if (row.querySelector("button")) { return; }
      var press = make("button", { type: "button", "aria-pressed": "false", title: "Pokaż na mapie tylko ten przedział" }, Array.from(row.childNodes));
      press.addEventListener("click", function () { self.only(self.alone === row.dataset.place ? null : row.dataset.place); });
      row.replaceChildren(press);
    });
    each(this.view, ".smup-map-choice input", function (e) {
      e.setAttribute("tabindex", "-1");
      e.setAttribute("aria-hidden", "true");
    });
  };

  /* -- search ------------------------------------------------------------------------------------ */

  UnitMap.prototype.search = function () {
    var wanted = fold(this.field.value.trim()), names = this.units.folded, codes = this.units.codes, self = this;
    var starts = [], inside = [];
    for (var i = 0; wanted.length > 1 && i < names.length; i += 1) {
      var at = names[i].indexOf(wanted);
      if (codes[i] === wanted || at === 0 || names[i][at - 1] === " ") { starts.push(i); } else if (at > 0) { inside.push(i); }
    }
    var all = starts.concat(inside);
    this.found.replaceChildren.apply(this.found, all.slice(0, SHOWN).map(function (i) {
      var e = make("button", { type: "button", "class": "smup-link-button" }, [self.units.names[i]]);
      e.addEventListener("click", function () { self.take(i); });
      return make("li", {}, [e]);
    }));
    if (wanted.length > 1 && !all.length) { this.line.textContent = "Na mapie nie ma jednostki o takiej nazwie."; }
    return all;
  };

  UnitMap.prototype.take = function (i) {
    this.field.value = this.units.names[i];
    this.found.replaceChildren();
    this.goTo(i);
    this.tell(i);
    if (this.choose.hidden) { this.field.focus(); } else { this.choose.focus({ preventScroll: true }); }
  };

  /* -- hands and keys ------------------------------------------------------------------------------ */

  UnitMap.prototype.listen = function () {
    var self = this, frame = this.frame;
    frame.addEventListener("pointerdown", function (e) { self.down(e); });
    frame.addEventListener("pointermove", function (e) { self.moved(e); });
    ["pointerup", "pointercancel"].forEach(function (name) { frame.addEventListener(name, function (e) { self.up(e); }); });
    frame.addEventListener("pointerleave", function () { if (!self.pinned && self.values) { self.tell(self.values.own, true); } });
    frame.addEventListener("wheel", function (e) {
      if (!e.ctrlKey) { return; } // without the key the page scrolls
      e.preventDefault();
      var box = frame.getBoundingClientRect();
      self.zoomBy(Math.exp(-e.deltaY / 300), e.clientX - box.left, e.clientY - box.top);
    }, { passive: false });
    frame.addEventListener("keydown", function (e) { self.key_(e); });
    this.field.addEventListener("input", function () { self.search(); });
    this.field.addEventListener("keydown", function (e) {
      e.stopPropagation();
      if (e.key === "Enter") {
        e.preventDefault();
        var all = self.search();
        if (all.length === 1) { self.take(all[0]); } else if (all.length) { self.found.querySelector("button").focus(); }
      } else if (e.key === "ArrowDown" && self.found.firstChild) {
        e.preventDefault();
        self.found.querySelector("button").focus();
      } else if (e.key === "Escape") { self.found.replaceChildren(); }
    });
    this.choose.addEventListener("click", function () { self.pick(self.told); });
    new ResizeObserver(function () { if (self.units) { self.settle(); } }).observe(frame);
  };

  function unitAt(event) {
    var shape = event.target.closest && event.target.closest("path[data-i]");
    return shape ? Number(shape.getAttribute("data-i")) : -1;
  }

  UnitMap.prototype.down = function (e) {
    if (e.button) { return; }
    this.pointers[e.pointerId] = { x: e.clientX, y: e.clientY };
    this.from = { x: e.clientX, y: e.clientY, unit: unitAt(e) };
    this.dragged = Object.keys(this.pointers).length > 1;
  };

  UnitMap.prototype.moved = function (e) {
    var before = this.pointers[e.pointerId];
    if (!before) {
      var unit = unitAt(e);
      if (e.pointerType === "mouse" && unit !== this.told && unit >= 0) { this.pinned = false; this.tell(unit, true); }
      return;
    }
    var others = Object.keys(this.pointers).filter(function (id) { return id !== String(e.pointerId); });
    if (!this.dragged && Math.hypot(e.clientX - this.from.x, e.clientY - this.from.y) < 5) { return; }
    if (!this.dragged) { this.dragged = true; this.frame.setPointerCapture(e.pointerId); }
    var now = { x: e.clientX, y: e.clientY };
    if (others.length) {
      var other = this.pointers[others[0]], box = this.frame.getBoundingClientRect();
      var was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(now.x - other.x, now.y - other.y);
      this.zoomBy(is / Math.max(was, 1), (now.x + other.x) / 2 - box.left, (now.y + other.y) / 2 - box.top);
    }
    var share = others.length ? 0.5 : 1;
    this.x += (now.x - before.x) * share;
    this.y += (now.y - before.y) * share;
    this.pointers[e.pointerId] = now;
    this.later();
  };

  // a click of a mouse chooses; a finger is told first what it touched, and a button chooses
  UnitMap.prototype.up = function (e) {
    var known = this.pointers[e.pointerId];
    delete this.pointers[e.pointerId];
    if (!known || this.dragged || e.type === "pointercancel") { return; }
    var unit = this.from.unit;
    if (unit < 0) { return; }
    this.pinned = true;
    this.tell(unit);
    if (e.pointerType === "mouse") { this.pick(unit); }
  };

  UnitMap.prototype.key_ = function (e) {
    var steps = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[e.key];
    if (e.ctrlKey || e.metaKey || e.altKey) { return; }
    if (steps && this.zoom > 1) { this.x += steps[0]; this.y += steps[1]; this.later(); }
    else if (e.key === "+" || e.key === "=") { this.zoomBy(STEP); }
    else if (e.key === "-") { this.zoomBy(1 / STEP); }
    else if (e.key === "0" || e.key === "Home") { this.whole(); }
    else if (e.key === "Enter") { this.pick(this.told); }
    else { return; }
    e.preventDefault();
    e.stopPropagation();
  };

  /* -- finding maps on the page --------------------------------------------------------------------- */

  function each(place, selector, act) { Array.prototype.forEach.call(place.querySelectorAll(selector), act); }

  var waiting = false;
  function look() {
    if (waiting) { return; }
    waiting = true;
    window.requestAnimationFrame(function () {
      waiting = false;
      each(document, ".smup-map-view", function (view) {
        var stage = view.querySelector(".smup-map-stage");
        if (!stage) { return; }
        if (!stage.smupMap) { stage.smupMap = new UnitMap(stage, view); }
        stage.smupMap.update();
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(function (changes) {
      // what a map itself writes is no news
      if (changes.some(function (one) { return !one.target.closest || !one.target.closest(".smup-map-stage"); })) { look(); }
    }).observe(document.body, { childList: true, subtree: true });
    look();
  });
})();
