/* Adds sorting and a CSV file to tables marked .smup-sortable. Pages are whole without it. */
(function () {
  "use strict";
  var POLISH = new Intl.Collator("pl", { numeric: true, sensitivity: "base" });

  function key(cell) {
    if (!cell.hasAttribute("data-sort")) { return cell.textContent.trim(); }
    // a page of a site leaves out what the number inside already says
    var number = cell.querySelector("data");
    return cell.getAttribute("data-sort") || (number ? number.getAttribute("value") : "");
  }

  function sortBy(table, column, descending, numeric) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    rows.sort(function (a, b) {
      var x = key(a.cells[column]), y = key(b.cells[column]);
      if ((x === "") !== (y === "")) { return x === "" ? 1 : -1; } // missing last, both ways
      var order = numeric ? parseFloat(x) - parseFloat(y) : POLISH.compare(x, y);
      return descending ? -order : order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  function addSorting(table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "smup-sort";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var descending = head.getAttribute("aria-sort") === "ascending";
        Array.from(table.tHead.rows[0].cells).forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sortBy(table, column, descending, head.classList.contains("smup-n"));
      });
    });
  }

  function quote(text) { return '"' + text.replace(/"/g, '""') + '"'; }

  function cellText(cell) {
    var number = cell.querySelector("data.num");
    if (number) {
      var missing = number.querySelector(".smup-missing");
      // exact value, decimal comma as a Polish spreadsheet expects; a gap stays empty, never zero
      return missing ? "" : number.getAttribute("value").replace(".", ",");
    }
    return quote(cell.textContent.trim());
  }

  function addExport(table) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "smup-export";
    button.textContent = "Zapisz tabelę (CSV)";
    button.addEventListener("click", function () {
      var lines = Array.from(table.rows).map(function (row) {
        return Array.from(row.cells).map(cellText).join(";");
      });
      var blob = new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv;charset=utf-8" });
      var link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = (table.caption ? table.caption.textContent : "tabela").replace(/[\\/:*?"<>|]+/g, " ").trim() + ".csv";
      link.click();
      URL.revokeObjectURL(link.href);
    });
    table.parentElement.insertAdjacentElement("afterend", button);
  }

  // a table wider than its frame says so above itself
  function markScrolling() {
    document.querySelectorAll(".smup-table-wrap").forEach(function (frame) {
      frame.classList.toggle("smup-scrolls", frame.scrollWidth > frame.clientWidth + 1);
    });
  }

  function start() {
    markScrolling();
    document.querySelectorAll("table.smup-sortable").forEach(function (table) {
      if (table.dataset.ready) { return; }
      table.dataset.ready = "yes";
      addSorting(table);
      addExport(table);
    });
  }
  window.smupTables = start; // an app calls it when its tables change
  window.addEventListener("resize", markScrolling);
  document.addEventListener("toggle", markScrolling, true); // a folded table has no width
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
