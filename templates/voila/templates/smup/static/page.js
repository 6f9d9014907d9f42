/* What a page of widgets needs beside Voilà: an honest loading state, a way on when the connection
   or the session is lost, the state in the address bar, and names for screen readers. Loaded first,
   before Voilà's own scripts. */
(function () {
  "use strict";

  var SLOW_AFTER = 8000, FAILED_AFTER = 60000, LOST_AFTER = 2000, SLEPT = 30000, UNSEEN_AFTER = 250;
  var leaving = false, shown = false, lostTimer = null;

  function byId(id) { return document.getElementById(id); }

  function say(text) {
    if (byId("smup-said")) { byId("smup-said").textContent = text; }
  }

  /* -- connection ------------------------------------------------------------------------------ */

  var TEXTS = {
    lost: "Połączenie z serwerem zostało przerwane. Próbujemy je odzyskać; to, co widać, może być nieaktualne.",
    ended: "Sesja na serwerze się skończyła. Ten sam widok otworzy się po naciśnięciu przycisku.",
    away: "Serwer nadal nie odpowiada. Sprawdź połączenie z siecią i spróbuj za chwilę.",
    failed: "Strony nie udało się wczytać do końca. Spróbuj otworzyć ją jeszcze raz."
  };

  function tell(reason) {
    if (leaving || !byId("smup-connection")) { return; }
    byId("smup-connection-text").textContent = TEXTS[reason];
    byId("smup-connection").hidden = false;
    byId("smup-connection").dataset.reason = reason;
  }

  function restored() {
    clearTimeout(lostTimer);
    lostTimer = null;
    var box = byId("smup-connection");
    if (box && /^(lost|away)$/.test(box.dataset.reason)) { box.hidden = true; }
  }

  // the state stands in the address, so the same view opens in a new session
  function reopen() {
    var probe = document.body.dataset.baseUrl + "shared/tables.js";
    window.fetch(probe, { cache: "no-store" }).then(
      function () { leaving = true; window.location.reload(); },
      function () { tell("away"); }
    );
  }

  function sessionEnded(data) {
    var text = typeof data === "string" ? data
      : data instanceof ArrayBuffer && data.byteLength < 4096 ? new TextDecoder().decode(data) : "";
    // restarted after a crash, or shut down because nobody used it; the socket stays open either way
    return text.length < 4096 &&
      /"execution_state":\s*"(?:auto)?(?:restarting|dead)"|"msg_type":\s*"shutdown_request"/.test(text);
  }

  function watch(socket) {
    socket.addEventListener("open", restored);
    socket.addEventListener("close", function () {
      if (!leaving && !lostTimer) { lostTimer = setTimeout(function () { tell("lost"); askForSession(); }, LOST_AFTER); }
    });
    socket.addEventListener("message", function (event) {
      if (sessionEnded(event.data)) { tell("ended"); }
    });
  }

  // JupyterLab asks for no protocol again when its first connection failed before it opened, and a
  // server that reads this one alone would refuse every other try of a page
  var SPOKEN = "v1.kernel.websocket.jupyter.org";

  function toSession(address) { return /\/channels(\?|$)/.test(String(address)); }

  var Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(address, protocols) {
      super(address, toSession(address) ? SPOKEN : protocols || []);
      if (toSession(address)) { watch(this); }
    }
  };
  window.addEventListener("offline", function () { tell("lost"); });
  window.addEventListener("online", askForSession);
  window.addEventListener("beforeunload", function () { leaving = true; });

  // while a phone slept its connection may have ended unnoticed, and the session with it
  var hiddenAt = 0;

  function askForSession() {
    var data = byId("jupyter-config-data"), config = data ? JSON.parse(data.textContent) : {};
    if (!config.kernelId) { return; }
    window.fetch(config.baseUrl + "api/kernels/" + config.kernelId, { cache: "no-store" }).then(
      function (answer) { if (answer.status === 404) { tell("ended"); } else { restored(); } },
      function () { tell("lost"); }
    );
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { hiddenAt = Date.now(); }
    else if (shown && hiddenAt && Date.now() - hiddenAt > SLEPT) { askForSession(); }
  });
  // the session of a page taken from the browser's memory has ended
  window.addEventListener("pageshow", function (event) { if (event.persisted) { reopen(); } });

  /* -- loading --------------------------------------------------------------------------------- */

  // called by Voilà; this page shows itself when its widgets stand, not when the cells have run
  window.voila_process = window.voila_finish = window.voila_heartbeat = function () {};

  function loadingText(text) {
    var place = byId("smup-loading-text");
    if (place && !shown) { place.textContent = text; }
  }

  setTimeout(function () {
    loadingText("Przygotowanie strony trwa dłużej niż zwykle. Serwer pracuje, można poczekać.");
  }, SLOW_AFTER);
  // while the page still comes, the server says itself how far it is
  function failLater() {
    setTimeout(function () {
      if (document.readyState === "loading") { failLater(); } else if (!shown) { tell("failed"); }
    }, FAILED_AFTER);
  }
  failLater();

  // the same view without its widgets, to be read while they come; its own tree keeps it apart from
  // theirs: nothing is found twice, read out twice or clicked too early
  function showPreview() {
    var sent = byId("smup-preview"), loading = byId("smup-loading");
    if (shown || !sent || !byId("smup-preview-whole")) { return false; }
    var seen = document.createElement("div"), page = document.createElement("div");
    page.className = "smup-page";
    page.append(sent.content);
    seen.setAttribute("aria-hidden", "true");
    seen.inert = true;
    seen.attachShadow({ mode: "closed" }).append(document.querySelector("head > style").cloneNode(true), page);
    sent.remove();
    loading.querySelector("[aria-hidden]").replaceWith(seen);
    loading.classList.add("smup-previewed");
    loadingText("Można już czytać. Przyciski i pola zadziałają za chwilę.");
    // when it is drawn, for whoever measures
    soon(function () { setTimeout(function () { performance.mark("smup-preview"); }); });
    return true;
  }

  // the page comes piece by piece
  new MutationObserver(function (_, watcher) {
    if (showPreview() || shown || document.readyState !== "loading") { watcher.disconnect(); }
  }).observe(document.documentElement, { childList: true, subtree: true });

  function show() {
    shown = true;
    var loading = byId("smup-loading");
    if (loading) { loading.remove(); }
    document.body.classList.add("smup-ready");
    // Voilà puts the widgets behind everything that stood on the page; what ends it comes last again
    var foot = document.querySelector(".smup-foot");
    if (foot) { document.body.append(foot); }
  }

  /* -- the state in the address bar --------------------------------------------------------------- */

  var addressSent = 0;

  function stateLink() { return document.querySelector("a.smup-state-link"); }

  function followState() {
    var link = stateLink();
    if (!link || link.dataset.seen === "yes") { return; }
    link.dataset.seen = "yes";
    if (link.dataset.title) { document.title = link.dataset.title; }
    if (link.search !== window.location.search) {
      var first = !window.history.state;
      window.history[first ? "replaceState" : "pushState"]({ smup: true }, "", link.href);
    } else if (!window.history.state) {
      window.history.replaceState({ smup: true }, "");
    }
  }

  function sendAddress(field, search) {
    addressSent += 1; // the same address twice in a row is still a new wish
    field.value = addressSent + (search || "?");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // the session holds back what would come while the page still asks what there is
  var arrivalTold = false;

  function tellArrival() {
    var field = document.querySelector(".smup-address-field input");
    if (arrivalTold || !shown || !field || !stateLink()) { return; }
    arrivalTold = true;
    sendAddress(field, stateLink().search);
  }

  window.addEventListener("popstate", function () {
    var field = document.querySelector(".smup-address-field input");
    if (stateLink() && stateLink().search === window.location.search) { return; } // another place of this view
    if (!field) { reopen(); return; }
    focusWanted = true;
    waitForAnswer();
    sendAddress(field, window.location.search);
  });

  /* -- an answer that has not come yet -------------------------------------------------------------- */

  // said here, at once: the session may be busy or slow, and what stands below is not what was chosen
  var barBefore = null, focusWanted = false;

  function bar() { return document.querySelector(".smup-app .smup-bar"); }

  function waitForAnswer() {
    barBefore = bar();
    document.body.classList.add("smup-waiting");
  }

  function followAnswer() {
    var now = bar();
    if (now && now !== barBefore && !("busy" in now.dataset)) { document.body.classList.remove("smup-waiting"); }
  }

  // whoever chose a unit goes on reading at its heading, once that is there
  function followFocus() {
    var heading = document.querySelector(".smup-app h1");
    if (!focusWanted || document.body.classList.contains("smup-waiting") || !heading || !heading.offsetParent) { return; }
    focusWanted = false;
    heading.tabIndex = -1;
    heading.focus();
  }

  document.addEventListener("change", function (event) {
    if (event.target.closest && event.target.closest(".smup-selects select, .smup-look select")) { waitForAnswer(); }
  }, true);
  // a unit of a map (map.js)
  document.addEventListener("smup-chosen", function () { focusWanted = true; waitForAnswer(); });

  /* -- names and roles that the widgets do not give ------------------------------------------------ */

  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  function set(element, name, value) {
    if (element.getAttribute(name) !== value) { element.setAttribute(name, value); }
  }

  function enhance() {
    each(".smup-status > .widget-html-content, .smup-bar-slot > .widget-html-content", function (e) { set(e, "role", "status"); });
    each(".smup-candidates", function (e) {
      set(e, "role", "group");
      set(e, "aria-label", "Pasujące jednostki");
    });
    each(".smup-address-field input", function (e) {
      set(e, "tabindex", "-1");
      set(e, "aria-hidden", "true");
    });
    each(".smup-search input", function (e) {
      set(e, "autocomplete", "off");
      set(e, "enterkeyhint", "search");
      set(e, "spellcheck", "false");
    });
    each('.smup-app [title="null"]', function (e) { e.removeAttribute("title"); });
    // a drawing that says nothing: it has the name of its chart, and words and a table beside it
    each(".smup-app .bqplot", function (e) {
      var box = e.closest(".widget-vbox"), title = box && box.querySelector(".smup-figure-title");
      set(e, "role", "img");
      set(e, "aria-label", title ? "Wykres: " + title.textContent : "Wykres");
    });
    each(".jupyter-widgets-error-widget", tellBroken);
    each(".jp-OutputArea-output", function (e) {
      if (!e.childElementCount && /^Error displaying widget/.test(e.textContent)) { tellBroken(e); }
    });
    if (window.smupTables) { window.smupTables(); }
  }

  // a part that the browser cannot show says so in our words; the others stay
  function tellBroken(e) {
    var box = document.createElement("div");
    box.className = "smup-error";
    box.setAttribute("role", "alert");
    box.textContent = "Tej części strony nie udało się pokazać. Pozostałe działają.\nCo zrobić: odśwież stronę.";
    e.replaceWith(box);
  }

  // paper says which view it is, and of which day
  window.addEventListener("beforeprint", function () {
    var place = byId("smup-printed");
    if (!place) { return; }
    var day = new Intl.DateTimeFormat("pl", { dateStyle: "long", timeStyle: "short" }).format(new Date());
    place.textContent = document.title + ". Widok: " + (stateLink() || window.location).href + ". Wydrukowano " + day + ".";
  });

  // with the next picture, or a little later where none is drawn: a page opened behind another is finished too
  function soon(act) {
    var frame = window.requestAnimationFrame(once), timer = setTimeout(once, UNSEEN_AFTER);
    function once() {
      window.cancelAnimationFrame(frame);
      clearTimeout(timer);
      act();
    }
  }

  var waiting = false;
  function changed() {
    if (waiting) { return; }
    waiting = true;
    soon(function () {
      waiting = false;
      if (!shown && document.querySelector(".smup-app .smup-bar, .smup-app .smup-error, .smup-exercise button, [data-smup-failed]")) { show(); }
      enhance();
      followEnter();
      followAnswer();
      followState();
      tellArrival();
      followFocus();
    });
  }

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    if (!target) { return; }
    if (target.closest("#smup-reopen")) { reopen(); }
    var many = target.closest(".smup-search-many .smup-candidates button");
    // where several units are chosen the next one is typed at once
    if (many) { many.closest(".smup-search").querySelector("input").focus(); }
    else if (target.closest(".smup-app .smup-candidates button, .smup-app a[data-going], .smup-primary")) { focusWanted = true; waitForAnswer(); }
    if (target.closest(".smup-tabs button")) { waitForAnswer(); }
    if (target.closest(".smup-back")) { focusWanted = true; }
    var copy = target.closest(".smup-copy");
    if (copy && stateLink()) { copyLink(copy); }
  });

  function copyLink(button) {
    function told(word, sentence) {
      button.textContent = word;
      say(sentence);
      setTimeout(function () { button.textContent = "Kopiuj link"; say(""); }, 2500);
    }
    // without https a browser lets no page write to the clipboard: then the link is marked, to be copied by hand
    function mark() {
      window.getSelection().selectAllChildren(stateLink());
      told("Skopiuj ręcznie", "Przeglądarka nie pozwala skopiować linku. Skopiuj adres strony.");
    }
    if (!navigator.clipboard) { mark(); return; }
    navigator.clipboard.writeText(stateLink().href).then(
      function () { told("Skopiowano", "Link skopiowano."); }, mark
    );
  }

  // Enter chooses the only match and goes to the list of several. The list may still be that of
  // fewer letters, so the choice waits until the list says that it belongs to the text.
  var entered = null;

  function followEnter() {
    var status = entered && entered.search.querySelector(".smup-status [data-for]");
    if (!status || status.dataset.for !== entered.text) { return; }
    var found = entered.search.querySelectorAll(".smup-candidates button");
    entered = null;
    if (found.length === 1) { found[0].click(); } else if (found.length) { found[0].focus(); }
  }

  // Enter in an exercise checks what stands in the field, not what the session last heard of it
  function checkAnswer(event) {
    var field = event.target.closest(".smup-exercise .widget-text input");
    if (!field || event.key !== "Enter") { return; }
    event.preventDefault();
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.closest(".smup-exercise").querySelector(":scope > .widget-button").click();
  }

  // the field keeps its keys from bubbling, so they are caught on the way down
  document.addEventListener("keydown", function (event) {
    if (!event.target.closest) { return; }
    var field = event.target.closest(".smup-search input");
    if (!field) { checkAnswer(event); return; }
    var search = field.closest(".smup-search"), first = search.querySelector(".smup-candidates button");
    entered = null;
    if (event.key === "Enter") {
      event.preventDefault();
      entered = { search: search, text: field.value.trim() };
      followEnter();
    } else if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
  }, true);

  document.addEventListener("DOMContentLoaded", function () {
    if (!byId("smup-complete")) { tell("failed"); }
    var script = document.querySelector('script[src*="voila.js"]');
    if (!script) { tell("failed"); }
    new MutationObserver(function (changes) {
      // a map tells what is pointed at many times a second, and nothing else follows from it
      if (changes.some(function (one) { return !one.target.closest || !one.target.closest(".smup-map-stage, #smup-said"); })) { changed(); }
    }).observe(document.body, { childList: true, subtree: true });
    changed();
  });
  document.addEventListener("error", function (event) {
    if (event.target && event.target.tagName === "SCRIPT") { tell("failed"); }
  }, true);
})();
