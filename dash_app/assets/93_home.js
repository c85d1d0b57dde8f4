// First page: what is new since the last visit is marked; J and K walk through the list.
(function () {
  "use strict";
  const STORE = "geoioc.attention"; // {at: time of the last visit, seen: ids of the lines it showed}
  const PAUSE = 10 * 60e3; // a shorter absence is the same visit
  const KEPT = 3000;
  let known = null; // ids before this visit; null = first visit, nothing is marked
  let seen = new Set();
  try {
    const stored = JSON.parse(localStorage.getItem(STORE) || "null");
    if (stored) {
      seen = new Set(stored.seen);
      known = Date.now() - stored.at > PAUSE ? new Set(stored.seen) : new Set(stored.known || stored.seen);
    }
  } catch (error) {
    console.warn("geoioc attention", error.message); // a broken store is as good as none
  }
  const first = known === null;
  function mark() {
    const lines = document.querySelectorAll("[data-need]");
    if (!lines.length) return;
    if (known === null) known = new Set([...lines].map((line) => line.dataset.need));
    lines.forEach((line) => {
      const fresh = !known.has(line.dataset.need) && !(first && !seen.size);
      line.classList.toggle("is-new", fresh);
      const chip = line.querySelector(".need-new");
      if (chip) chip.hidden = !fresh;
      seen.add(line.dataset.need);
    });
    remember();
  }
  function remember() {
    try {
      localStorage.setItem(STORE, JSON.stringify({ at: Date.now(), seen: [...seen].slice(-KEPT), known: [...known].slice(-KEPT) }));
    } catch (error) {
      console.warn("geoioc attention", error.message); // private windows may refuse to store
    }
  }
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === 1 && (node.matches("[data-need]") || node.querySelector("[data-need]"))))) mark();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Links inside the application change the page without loading scripts anew; a click with Ctrl still opens a tab.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-soft]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !window.dash_clientside?.set_props) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin) return;
    event.preventDefault();
    window.dash_clientside.set_props("url", { pathname: to.pathname, search: to.search, hash: "" });
    scrollTo({ top: 0 });
  });
  // From the map to the comparison: unit, month and indicator on screen go along.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#map-compare");
    const G = window.geoioc;
    if (!link || !G.units || !G.units.province) return;
    const theme = G.config.themes[G.state.theme] || {};
    const query = new URLSearchParams(G.config.lang === "en" ? { lang: "en" } : {});
    const month = theme.kind === "indicator" && G.state.t ? `@${G.state.t.slice(0, 7)}` : "";
    query.set("a", `${G.state.unit || G.units.province.key}${month}`);
    if (theme.kind === "indicator") {
      query.set("code", G.state.theme.split(".").pop());
      if (theme.domain) query.set("domain", theme.domain);
    }
    link.href = `/compare?${query.toString().replace(/%3A/g, ":").replace(/%40/g, "@")}`;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (!["j", "k", "J", "K"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const links = [...document.querySelectorAll("#home-list .need-title")].filter((link) => link.offsetParent);
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const to = event.key.toLowerCase() === "j" ? Math.min(links.length - 1, at + 1) : Math.max(0, at < 0 ? 0 : at - 1);
    links[to].focus();
    links[to].scrollIntoView({ block: "nearest" });
  });
})();
