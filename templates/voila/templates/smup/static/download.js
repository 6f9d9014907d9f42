/* A file that the session made: saved by the browser, and kept by it alone. */
(function () {
  "use strict";

  function bytes(text) {
    var raw = window.atob(text), out = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) { out[i] = raw.charCodeAt(i); }
    return out;
  }

  // the field by which the session hears that the browser has the file is nobody's to fill
  function hide() {
    document.querySelectorAll(".smup-file-taken input:not([aria-hidden])").forEach(function (field) {
      field.setAttribute("aria-hidden", "true");
      field.tabIndex = -1;
    });
  }

  function take() {
    hide();
    document.querySelectorAll("script.smup-file:not([data-taken])").forEach(function (script) {
      script.dataset.taken = "yes";
      var link = document.createElement("a");
      link.className = "smup-file-link smup-link-button";
      link.href = URL.createObjectURL(new Blob([bytes(script.textContent)], { type: script.dataset.type }));
      link.download = script.dataset.name;
      link.textContent = "Zapisz jeszcze raz: " + script.dataset.name;
      script.textContent = "";
      // the session lets go of the file once the browser has it; the link stays here
      var place = document.querySelector(".smup-file-place");
      if (place) { place.textContent = ""; place.append(link); }
      link.click();
      var field = document.querySelector(".smup-file-taken input");
      if (field) {
        field.value = script.dataset.number;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(take).observe(document.body, { childList: true, subtree: true });
  });
})();
