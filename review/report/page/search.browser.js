// Search over everything that has a description, and marks of the chosen thing in picture and tables.
(() => {
  "use strict";
  const MOST = 30;
  const input = document.getElementById("search");
  const results = document.getElementById("results");
  const found = document.getElementById("found");
  const details = document.getElementById("details");

  /** Things and rows with their texts, read once. */
  const entries = Array.from(document.querySelectorAll("[data-find]"), (element) => {
    const heading = element.querySelector("h2, th");
    const kind = element.querySelector(".what") ?? element.closest("article").querySelector("h2");
    const name = heading.textContent;
    // Rows are entries of their own.
    const text = element.matches("article")
      ? [
          name,
          kind.textContent,
          ...Array.from(element.querySelectorAll("dl, .way"), (each) => each.textContent),
        ].join(" ")
      : element.textContent;
    return {
      id: element.id,
      name,
      kind: kind.textContent,
      text: text.toLowerCase(),
      isRow: element.matches("tr"),
    };
  });

  /** Those that hold every word: first where it is a word of the name, then where the name holds it; things before rows. */
  function matches(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const rank = ({ name, isRow }) => {
      const own = name.toLowerCase();
      const exact = words.some((word) => own.split(/[\s/]+/).includes(word));
      return (exact ? 0 : words.some((word) => own.includes(word)) ? 2 : 4) + (isRow ? 1 : 0);
    };
    return entries
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .map((entry) => ({ entry, rank: rank(entry) }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ entry }) => entry);
  }

  function item({ id, name, kind }) {
    const link = document.createElement("a");
    link.href = `#${id}`;
    link.textContent = name;
    const what = document.createElement("span");
    what.textContent = kind;
    const element = document.createElement("li");
    element.append(link, " ", what);
    return element;
  }

  function search() {
    const all = matches(input.value);
    const shown = all.slice(0, MOST);
    results.replaceChildren(...shown.map(item));
    const more = all.length > MOST ? `, the first ${MOST} are shown` : "";
    found.textContent = input.value.trim() === "" ? "" : `${all.length} found${more}`;
  }

  function clear() {
    input.value = "";
    search();
  }

  function markChosen() {
    for (const link of document.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    const hash = location.hash;
    if (hash.length < 2) return;
    const row = document.getElementById(hash.slice(1));
    const article = row?.closest("article");
    for (const id of new Set([hash.slice(1), article?.id]))
      for (const link of id ? document.querySelectorAll(`main a[href="#${CSS.escape(id)}"]`) : [])
        link.setAttribute("aria-current", "true");
    if (article === row) details.scrollTop = 0;
  }

  input.addEventListener("input", search);
  results.addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
    if (event.key === "Escape") clear();
    if (event.key === "Enter" && document.activeElement === input) results.querySelector("a")?.click();
  });
  addEventListener("hashchange", markChosen);
  input.closest("search").hidden = false;
  markChosen();
})();
