// The map itself: boot, own basemap, frames, legend. L.Map.addInitHook needs no custom build of dash-leaflet.
(function () {
  "use strict";
  const G = window.geoioc;
  if (!window.L) return;
  L.Map.addInitHook(function () {
    const map = this;
    if (map.getContainer().id === "map" || map.getContainer().closest(".map-area")) {
      const wait = () => (document.getElementById("timebar") ? boot(map) : requestAnimationFrame(wait));
      requestAnimationFrame(wait);
    }
  });

  async function boot(map) {
    G.map = map;
    const panes = { base: 150, surface: 410, land: 420, outline: 450, labels: 460, stations: 620 };
    Object.entries(panes).forEach(([name, order]) => {
      const pane = map.createPane(name);
      pane.style.zIndex = order;
      if (name !== "stations") pane.style.pointerEvents = "none";
    });
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", document.querySelector(".map-area").getAttribute("aria-label"));
    L.control.zoom({ position: "bottomright", zoomInTitle: G.text("zoomIn"), zoomOutTitle: G.text("zoomOut") }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    Object.assign(G.state, G.readHash());
    G.applyLook();
    G.time.build();
    G.ui.build();
    map.on("moveend zoomend", remembered);
    start();
  }
  // Moves before the first picture are the map finding its size, not the user's.
  function remembered() {
    const centre = G.map.getCenter();
    if (G.ready) G.state.v = `${G.map.getZoom()}/${centre.lat.toFixed(4)}/${centre.lng.toFixed(4)}`;
    G.map.getContainer().dataset.zoom = Math.floor(G.map.getZoom());
    if (G.ready) G.remember(false);
    graticule();
    G.land.zoomed();
    G.stations.arrange();
  }

  async function start() {
    G.notice(G.text("loading"));
    try {
      await Promise.all([G.units.load(), basemap()]);
      if (!G.units.province) return G.notice(G.text("noData"));
      G.units.set(...plainSet()).catch(() => {}); // under way while the frames come; apply() reports a failure
      G.map.invalidateSize();
      restoreView();
      inset();
      await apply();
      G.ready = true;
      G.tellServer(); // cards and charts come after the map: their script is the largest of all
      G.remember(false);
      G.emit("ready");
    } catch (error) {
      console.warn("geoioc start", error.message);
      G.notice(G.text("offline"), start);
      setTimeout(() => { if (!G.ready) start(); }, 10e3);
    }
  }
  function restoreView() {
    const [zoom, lat, lng] = (G.state.v || "").split("/").map(Number);
    if (Number.isFinite(lng)) G.map.setView([lat, lng], zoom, { animate: false });
    else G.fit(G.units.selected());
  }

  // ------------------------------------------------------------ from state to picture
  async function apply() {
    const select = document.getElementById("theme");
    select.value = G.state.theme;
    document.getElementById("via").value = G.state.via;
    G.surface.controls();
    G.units.breadcrumb();
    G.overlays.apply();
    G.land.apply();
    if (G.ready) G.tellServer();
    await Promise.all([loadFrames(), G.units.outline(), G.surface.apply()]);
  }
  G.on("state", ({ before, after, restored }) => {
    if (!G.map || !G.units.province) return;
    const look = before.look !== after.look;
    if (look) G.applyLook();
    if (restored && before.v !== after.v) restoreView();
    if (restored && before.t !== after.t && before.theme === after.theme && G.frames)
      G.time.go(G.time.find(after.t) ?? G.frames.start, { rest: false });
    apply().catch((error) => {
      console.warn("geoioc apply", error.message);
      G.notice(G.text("offline"), () => apply().catch(() => G.notice(G.text("offline"), () => location.reload())));
    });
    if (look) { basemap(); graticule(); if (G.frames) { G.time.draw(); redraw(); } }
  });

  const cache = {};
  let wanted = null;
  async function loadFrames() {
    const url = G.framesUrl(G.units.via());
    wanted = url;
    cache[url] = cache[url] || G.json(url).catch((error) => { delete cache[url]; throw error; });
    const slow = setTimeout(() => { if (G.ready && wanted === url) G.notice(G.text("loading")); }, 300);
    const frames = await cache[url].finally(() => clearTimeout(slow));
    if (wanted !== url) return;
    if (G.frames !== frames) {
      G.frames = frames;
      G.applied = null;
      if (frames.kind === "stations") {
        G.units.show(await G.units.set(...plainSet()));
        if (wanted !== url) return;
        G.stations.build(frames);
      } else {
        G.stations.clear();
      }
      G.time.setFrames(frames);
      if (!silent) G.notice(frames.counts.some(Boolean) ? null : `${frames.title}: ${G.text("noData")}`);
    } else {
      if (frames.kind === "stations") G.units.show(await G.units.set(...plainSet()));
      G.notice(null);
      redraw();
    }
    G.stations.focus();
  }
  // Under station badges: units of today, or the former districts.
  function plainSet() {
    if (G.units.via() !== "former") return ["commune", G.units.asOf("commune", G.today())];
    const last = G.units.list.filter((unit) => unit.level === "district" && unit.to).map((unit) => unit.to).sort().pop();
    return ["district", G.units.asOf("district", last ? G.units.dayBefore(last) : G.today())];
  }
  function redraw() {
    const index = G.time.index;
    G.applied = null;
    silent = false;
    G.setFrame(index);
  }

  let pending = null;
  G.setFrame = (index) => {
    const frames = G.frames;
    pending = index;
    if (frames.kind === "stations") {
      const set = G.units.shown();
      const name = set && `${frames.theme}|${frames.show}|${set.level}@${set.asOf}|${G.units.selected().key}|${G.state.look}`;
      if (set && set.plain !== name) { // the ground of badges changes with the unit chosen, not with the time
        Object.entries(set.byKey).forEach(([key, layer]) => G.units.paint(key, layer, null));
        set.plain = name;
      }
      G.stations.paint(frames, index);
      return drawn(index);
    }
    const description = frames.sets[frames.setOf[index]];
    const current = G.units.shown();
    if (current && current.level === description.level && current.asOf === description.asOf) return paint(current, index);
    G.units.set(description.level, description.asOf).then((set) => {
      if (G.frames === frames && pending !== null && frames.sets[frames.setOf[pending]] === description) paint(set, pending);
    }).catch((error) => {
      console.warn("geoioc units", error.message);
      G.notice(G.text("offline"), () => G.setFrame(G.time.index));
    });
  };
  function paint(set, index) {
    const frames = G.frames;
    G.units.show(set);
    set.plain = null;
    frames.sets[frames.setOf[index]].keys.forEach((key, column) => {
      const layer = set.byKey[key];
      if (layer) G.units.paint(key, layer, G.units.cell(frames, index, column));
    });
    drawn(index);
  }
  let legendFor = null;
  function drawn(index) {
    G.applied = index;
    const frames = G.frames;
    const set = frames.kind === "units" ? frames.setOf[index] : 0;
    const name = `${frames.theme}|${frames.show}|${set}|${G.units.via()}|${G.state.look}|${index > frames.now}`;
    if (legendFor !== name) { legendFor = name; G.legend(); }
    // A month ahead without a value is no failure: it says so.
    const ahead = index > frames.now && !frames.counts[index];
    if (ahead !== silent) { silent = ahead; G.notice(ahead ? G.text(frames.kind === "units" && frames.sets[set].former ? "noForecastFormer" : "noForecast") : null); }
    G.emit("frame", index);
  }
  let silent = false;

  // ------------------------------------------------------------ legend
  G.legend = () => {
    const box = document.getElementById("legend");
    const frames = G.frames;
    if (!box || !frames) return;
    const unit = frames.unit ? ` (${G.escape(frames.unit)})` : "";
    const rows = [], more = [];
    if (frames.kind === "units") {
      const set = frames.sets[frames.setOf[G.applied ?? frames.now]];
      if (set.range) set.colours.forEach((colour, index) => rows.push(swatch(`background:${colour}`, bounds(set.breaks, index, set.range, frames.decimals))));
      rows.push(swatch("", G.text("state.m"), "sw-missing"));
      if (frames.show !== "units") rows.push(swatch("", G.text("zero"), "sw-zero"));
      if (frames.states.some((row) => row.includes("i"))) rows.push(swatch("", G.text("state.i"), "sw-interpolated"));
      if (frames.states.some((row) => /[fg]/.test(row))) rows.push(swatch("", G.text("forecast"), "sw-forecast"));
      rows.push(`<li class="note">${G.text(frames.show === "units" ? "meansOfUnits" : set.method)}</li>`);
      if (set.former) rows.push(`<li class="note strong">${G.text("formerUnits")}</li>`);
    } else {
      const steps = frames.colours.map((colour, index) => [colour, index]);
      (frames.bounds ? steps.reverse() : steps).forEach(([colour, index]) => rows.push(
        swatch(`background:${colour};color:${frames.texts[index]}`,
          frames.bounds ? `${frames.lettersOnly ? "" : `${frames.bounds[index].join("–")} `}${G.escape(frames.words[index])}` : bounds(frames.breaks, index, null, frames.decimals),
          "sw-letter", G.stations.letter(frames, index))));
      if (frames.limit !== null) rows.push(swatch("", `${G.text("limit")} ${G.number(frames.limit, 0)} · ${G.escape(frames.limitBasis || "")}`, "sw-limit"));
      const letters = new Set(frames.states.join(""));
      const marks = [["f", "12", "f"], ["l", "12", "l"], ["suspect", "<s>12</s>!", "!"], ["c", G.text("short.c"), "c"], ["x", "×", "x"], ["m", "∅", "m"], ["r", "◇", "r"]]
        .filter(([, , letter]) => letters.has(letter));
      more.push(`<li class="badges-row">${marks
        .map(([name, mark, letter]) => `<span class="pair"><span class="badge st-${name} sample">${mark}</span>${G.text(`state.${letter}`)}</span>`).join("")}</li>`);
      more.push(`<li class="note">${frames.source ? G.escape(frames.source) : G.text("classes")}</li>`);
    }
    const land = G.land.legend() + G.overlays.legend();
    box.innerHTML = `<details ${matchMedia("(max-width: 700px)").matches ? "" : "open"}><summary>${G.escape(frames.title)}${unit}</summary><ul class="classes-${frames.index ? "index" : frames.kind}">${rows.join("")}</ul>${G.surface.legend()}${more.length ? `<ul class="classes-more">${more.join("")}</ul>` : ""}${land}</details>`;
  };
  const swatch = (style, words, name = "", mark = "") => `<li><span class="sw ${name}" style="${style}">${mark}</span>${words}</li>`;
  function bounds(breaks, index, range, decimals) {
    const show = (value) => G.number(value, Number.isInteger(value) ? 0 : Math.abs(value) >= 100 ? 0 : Math.max(1, decimals));
    if (!breaks.length) return range ? `${show(range[0])} – ${show(range[1])}` : "";
    if (index === 0) return `&lt; ${show(breaks[0])}`;
    if (index === breaks.length) return `≥ ${show(breaks[index - 1])}`;
    return `${show(breaks[index - 1])} – ${show(breaks[index])}`;
  }

  // ------------------------------------------------------------ own basemap
  let country = null;
  let baseGroup = null;
  async function basemap() {
    country = country || (await G.json(`${G.assets}map/vietnam.json`));
    if (baseGroup) baseGroup.remove();
    const dark = G.state.look === "dark";
    const ring = (points) => points.map(([lng, lat]) => [lat, lng]);
    const flat = { interactive: false, pane: "base", weight: 0.7 };
    baseGroup = L.layerGroup([
      ...country.land.map((points) => L.polygon(ring(points), { ...flat, stroke: false, fillColor: dark ? "#1a242d" : "#e4e6e1", fillOpacity: 1 })),
      ...country.vietnam.map((points) => L.polygon(ring(points), { ...flat, color: dark ? "#3c4f5c" : "#b9c0b6", fillColor: dark ? "#1f2c36" : "#eeeee6", fillOpacity: 1 })),
      ...country.archipelagos.flatMap((group) => [
        ...group.islands.map(([lng, lat]) => L.circleMarker([lat, lng], { ...flat, radius: 2, color: dark ? "#8aa0ae" : "#6d7f73", fillOpacity: 1 })),
        word(group.label, group.name[G.config.lang], "sea-name island-name"),
      ]),
      ...country.seas.map((sea) => word(sea.label, sea.name[G.config.lang], "sea-name")),
    ]).addTo(G.map);
  }
  const word = ([lng, lat], name, style) => L.marker([lat, lng], {
    interactive: false, keyboard: false, pane: "base", icon: L.divIcon({ className: style, html: G.escape(name), iconSize: null }),
  });

  let lines = null;
  function graticule() {
    if (lines) lines.remove();
    const zoom = G.map.getZoom();
    const step = zoom < 5.5 ? 5 : zoom < 7 ? 2 : zoom < 8.5 ? 1 : zoom < 10 ? 0.5 : zoom < 12 ? 0.1 : 0.05;
    const view = G.map.getBounds().pad(0.2);
    const style = { interactive: false, pane: "base", weight: 0.6, color: G.state.look === "dark" ? "#33444f" : "#c3d0d4", dashArray: "2 4" };
    lines = L.layerGroup().addTo(G.map);
    const places = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    for (let x = Math.ceil(view.getWest() / step) * step; x < view.getEast(); x += step) {
      L.polyline([[view.getSouth(), x], [view.getNorth(), x]], style).addTo(lines);
      word([x, G.map.getBounds().getSouth()], `${G.number(x, places)}°Đ`.replace("Đ", G.config.lang === "en" ? "E" : "Đ"), "grid-name grid-x").addTo(lines);
    }
    for (let y = Math.ceil(view.getSouth() / step) * step; y < view.getNorth(); y += step) {
      L.polyline([[y, view.getWest()], [y, view.getEast()]], style).addTo(lines);
      word([G.map.getBounds().getEast(), y], `${G.number(y, places)}°${G.config.lang === "en" ? "N" : "B"}`, "grid-name grid-y").addTo(lines);
    }
  }

  function inset() {
    const [west, south, east, north] = [101.5, 6.6, 118, 24];
    const width = 150, height = (width * (north - south)) / ((east - west) * 0.966);
    const x = (lng) => (((lng - west) / (east - west)) * width).toFixed(1);
    const y = (lat) => (((north - lat) / (north - south)) * height).toFixed(1);
    const path = (points) => `M${points.map(([lng, lat]) => `${x(lng)} ${y(lat)}`).join("L")}Z`;
    const box = G.units.province.box;
    const names = country.archipelagos.map((group) => {
      const [first, second] = group.short[G.config.lang].split("\n");
      return `<text x="${x(group.label[0])}" y="${Number(y(group.label[1])) + 14}"><tspan x="${x(group.label[0])}">${first}</tspan><tspan x="${x(group.label[0])}" dy="9">${second}</tspan></text>`;
    });
    document.getElementById("inset").innerHTML = `<svg viewBox="0 0 ${width} ${height.toFixed(0)}" role="img" aria-label="${G.text("inset")}">
      <title>${G.text("inset")}</title>
      <path class="in-land" d="${country.land.map(path).join("")}"/><path class="in-vn" d="${country.vietnam.map(path).join("")}"/>
      ${country.archipelagos.flatMap((group) => group.islands.map(([lng, lat]) => `<circle class="in-island" cx="${x(lng)}" cy="${y(lat)}" r="0.9"/>`)).join("")}
      ${names.join("")}
      <rect class="in-here" x="${Number(x(box[0])) - 2}" y="${Number(y(box[3])) - 2}" width="${Number(x(box[2])) - Number(x(box[0])) + 4}" height="${Number(y(box[1])) - Number(y(box[3])) + 4}"/></svg>`;
  }
})();
