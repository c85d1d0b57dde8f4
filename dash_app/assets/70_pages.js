// What all pages share: the address that follows filters, the look of figures the server draws, sections loaded when
// they come into view, and paper.
(function () {
  "use strict";
  const G = window.geoioc;
  const setProps = (id, props) => window.dash_clientside && window.dash_clientside.set_props && window.dash_clientside.set_props(id, props);

  // Names with an empty value leave the query; the page is not asked for again.
  G.writeQuery = (values) => {
    const query = new URLSearchParams(location.search);
    Object.entries(values).forEach(([name, value]) =>
      value === null || value === undefined || value === "" ? query.delete(name) : query.set(name, value));
    const text = query.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
    const address = location.pathname + (text ? `?${text}` : "") + location.hash;
    if (address !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", address);
    return address;
  };
  // The switch of language leads to the address as it is now, not as it was when the page was built.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#language-switch");
    if (!link) return;
    const query = new URLSearchParams(location.search);
    G.config.lang === "en" ? query.delete("lang") : query.set("lang", "en");
    const text = query.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
    link.href = location.pathname + (text ? `?${text}` : "") + location.hash;
  }, true);

  // ------------------------------------------------------------ light and dark
  new MutationObserver(() => setProps("look", { data: document.documentElement.dataset.look }))
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-look"] });

  // ------------------------------------------------------------ sections that are loaded when they come into view
  const seen = new Set();
  let place = null;
  const see = (names) => {
    const before = seen.size;
    names.forEach((name) => seen.add(name));
    if (seen.size !== before) setProps("station-seen", { data: [...seen] });
  };
  const watcher = new IntersectionObserver(
    (entries) => see(entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target.dataset.section)),
    { rootMargin: "200px" },
  );
  const watched = new WeakSet();
  new MutationObserver(() => {
    const sections = document.querySelectorAll("[data-section]");
    if (!sections.length) { seen.clear(); place = null; return; }
    if (place !== location.pathname) { seen.clear(); place = location.pathname; }
    sections.forEach((section) => {
      if (watched.has(section)) return;
      watched.add(section);
      watcher.observe(section);
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
  G.seeAll = () => see([...document.querySelectorAll("[data-section]")].map((section) => section.dataset.section));
  // Paper shows everything: what was not loaded yet is loaded first.
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-print]")) return;
    G.seeAll();
    for (let i = 0; i < 100; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      if (i > 2 && !document.querySelector("[data-section] .loading, [data-dash-is-loading]")) break;
    }
    window.print();
  });
})();
// Dialogs: the first field takes the keyboard, Escape is the button «cancel», Tab stays inside.
(function () {
  "use strict";
  let open = null;
  let opener = null;
  new MutationObserver(() => {
    // Dash's drop-down hides a field from screen readers that Tab could still reach.
    document.querySelectorAll(".dash-dropdown-focus-target:not([tabindex='-1'])").forEach((item) => { item.tabIndex = -1; });
    const shown = document.querySelector(".dialog-back:not([hidden]) .dialog");
    if (shown === open) return;
    if (shown) {
      opener = document.activeElement;
      const field = shown.querySelector("textarea, input");
      if (field) field.focus();
    } else if (opener && opener.isConnected) opener.focus();
    open = shown;
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });
  document.addEventListener("keydown", (event) => {
    if (!open) return;
    if (event.key === "Escape") {
      event.preventDefault();
      const cancel = document.getElementById("review-cancel");
      if (cancel && open.contains(cancel)) cancel.click();
    }
    if (event.key !== "Tab") return;
    const stops = [...open.querySelectorAll("textarea, input, button, a[href]")].filter((item) => !item.disabled);
    const at = stops.indexOf(document.activeElement);
    if (event.shiftKey ? at <= 0 : at === stops.length - 1) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  });
})();
