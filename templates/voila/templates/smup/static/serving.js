/* What a page learns from the server while it is open: that the data have changed, and that its
   session has ended, also where the browser never said goodbye. */
(function () {
  "use strict";

  var EVERY = 60000, told = false;

  function root() { return document.body.dataset.baseUrl; }

  /* -- newer data ------------------------------------------------------------------------------- */

  // the page goes on with the data that it was opened with; the reader decides when to change
  function tellNewer() {
    if (told) { return; }
    told = true;
    var box = document.createElement("div"), text = document.createElement("p"), again = document.createElement("p");
    box.id = "smup-newer";
    box.className = "smup-connection";
    box.setAttribute("role", "status");
    text.textContent = "Jest nowszy stan danych. Ta strona pokazuje ten, z którym ją otwarto; otwórz ten widok ponownie, żeby zobaczyć nowy.";
    again.innerHTML = '<button type="button" class="smup-link-button">Otwórz ten widok ponownie</button>';
    again.firstChild.addEventListener("click", function () { window.location.reload(); });
    document.querySelector(".smup-skip").after(box);
    box.append(text, again);
  }

  function look() {
    var own = document.body.dataset.snapshot;
    if (!own || told || document.hidden) { return; }
    window.fetch(root() + "state", { cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.json() : {};
    }).then(function (state) {
      if (state.snapshot && state.snapshot !== own) { tellNewer(); }
    }, function () { /* page.js says when the server cannot be reached */ });
  }

  /* -- goodbye ---------------------------------------------------------------------------------- */

  function sessionId() {
    var data = document.getElementById("jupyter-config-data");
    return data && JSON.parse(data.textContent).kernelId;
  }

  // a phone closes a page without "beforeunload", by which Voilà ends the session
  window.addEventListener("pagehide", function (event) {
    var id = sessionId(), token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
    if (event.persisted || !id || !token) { return; }
    var form = new FormData();
    form.append("_xsrf", token[1]);
    navigator.sendBeacon(root() + "api/shutdown/" + id, form);
  });

  document.addEventListener("DOMContentLoaded", function () {
    setInterval(look, EVERY);
    document.addEventListener("visibilitychange", look);
  });
})();
