// Search, drawers, keyboard, table twin of the map, links between charts and time.
(function () {
  "use strict";
  const G = window.geoioc;
  const U = (G.ui = {});

  U.build = () => {
    buildSearch();
    document.getElementById("theme").addEventListener("change", (event) => G.update({ theme: event.target.value }));
    document.getElementById("show").addEventListener("change", (event) => G.update({ show: event.target.value }));
    document.getElementById("via").addEventListener("change", (event) => G.update({ via: event.target.value }));
    const grid = document.querySelector(".map-grid");
    grid.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { theme, layer, drawer, drawerClose, drawerTab } = button.dataset;
      if (theme) { G.update({ theme }); U.tab("map"); if (matchMedia("(max-width: 1000px)").matches) U.close("layers"); }
      if (layer) G.overlays.toggle(layer);
      if (drawer) (U.isOpen(drawer) ? U.close : U.open)(drawer);
      if (drawerClose) U.close(drawerClose);
      if (drawerTab) U.tab(drawerTab);
    });
    const toolbar = document.querySelector(".toolbar");
    new ResizeObserver(() => toolbar.parentElement.style.setProperty("--toolbar", `${toolbar.offsetHeight}px`)).observe(toolbar);
    U.tab("map");
    new MutationObserver(linkCharts).observe(document.getElementById("charts"), { childList: true, subtree: true });
    document.addEventListener("keydown", onKey);
  };
  function onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !document.querySelector(".map-grid")) return;
    const open = ["detail", "table", "layers"].find(U.isOpen);
    if (open) return U.close(open);
    if (G.map && G.units.province) G.goUp();
  }

  // ------------------------------------------------------------ drawers and, at phone width, tabs
  let opener = null;
  const drawer = (name) => document.getElementById(`drawer-${name}`);
  U.isOpen = (name) => !drawer(name).hidden;
  U.open = (name) => {
    if (name !== "detail") opener = document.activeElement;
    ["layers", "table", "detail"].filter((other) => other !== name).forEach((other) => mark(other, false));
    mark(name, true);
    if (name === "table") U.table();
    if (name !== "detail") drawer(name).querySelector(".close").focus({ preventScroll: true });
  };
  U.close = (name) => {
    mark(name, false);
    if (name === "detail") G.land.highlight(null);
    if (opener && name !== "detail") opener.focus({ preventScroll: true });
  };
  function mark(name, open) {
    drawer(name).hidden = !open;
    const button = document.querySelector(`[data-drawer="${name}"]`);
    if (button) button.setAttribute("aria-expanded", String(open));
  }
  U.tab = (name) => {
    document.querySelector(".map-grid").dataset.tab = name;
    document.querySelectorAll("[data-drawer-tab]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.drawerTab === name));
      if (button.dataset.drawerTab === name) button.classList.remove("has-news");
    });
    if (name === "map" && G.map) setTimeout(() => G.map.invalidateSize(), 0);
    window.dispatchEvent(new Event("resize"));
  };

  // ------------------------------------------------------------ search: a combobox by the ARIA pattern
  function buildSearch() {
    const holder = document.getElementById("search");
    const placeholder = holder.dataset.placeholder;
    holder.innerHTML = `<input id="search-box" type="search" role="combobox" autocomplete="off" spellcheck="false" aria-expanded="false"
      aria-controls="search-list" aria-autocomplete="list" aria-label="${placeholder}" placeholder="${placeholder}">
      <ul id="search-list" role="listbox" aria-label="${placeholder}" hidden></ul><span class="visually-hidden" role="status" id="search-status"></span>`;
    const box = holder.querySelector("input");
    const list = holder.querySelector("ul");
    const status = holder.querySelector("#search-status");
    let found = [];
    let active = -1;
    let waiting = null;
    let asked = 0;
    const show = (open) => { list.hidden = !open; box.setAttribute("aria-expanded", String(open)); };
    const point = (index) => {
      active = index;
      [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === index)));
      if (index >= 0) { box.setAttribute("aria-activedescendant", `search-${index}`); list.children[index].scrollIntoView({ block: "nearest" }); }
      else box.removeAttribute("aria-activedescendant");
    };
    const take = (place) => {
      show(false);
      box.value = "";
      G.goTo(place);
    };
    async function ask() {
      const query = box.value.trim();
      const mine = ++asked;
      if (query.length < 2) { found = []; return show(false); }
      try {
        const answer = await G.json(`/api/search?q=${encodeURIComponent(query)}&lang=${G.config.lang}`);
        if (mine !== asked) return;
        found = answer;
        list.innerHTML = found.map((place, index) => `<li role="option" id="search-${index}" aria-selected="false" data-index="${index}">
          <b>${G.escape(place.title)}</b><span>${G.escape(place.note)}</span></li>`).join("")
          || `<li role="option" aria-disabled="true" aria-selected="false" class="none">${G.text("noResult")}</li>`;
        status.textContent = G.text("results", { n: found.length });
        show(true);
        point(found.length ? 0 : -1);
      } catch (error) {
        console.warn("geoioc search", error.message);
        G.notice(G.text("offline"), ask);
      }
    }
    box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) return ask();
        if (found.length) point((active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
      } else if (event.key === "Enter" && !list.hidden && found[active]) {
        event.preventDefault();
        take(found[active]);
      } else if (event.key === "Escape" && (!list.hidden || box.value)) {
        event.preventDefault();
        box.value = "";
        show(false);
      }
    });
    list.addEventListener("mousedown", (event) => {
      const item = event.target.closest("[data-index]");
      if (item) { event.preventDefault(); take(found[Number(item.dataset.index)]); }
    });
    box.addEventListener("blur", () => show(false));
  }
  G.goTo = (place) => {
    if (place.layer === "admin_unit") {
      if (place.key in G.units.byKey) return G.chooseUnit(place.key);
      return G.move(() => G.map.setView(place.point, 12));
    }
    const theme = Object.keys(G.config.themes).find((name) => {
      const layer = G.config.layers[name.split(".")[0]];
      return layer && layer.stations === place.layer;
    });
    G.move(() => G.map.setView(place.point, Math.max(G.map.getZoom(), 13)));
    if (theme) {
      const observed = theme.split(".")[0];
      const keep = G.state.theme.startsWith(`${observed}.`) ? G.state.theme : theme;
      return G.update({ theme: keep, station: `${observed}:${place.key}` });
    }
    if (place.layer in G.config.layers) {
      if (!G.state.on.includes(place.layer)) G.overlays.toggle(place.layer);
      G.detail(place.layer, place.key);
    }
  };

  // ------------------------------------------------------------ table: the same numbers as the map
  let order = { column: "value", down: true };
  // A limit is compared with the mean of its own hours; less than three quarters of them is no mean.
  function meanOf(frames, row, column) {
    const hours = frames.limitHours;
    const values = [];
    for (let at = Math.max(0, row - hours + 1); at <= row; at += 1)
      if (frames.values[at][column] !== null && ".f".includes(frames.states[at][column])) values.push(frames.values[at][column]);
    return values.length >= 0.75 * hours ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  }
  function stateOf(frames, row, item) {
    const level = frames.words && item.value !== null ? `${G.stations.letter(frames, G.stations.cell(frames, row, item.column).index)} · ${G.escape(frames.words[G.stations.cell(frames, row, item.column).index])}` : "";
    const note = frames.kind === "stations" && item.letter !== "." ? G.stations.note(frames, row, item.column) : "";
    return [level, item.letter === "." && level ? "" : G.stateWord(item.letter), G.escape(note)].filter(Boolean).join(" · ");
  }
  U.table = () => {
    const body = document.getElementById("table-body");
    const frames = G.frames;
    if (!frames || G.applied === null || !U.isOpen("table")) return;
    const row = G.applied;
    const area = G.units.selected();
    const rows = frames.kind === "units"
      ? frames.sets[frames.setOf[row]].keys.map((key, column) => ({
        column, key, name: G.units.title(G.units.byKey[key]), value: frames.values[row][column], letter: frames.states[row][column],
      })).filter((item) => G.units.inside(G.units.byKey[item.key], area))
      : frames.stations.map((station, column) => ({
        column, key: station.key, name: station.name, units: station.units, value: frames.values[row][column], letter: frames.states[row][column],
      })).filter((item) => item.units.includes(area.id));
    const compare = new Intl.Collator("vi").compare;
    rows.sort((a, b) => {
      if (order.column === "name") return compare(a.name, b.name) * (order.down ? -1 : 1);
      if (a.value === null || b.value === null) return (a.value === null) - (b.value === null);
      return (a.value - b.value) * (order.down ? -1 : 1);
    });
    const head = (name, words) => `<th scope="col" aria-sort="${order.column === name ? (order.down ? "descending" : "ascending") : "none"}">
      <button class="sort" data-sort="${name}" title="${G.text("sort")} ${words}">${words}${order.column === name ? (order.down ? " ▼" : " ▲") : ""}</button></th>`;
    const exposed = frames.show === "units" ? G.surface.exposure() : null;
    const peopleHead = exposed ? `<th scope="col">${G.text("peopleAbove", { day: G.day(exposed.day), limit: G.number(exposed.limit, 0) })}</th><th scope="col">${G.text("covered")}</th>` : "";
    const people = (item) => {
      const found = exposed && exposed.of(item.key);
      if (!exposed) return "";
      return found ? `<td class="number">${found[1] ? G.number(found[2], 0) : "–"}</td><td class="number">${G.number((100 * found[1]) / found[0], 0)}%</td>` : "<td></td><td></td>";
    };
    const withData = rows.filter((item) => item.value !== null).length;
    const limited = frames.limit !== null && frames.limit !== undefined;
    const above = limited ? rows.filter((item) => meanOf(frames, row, item.column) > frames.limit).length : null;
    const aboveWords = limited && frames.limitHours > 1 ? "aboveMean" : "above";
    body.innerHTML = `<p class="muted"><b>${G.escape(frames.title)}</b>${frames.unit ? ` (${G.escape(frames.unit)})` : ""} · ${G.timeLabel(frames.times[row], frames.step)}
      · ${G.text("summary", { n: withData, total: rows.length })}${above === null ? "" : ` · ${G.text(aboveWords, { n: above, hours: frames.limitHours })}`}</p>
      <div class="table-scroll" tabindex="0" role="region" aria-label="${G.escape(frames.title)}"><table class="table"><thead><tr>
      ${head("name", G.text(frames.kind === "units" ? "unit" : "station"))}${head("value", G.text("value"))}<th scope="col">${G.text("state")}</th>${peopleHead}</tr></thead>
      <tbody>${rows.map((item) => `<tr><th scope="row"><button class="link" data-key="${G.escape(item.key)}">${G.escape(item.name)}</button></th>
      <td class="number">${item.value === null ? `<span class="muted">${G.text("state.m")}</span>` : item.letter === "!" ? `<s>${G.number(item.value, frames.decimals)}</s>` : frames.lettersOnly ? "" : G.number(item.value, frames.decimals)}</td>
      <td>${stateOf(frames, row, item)}</td>${people(item)}</tr>`).join("")}</tbody></table></div>`;
    body.onclick = (event) => {
      const sort = event.target.closest("[data-sort]");
      const link = event.target.closest("[data-key]");
      if (sort) {
        order = { column: sort.dataset.sort, down: order.column === sort.dataset.sort ? !order.down : sort.dataset.sort === "value" };
        U.table();
        body.querySelector(`[data-sort="${order.column}"]`).focus();
      }
      if (link) frames.kind === "units" ? G.chooseUnit(link.dataset.key) : G.chooseStation(link.dataset.key);
    };
  };

  // ------------------------------------------------------------ charts follow the time bar, and set it
  let linked = new WeakSet();
  function linkCharts() {
    document.querySelectorAll("#charts [data-chart] .js-plotly-plot").forEach((plot) => {
      if (linked.has(plot) || !plot.on) return;
      linked.add(plot);
      enlarge(plot);
      const kind = plot.closest("[data-chart]").dataset.chart;
      plot.on("plotly_click", (event) => {
        const x = event.points[0].x;
        if (!G.frames || G.frames.step !== kind) return;
        if (kind === "hour") G.time.go(G.time.find(new Date(`${String(x).replace(" ", "T")}:00+07:00`.replace(/(T\d\d:\d\d):\d\d:\d\d/, "$1:00")).toISOString()) ?? G.time.index);
        if (kind === "month") G.time.go(G.time.find(`${G.frames.times[G.time.index].slice(0, 4)}-${x}`) ?? G.time.index);
        if (kind === "day") G.time.go(G.time.find(String(x).slice(0, 10)) ?? G.time.index);
      });
      cursor();
    });
  }
  // Figures are drawn in pixels; on a wall their letters and heights grow with the rest of the page.
  function enlarge(plot) {
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    if (scale < 1.1) return;
    const size = (value) => Math.round(value * scale);
    const height = size(plot.layout.height);
    plot.closest(".graph").style.height = `${height}px`;
    window.Plotly.relayout(plot, {
      height, "font.size": size(11), "legend.font.size": size(10.5), "hoverlabel.font.size": size(12),
      ...(plot.layout.yaxis.tickfont ? { "yaxis.tickfont.size": size(10.5) } : {}),
      ...(plot.layout.annotations?.length ? { "annotations[0].font.size": size(10) } : {}),
    });
  }
  let cursorDue = null;
  function cursor() {
    if (cursorDue) return;
    cursorDue = setTimeout(() => {
      cursorDue = null;
      const frames = G.frames;
      if (!frames || frames.step !== "hour" || !window.Plotly) return;
      const plot = document.querySelector('#charts [data-chart="hour"] .js-plotly-plot');
      if (!plot || !plot.layout || G.playing) return;
      const x = G.local(new Date(frames.times[G.time.index])).toISOString().slice(0, 16).replace("T", " ");
      const kept = (plot.layout.shapes || []).filter((shape) => shape.name !== "cursor");
      const line = { name: "cursor", type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { width: 1.5, color: getComputedStyle(document.documentElement).getPropertyValue("--now").trim() } };
      window.Plotly.relayout(plot, { shapes: [...kept, line] });
    }, 200);
  }
  let tableDue = false;
  G.on("frame", () => {
    cursor();
    if (tableDue) return;
    tableDue = true;
    requestAnimationFrame(() => { tableDue = false; if (!G.playing) U.table(); });
  });
  G.on("state", () => U.table());
})();
