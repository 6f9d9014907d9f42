/* Names and roles for a row of tabs made of buttons: which one is open is told by a class that the
   session sets; arrows move between the tabs, Enter opens one. */
(function () {
  "use strict";

  function set(element, name, value) {
    if (element.getAttribute(name) !== value) { element.setAttribute(name, value); }
  }

  function buttons(row) { return Array.prototype.slice.call(row.querySelectorAll("button")); }

  function name() {
    document.querySelectorAll(".smup-tabs").forEach(function (row) {
      set(row, "role", "tablist");
      set(row, "aria-label", "Widok wyników");
      buttons(row).forEach(function (tab) {
        var open = tab.classList.contains("smup-tab-open");
        set(tab, "role", "tab");
        set(tab, "aria-selected", String(open));
        if (tab !== document.activeElement) { set(tab, "tabindex", open ? "0" : "-1"); }
        if (open) { tab.id = "smup-tab-open"; } else if (tab.id === "smup-tab-open") { tab.removeAttribute("id"); }
      });
    });
    document.querySelectorAll(".smup-tab-panel").forEach(function (panel) {
      set(panel, "role", "tabpanel");
      set(panel, "aria-labelledby", "smup-tab-open");
    });
  }

  document.addEventListener("keydown", function (event) {
    var row = event.target.closest && event.target.closest(".smup-tabs");
    var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!row || !step) { return; }
    var tabs = buttons(row), at = tabs.indexOf(event.target);
    event.preventDefault();
    var next = tabs[(at + step + tabs.length) % tabs.length];
    tabs.forEach(function (tab) { tab.tabIndex = tab === next ? 0 : -1; });
    next.focus();
  });

  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
    name();
  });
})();
