// The search of a site's first page: every word must occur, with or without Polish letters.
(() => {
  // a long list is a script of its own, since a page opened from a disk may read no other file
  const entries = globalThis.smupEntries ?? JSON.parse(document.getElementById("spis").textContent);
  const form = document.querySelector(".smup-search");
  const field = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const list = form.querySelector("ol");
  const MOST = 30;
  const fold = (text) =>
    text.toLowerCase().replaceAll("ł", "l").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("_", " ");
  let first = "";
  const show = () => {
    const words = fold(field.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    // names that begin with the words, then names with them, then descriptions
    const rank = (entry) =>
      entry.t.startsWith(words.join(" ")) ? 0 : words.every((word) => entry.t.includes(word)) ? 1 : 2;
    const hits = (entry) => words.filter((word) => entry.w.includes(word)).length;
    const most = words.length ? entries.reduce((best, entry) => Math.max(best, hits(entry)), 0) : 0;
    // a word too many ("gmina Kielce") loses no hit: then the nearest are shown, and called so
    const found = most
      ? entries
          .filter((entry) => hits(entry) === most)
          .map((entry, place) => [rank(entry), place, entry])
          .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      : [];
    first = found.length ? found[0][2].a : "";
    list.replaceChildren(
      ...found.slice(0, MOST).map(([, , entry]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const kind = document.createElement("span");
        link.href = entry.a;
        link.textContent = entry.n;
        kind.className = "smup-note";
        kind.textContent = ` ${entry.k}`;
        item.append(link, kind);
        return item;
      }),
    );
    const more = found.length > MOST ? `, pokazano pierwsze ${MOST}` : "";
    const told = most < words.length ? "Nie ma pozycji ze wszystkimi słowami. Najbliższe" : "Znaleziono";
    status.textContent = !words.length
      ? ""
      : found.length
        ? `${told}: ${found.length}${more}. Enter otwiera pierwszą.`
        : "Nic nie znaleziono. Wpisz nazwę albo jej początek, bez skrótów.";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (first) location.assign(first);
  });
  field.addEventListener("input", show);
  show();
})();
