// Units on the map: geometry loaded once per level and vintage, restyled in place; selection, tooltips, labels.
(function () {
  "use strict";
  const G = window.geoioc;
  const sets = {}; // "commune@2026-11-21" -> promise of {group, byKey, data}
  const units = (G.units = { list: [], byKey: {}, province: null });

  units.load = async () => {
    const answer = await G.json(G.unitsUrl);
    units.list = answer.units;
    units.byKey = Object.fromEntries(answer.units.map((unit) => [unit.key, unit]));
    units.province = units.byKey[answer.province];
  };
  // One name for a set of units: the newest start among those in force on the day (frames.py says the same).
  units.asOf = (level, day) => {
    const inForce = units.list.filter((unit) => unit.level === level && unit.from <= day && (!unit.to || day < unit.to));
    return inForce.map((unit) => unit.from).sort().pop() || day;
  };
  units.dayBefore = (day) => new Date(Date.parse(day) - 864e5).toISOString().slice(0, 10);
  units.title = (unit) => unit.title;
  units.selected = () => units.byKey[G.state.unit] || units.province;
  units.districtOf = (unit) => units.byKey[unit.former] || (unit.parent && units.byKey[unit.parent]?.level === "district" ? units.byKey[unit.parent] : null);
  units.path = (unit) => {
    if (!unit || unit.level === "province") return [units.province];
    const district = unit.level === "commune" ? units.districtOf(unit) : null;
    return [units.province, district, unit].filter(Boolean);
  };
  units.inside = (unit, area) => {
    if (!area || area.key === units.province.key || unit.key === area.key || unit.former === area.key) return true;
    for (let up = unit; up && up.parent; up = units.byKey[up.parent]) if (up.parent === area.key) return true;
    return false;
  };
  // Former districts are drawn while the province is chosen; inside a district its communes are.
  units.via = () => (G.state.via === "former" && units.selected()?.level === "province" ? "former" : "today");

  // ------------------------------------------------------------ fills that say more than a colour
  const patterns = {};
  const svgNs = "http://www.w3.org/2000/svg";
  function pattern(name, background, draw) {
    if (!patterns[name]) {
      let defs = document.querySelector("#geoioc-patterns defs");
      if (!defs) {
        const svg = document.createElementNS(svgNs, "svg");
        svg.id = "geoioc-patterns";
        svg.setAttribute("aria-hidden", "true");
        svg.setAttribute("width", "0");
        svg.setAttribute("height", "0");
        svg.style.position = "absolute";
        defs = svg.appendChild(document.createElementNS(svgNs, "defs"));
        document.body.appendChild(svg);
      }
      const tile = document.createElementNS(svgNs, "pattern");
      tile.id = name;
      tile.setAttribute("patternUnits", "userSpaceOnUse");
      tile.setAttribute("width", "8");
      tile.setAttribute("height", "8");
      tile.innerHTML = `<rect width="8" height="8" fill="${background}"/>${draw}`;
      defs.appendChild(tile);
      patterns[name] = `url(#${name})`;
    }
    return patterns[name];
  }
  const stroke = (colour, width, opacity) =>
    `<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"/>`;
  G.fills = {
    missing: () => pattern("fill-missing", "#eceff1", stroke("#90a0aa", 1.2, 1)),
    interpolated: (colour) => pattern(`fill-i${colour.slice(1)}`, colour, '<circle cx="2" cy="2" r="0.9" fill="#fff" fill-opacity="0.8"/><circle cx="6" cy="6" r="0.9" fill="#fff" fill-opacity="0.8"/>'),
    forecast: (colour) => pattern(`fill-f${colour.slice(1)}`, colour, stroke("#ffffff", 2, 0.75) ),
    zero: () => pattern("fill-zero", "#ffffff", '<circle cx="4" cy="4" r="1.3" fill="none" stroke="#607d8b"/>'),
  };
  const dark = () => G.state.look === "dark";
  const PLAIN = () => ({ fillColor: dark() ? "#24323d" : "#fbfaf5", fillOpacity: 1 });
  const LINE = () => (dark() ? "#50697a" : "#8fa3ae");

  // ------------------------------------------------------------ geometry
  units.set = (level, asOf) => {
    const name = `${level}@${asOf}`;
    sets[name] = sets[name] || loadSet(level, asOf).catch((error) => { delete sets[name]; throw error; });
    return sets[name];
  };
  async function loadSet(level, asOf) {
    const url = `${G.config.ogc}/collections/admin_unit_map/items?f=json&level=${level}&datetime=${asOf}&limit=5000`;
    const data = await G.json(url);
    const features = data.features.filter((feature) => feature.properties.key in units.byKey);
    const byKey = {};
    const set = { level, asOf, byKey, features, stop: null };
    set.group = L.geoJSON({ type: "FeatureCollection", features }, {
      style: () => ({ ...PLAIN(), color: LINE(), weight: 0.8 }),
      onEachFeature: (feature, layer) => {
        const key = feature.properties.key;
        byKey[key] = layer;
        layer.bindTooltip(() => G.tooltip(key), { sticky: true, direction: "top", className: "unit-tip" });
        layer.on("click", (event) => { if (!G.land.hit(event)) G.chooseUnit(key); });
        layer.on("mouseover", () => { units.hovered = layer; layer.setStyle({ weight: 2.2 }); });
        layer.on("mouseout", () => { units.hovered = null; layer.setStyle({ weight: 0.8 }); });
        layer.on("add", () => reachable(set, key, layer));
      },
    });
    return set;
  }

  // ------------------------------------------------------------ by keyboard
  // Tab reaches one unit of a set, arrows go from neighbour to neighbour, Enter or Space chooses.
  const TOWARDS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  let ring = null;
  function reachable(set, key, layer) {
    const path = layer.getElement();
    const words = { role: "button", "aria-label": units.title(units.byKey[key]), tabindex: key === stopOf(set) ? "0" : "-1" };
    Object.entries(words).forEach(([name, value]) => path.setAttribute(name, value));
    path.addEventListener("keydown", (event) => {
      const choose = event.key === "Enter" || event.key === " ";
      if (!choose && !(event.key in TOWARDS)) return;
      event.preventDefault();
      event.stopPropagation(); // the map would move
      if (choose) G.chooseUnit(key);
      else focusUnit(set, neighbour(set, layer, TOWARDS[event.key]));
    });
    path.addEventListener("focus", () => {
      stopAt(set, key);
      if (!path.matches(":focus-visible")) return;
      const style = { color: getComputedStyle(path).getPropertyValue("--focus").trim(), weight: 4, fill: false, className: "unit-ring" };
      ring = L.geoJSON(layer.feature, { interactive: false, pane: "outline", style }).addTo(G.map);
      if (!G.map.getBounds().contains(layer.getBounds().getCenter())) G.map.panTo(layer.getBounds().getCenter());
    });
    path.addEventListener("blur", unring);
  }
  function unring() {
    if (ring) ring.remove();
    ring = null;
  }
  const stopOf = (set) => (set.stop = set.stop || (G.state.unit in set.byKey ? G.state.unit : Object.keys(set.byKey)[0]));
  function stopAt(set, key) {
    set.byKey[stopOf(set)]?.getElement()?.setAttribute("tabindex", "-1");
    set.stop = key;
    set.byKey[key].getElement().setAttribute("tabindex", "0");
  }
  function focusUnit(set, key) {
    const path = set.byKey[key]?.getElement();
    if (path) path.focus({ preventScroll: true });
  }
  function neighbour(set, from, [x, y]) {
    const place = (layer) => G.map.latLngToLayerPoint(layer.getBounds().getCenter());
    const here = place(from);
    let best = null;
    Object.entries(set.byKey).forEach(([key, layer]) => {
      const step = place(layer).subtract(here);
      const ahead = step.x * x + step.y * y;
      const aside = Math.abs(step.x * y) + Math.abs(step.y * x);
      const cost = ahead + 2 * aside;
      if (ahead > 0 && aside <= 2 * ahead && (!best || cost < best.cost)) best = { key, cost };
    });
    return best && best.key;
  }

  // ------------------------------------------------------------ what is drawn
  let shown = null;
  units.shown = () => shown;
  units.show = (set) => {
    if (shown === set) return;
    const focused = shown && Object.values(shown.byKey).some((layer) => layer.getElement() === document.activeElement);
    if (shown) shown.group.remove();
    unring();
    shown = set;
    set.group.addTo(G.map);
    if (focused) focusUnit(set, stopOf(set));
    Object.values(set.byKey).forEach((layer) => (layer._drawn = null));
    set.plain = null;
    labels(set);
    G.emit("set", set);
  };
  units.paint = (key, layer, cell) => {
    const area = units.selected();
    const dim = area && !units.inside(units.byKey[key], area);
    const mark = `${cell ? cell.fill : "plain"}${dim}${G.state.look}`;
    if (layer._drawn === mark) return;
    layer._drawn = mark;
    layer.setStyle({
      ...(cell ? { fillColor: cell.fill, fillOpacity: dim ? 0.3 : 0.88 } : { ...PLAIN(), fillOpacity: dim ? 0.55 : 1 }),
      color: LINE(),
    });
    G.stats.drawn += 1;
  };
  // Colour of a value in a set of classes; null = no value.
  units.cell = (frame, row, column) => {
    const value = frame.values[row][column];
    const letter = frame.states[row][column];
    const set = frame.sets[frame.setOf[row]];
    if (value === null) return { fill: G.fills.missing(), value, letter };
    let index = 0;
    while (index < set.breaks.length && value >= set.breaks[index]) index += 1;
    const colour = set.colours[index];
    if (letter === "f" || letter === "g") return { fill: G.fills.forecast(colour), value, letter, index };
    if (letter === "i") return { fill: G.fills.interpolated(colour), value, letter, index };
    if (value === 0) return { fill: G.fills.zero(), value, letter, index };
    return { fill: colour, value, letter, index };
  };

  units.provinceShape = async () => {
    const set = await units.set("province", units.asOf("province", G.today()));
    return set.features.find((item) => item.properties.key === units.province.key);
  };
  let outline = null;
  units.outline = async () => {
    const unit = units.selected();
    const set = await units.set(unit.level, units.asOf(unit.level, unit.to ? units.dayBefore(unit.to) : G.today()));
    if (outline) outline.remove();
    outline = null;
    const feature = set.features.find((item) => item.properties.key === unit.key);
    if (!feature || units.selected().key !== unit.key) return;
    outline = L.geoJSON(feature, {
      interactive: false, pane: "outline",
      style: { fill: false, color: dark() ? "#ffd54f" : "#12323f", weight: unit.level === "province" ? 1.6 : 3 },
    }).addTo(G.map);
  };

  let labelLayer = null;
  function labels(set) {
    if (labelLayer) labelLayer.remove();
    labelLayer = L.layerGroup(
      Object.entries(set.byKey).map(([key, layer]) =>
        L.marker(layer.getBounds().getCenter(), {
          interactive: false, keyboard: false, pane: "labels",
          icon: L.divIcon({ className: `label label-${set.level}`, html: G.escape(units.byKey[key].name), iconSize: null }),
        }),
      ),
    ).addTo(G.map);
  }

  // ------------------------------------------------------------ choosing
  G.chooseUnit = (key, { fit = true } = {}) => {
    const unit = units.byKey[key];
    if (!unit) return;
    G.update({ unit: unit.key === units.province.key ? null : unit.key, station: null });
    if (fit) G.fit(unit);
  };
  G.goUp = () => {
    const path = units.path(units.selected());
    if (path.length > 1) G.chooseUnit(path[path.length - 2].key);
  };
  // Leaflet drops a view asked for during a zoom animation: it is taken up when that one ends.
  G.move = (go) => {
    if (G.map._animatingZoom) G.map.once("zoomend", () => setTimeout(go));
    else go();
  };
  G.fit = (unit) => {
    const [west, south, east, north] = unit.box;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // Room for the legend on wide maps.
    const wide = G.map.getSize().x > 620;
    G.move(() => G.map.fitBounds([[south, west], [north, east]], { paddingTopLeft: [wide ? 24 : 12, 12], paddingBottomRight: [wide ? 190 * parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 : 12, 14], maxZoom: 14, animate: !calm, duration: 0.4 }));
  };
  G.today = () => G.local(new Date()).toISOString().slice(0, 10);

  G.tooltip = (key) => {
    const unit = units.byKey[key];
    const lines = [`<b>${G.escape(units.title(unit))}</b>`];
    const district = unit.level === "commune" ? units.districtOf(unit) : null;
    if (district) lines.push(`<span class="muted">${G.escape(units.title(district))}</span>`);
    const cell = G.cellOf(key);
    if (cell) {
      const frames = G.frames;
      lines.push(cell.value === null ? G.text("state.m")
        : `${G.number(cell.value, frames.decimals)} ${G.escape(frames.unit)} <i>${G.stateWord(cell.letter)}</i>`);
    }
    lines.push(...G.surface.notes(key));
    const land = G.land && G.land.note(key);
    if (land) lines.push(land);
    return lines.join("<br>");
  };
  G.stateWord = (letter) => {
    if (letter === ".") return G.frames.kind === "stations" || G.frames.show === "units" ? G.text("state.measured") : G.text("state.official");
    return G.text(`state.${letter}`);
  };
  G.cellOf = (key) => {
    const frames = G.frames;
    if (!frames || frames.kind !== "units" || G.applied === null) return null;
    const column = frames.sets[frames.setOf[G.applied]].keys.indexOf(key);
    return column < 0 ? null : units.cell(frames, G.applied, column);
  };

  units.breadcrumb = () => {
    const nav = document.getElementById("breadcrumb");
    const path = units.path(units.selected());
    nav.replaceChildren(...path.map((unit, index) => {
      const last = index === path.length - 1;
      const item = document.createElement(last ? "span" : "button");
      item.textContent = units.title(unit);
      if (unit.to) item.append(Object.assign(document.createElement("small"), { textContent: ` (${G.config.lang === "en" ? "former" : "cũ"})` }));
      if (last) item.setAttribute("aria-current", "location");
      else item.onclick = () => G.chooseUnit(unit.key);
      return item;
    }));
    if (path.length > 1) {
      const up = document.createElement("button");
      up.className = "up";
      up.textContent = "↑";
      up.title = `${G.text("up")} (Esc)`;
      up.setAttribute("aria-label", G.text("up"));
      up.onclick = G.goUp;
      nav.prepend(up);
    }
  };
})();
