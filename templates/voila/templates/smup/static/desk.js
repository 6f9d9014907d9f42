/* The coordinator's desk: looks again every few seconds while somebody looks, and copies commands. */
(function () {
  "use strict";

  var EVERY = 5000, ticks = 0;

  function field() { return document.querySelector(".smup-tick-field input"); }

  // not while hidden, and not while a confirmation waits: what it says must stay true
  setInterval(function () {
    var tick = field();
    if (!tick || document.hidden || document.querySelector(".smup-confirmed .smup-caution")) { return; }
    ticks += 1;
    tick.value = String(ticks);
    tick.dispatchEvent(new Event("input", { bubbles: true }));
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  }, EVERY);

  new MutationObserver(function () {
    var tick = field();
    if (tick && tick.tabIndex !== -1) {
      tick.tabIndex = -1;
      tick.setAttribute("aria-hidden", "true");
    }
  }).observe(document, { childList: true, subtree: true });

  document.addEventListener("click", function (event) {
    var copy = event.target.closest ? event.target.closest(".smup-copy-text") : null;
    if (!copy || !navigator.clipboard) { return; }
    navigator.clipboard.writeText(copy.dataset.copy).then(function () {
      copy.textContent = "Skopiowano";
      setTimeout(function () { copy.textContent = "Kopiuj"; }, 2000);
    });
  });
})();
