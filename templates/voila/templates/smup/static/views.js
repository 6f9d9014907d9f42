/* Ways within an app: a link to another view of the same page is followed without a new session, the
   choice is folded on a phone once there is something to read, and the browser alone remembers which
   units were looked at last. */
(function () {
  "use strict";

  var KEY = "smup.recent", MOST = 6, NARROW = "(max-width: 48rem)";

  function near(target, selector) { return target.closest ? target.closest(selector) : null; }

  /* -- links to other views of this page ------------------------------------------------------------ */

  // page.js hears "popstate" and tells the session; an entry without a state is replaced by the
  // address that the view then has, so that going back takes one step
  function follow(event) {
    var link = near(event.target, ".smup-app a.smup-go");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    if (link.pathname !== window.location.pathname || !document.querySelector(".smup-address-field input")) { return; }
    event.preventDefault();
    fold();
    if (link.search === window.location.search) { return; }
    link.dataset.going = "yes"; // page.js waits for the answer and moves the focus to its heading
    window.history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }
  document.addEventListener("click", follow, true);

  /* -- the choice on a phone ------------------------------------------------------------------------- */

  function fold() { document.body.classList.remove("smup-choosing"); }

  document.addEventListener("click", function (event) {
    if (near(event.target, ".smup-candidates button, .smup-back")) { fold(); return; }
    if (!near(event.target, '.smup-basic .smup-bar a[href="#wybor"]') || !window.matchMedia(NARROW).matches) { return; }
    if (document.body.classList.toggle("smup-choosing")) { return; }
    event.preventDefault();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.body.classList.contains("smup-choosing")) {
      fold();
      var way = document.querySelector('.smup-basic .smup-bar a[href="#wybor"]');
      if (way) { way.focus(); }
    }
  });

  /* -- units looked at last: kept in this browser, sent nowhere -------------------------------------- */

  function remembered() {
    try {
      var kept = JSON.parse(window.localStorage.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept.filter(function (one) {
        return one && /^[0-9]{4,7}$/.test(one.unit) && typeof one.name === "string";
      }) : [];
    } catch (error) { return []; }
  }

  function keep(list) {
    try { window.localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST))); } catch (error) { return; }
  }

  function remember() {
    var link = document.querySelector(".smup-basic a.smup-state-link");
    var name = document.querySelector(".smup-basic .smup-bar strong");
    var unit = link && new URLSearchParams(link.search).get("unit");
    if (!unit || !name || link.dataset.kept) { return; }
    link.dataset.kept = "yes";
    var rest = remembered().filter(function (one) { return one.unit !== unit; });
    keep([{ unit: unit, name: name.textContent }].concat(rest));
  }

  function showRemembered() {
    var place = document.querySelector(".smup-recent:not([data-filled])");
    if (!place) { return; }
    place.dataset.filled = "yes";
    var list = place.querySelector("ul"), kept = remembered();
    list.textContent = "";
    kept.forEach(function (one) {
      var link = document.createElement("a"), item = document.createElement("li");
      link.className = "smup-go";
      link.href = "?unit=" + encodeURIComponent(one.unit);
      link.textContent = one.name;
      item.appendChild(link);
      list.appendChild(item);
    });
    place.hidden = !kept.length;
  }

  document.addEventListener("click", function (event) {
    var button = near(event.target, ".smup-forget");
    if (!button) { return; }
    keep([]);
    button.closest(".smup-recent").hidden = true;
    var heading = document.querySelector(".smup-app h1");
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  });

  var waiting = false;
  function changed() {
    if (waiting) { return; }
    waiting = true;
    window.requestAnimationFrame(function () {
      waiting = false;
      remember();
      showRemembered();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(changed).observe(document.body, { childList: true, subtree: true });
    changed();
  });
})();
