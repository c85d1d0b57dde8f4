// Small maps of feedback: the place of one case, the density of a month, and units coloured by lateness.
// Geometry comes from the OGC API, once per set; the ground is our own, no tile of a foreign host.
(function () {
  "use strict";
  const G = window.geoioc;
  const M = (G.feedbackMaps = {});
  const dark = () => document.documentElement.dataset.look === "dark";
  const paper = () => (dark() ? { fill: "#24323d", line: "#50697a" } : { fill: "#fbfaf5", line: "#8fa3ae" });
  const today = () => new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);
  const cache = {};
  M.units = () => (cache.units = cache.units || G.json(`/api/units?lang=${G.config.lang}`));
  M.shapes = (level, day) => {
    const url = `${G.config.ogc}/collections/admin_unit_map/items?f=json&level=${level}&datetime=${day}&limit=5000`;
    return (cache[url] = cache[url] || G.json(url).catch((error) => { delete cache[url]; throw error; }));
  };
  async function ground(map, level = "commune", day = today()) {
    const [units, shapes] = await Promise.all([M.units(), M.shapes(level, day)]);
    const known = new Set(units.units.map((unit) => unit.key));
    const features = shapes.features.filter((feature) => known.has(feature.properties.key));
    const tone = paper();
    const layer = L.geoJSON({ type: "FeatureCollection", features }, {
      interactive: false, style: { fillColor: tone.fill, fillOpacity: 1, color: tone.line, weight: 0.8 },
    }).addTo(map);
    return { layer, features, units };
  }
  function make(box, options = {}) {
    const map = L.map(box, { zoomControl: false, attributionControl: false, keyboard: false, scrollWheelZoom: false, zoomSnap: 0.25, ...options });
    L.control.zoom({ position: "bottomright", zoomInTitle: G.text("zoomIn"), zoomOutTitle: G.text("zoomOut") }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.getContainer().tabIndex = -1;
    return map;
  }
  const said = (box, words) => { const note = document.createElement("p"); note.className = "map-said"; note.textContent = words; box.append(note); };

  // ------------------------------------------------------------ one case
  async function caseMap(box) {
    const data = JSON.parse(box.dataset.map);
    const map = make(box).setView([data.lat, data.lon], 15);
    const name = { keyboard: false, interactive: false };
    L.circle([data.lat, data.lon], { radius: data.metres, color: "#d4380d", weight: 1, dashArray: "4 4", fillOpacity: 0.06, interactive: false }).addTo(map);
    data.near.forEach((near) => {
      L.circleMarker([near.lat, near.lon], { radius: 6, color: "#fff", weight: 1.5, fillColor: near.same ? "#e6550d" : "#7f8c95", fillOpacity: 0.95, keyboard: false })
        .bindTooltip(G.escape(near.title || near.code)).on("click", () => G.desk.open(near.code)).addTo(map);
    });
    L.marker([data.lat, data.lon], { ...name, icon: L.divIcon({ className: "desk-pin", iconSize: null }) }).addTo(map);
    try {
      const { layer, features, units } = await ground(map);
      layer.bringToBack();
      const title = (key) => (units.units.find((unit) => unit.key === key) || {}).title || "";
      const draw = (key, colour, dash) => {
        const feature = features.find((item) => item.properties.key === key);
        if (!feature) return null;
        const shape = L.geoJSON(feature, { interactive: false, style: { fill: false, color: colour, weight: 2.5, dashArray: dash } }).addTo(map);
        L.marker(shape.getBounds().getCenter(), { ...name, icon: L.divIcon({ className: "label label-shown", html: G.escape(title(key)), iconSize: null }) }).addTo(map);
        return shape;
      };
      draw(data.unit, dark() ? "#ffd54f" : "#12323f", null);
      const named = data.named && data.named !== data.unit ? draw(data.named, "#b3261e", "6 5") : null;
      if (named) map.fitBounds(L.latLngBounds([[data.lat, data.lon]]).extend(named.getBounds()), { padding: [14, 14], animate: false });
      const whole = layer.getBounds();
      if (!whole.contains([data.lat, data.lon])) said(box, G.text("desk.outside"));
    } catch (error) {
      console.warn("geoioc feedback map", error.message);
      said(box, G.text("desk.noGround"));
    }
  }

  // ------------------------------------------------------------ density: blurred dots, coloured by how much lies there
  const RAMP = [[0, [255, 245, 170, 0]], [0.18, [254, 217, 118, 120]], [0.42, [253, 141, 60, 190]], [0.7, [227, 26, 28, 220]], [1, [128, 0, 38, 235]]];
  function palette() {
    const table = new Uint8ClampedArray(256 * 4);
    for (let i = 0; i < 256; i += 1) {
      const at = i / 255;
      const upper = RAMP.findIndex(([stop]) => stop >= at);
      const [low, a] = RAMP[Math.max(0, upper - 1)];
      const [high, b] = RAMP[Math.max(0, upper)];
      const part = high > low ? (at - low) / (high - low) : 0;
      for (let c = 0; c < 4; c += 1) table[i * 4 + c] = a[c] + (b[c] - a[c]) * part;
    }
    return table;
  }
  const Heat = window.L && L.Layer.extend({
    initialize() { this.cells = []; },
    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "feedback-heat leaflet-zoom-hide", (map.getPane("heat") || map.createPane("heat")));
      map.getPane("heat").style.zIndex = 450;
      map.getPane("heat").style.pointerEvents = "none";
      map.on("moveend zoomend resize viewreset", this.draw, this);
      this.draw();
    },
    onRemove(map) { this.canvas.remove(); map.off("moveend zoomend resize viewreset", this.draw, this); },
    show(cells) { this.cells = cells; if (this._map) this.draw(); },
    draw() {
      const map = this._map;
      const size = map.getSize();
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const canvas = this.canvas;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      canvas.width = size.x * ratio; canvas.height = size.y * ratio;
      canvas.style.width = `${size.x}px`; canvas.style.height = `${size.y}px`;
      const radius = Math.max(10, Math.min(46, 9 * 1.32 ** (map.getZoom() - 8))) * (size.x > 1400 ? 1.6 : 1);
      const field = new Float32Array(Math.ceil(size.x / 2) * Math.ceil(size.y / 2)); // half resolution is enough for a blur
      const wide = Math.ceil(size.x / 2);
      const tall = Math.ceil(size.y / 2);
      const r = Math.round(radius / 2 * 2.2);
      const kernel = [];
      for (let y = -r; y <= r; y += 1) for (let x = -r; x <= r; x += 1) {
        const w = Math.exp(-(x * x + y * y) / (2 * (radius / 2) ** 2 / 1.6));
        if (w > 0.02) kernel.push([x, y, w]);
      }
      // What falls on the same half-pixel is added first: a month of a city is then a few thousand dots.
      const dots = new Map();
      this.cells.forEach(([lon, lat, n]) => {
        const point = map.latLngToContainerPoint([lat, lon]);
        const x = Math.round(point.x / 2), y = Math.round(point.y / 2);
        if (x < -r || y < -r || x > wide + r || y > tall + r) return;
        const key = y * 10000 + x;
        const dot = dots.get(key);
        if (dot) dot[2] += n; else dots.set(key, [x, y, n]);
      });
      let most = 0;
      dots.forEach(([px, py, n]) => kernel.forEach(([dx, dy, w]) => {
        const x = px + dx, y = py + dy;
        if (x < 0 || y < 0 || x >= wide || y >= tall) return;
        const value = (field[y * wide + x] += w * n);
        if (value > most) most = value;
      }));
      if (!most) return;
      const picture = new ImageData(wide, tall);
      const table = (this.table = this.table || palette());
      for (let i = 0; i < field.length; i += 1) {
        if (!field[i]) continue;
        const at = Math.round(Math.sqrt(field[i] / most) * 255) * 4; // root: the second-densest place is still seen
        for (let c = 0; c < 4; c += 1) picture.data[i * 4 + c] = table[at + c];
      }
      const small = document.createElement("canvas");
      small.width = wide; small.height = tall;
      small.getContext("2d").putImageData(picture, 0, 0);
      const pen = canvas.getContext("2d");
      pen.imageSmoothingEnabled = true;
      pen.drawImage(small, 0, 0, wide * 2 * ratio, tall * 2 * ratio);
    },
  });
  async function heatMap(box) {
    const map = make(box);
    map.setView([20.3, 106.1], 9);
    const heat = new Heat().addTo(map);
    const note = box.parentElement.querySelector(".heat-said");
    try {
      const [data, { layer, features }] = await Promise.all([G.json(box.dataset.heat), ground(map)]);
      if (!box.isConnected) return;
      layer.bringToBack();
      const unit = features.find((feature) => feature.properties.key === box.dataset.unit);
      const places = data.cells.map(([lon, lat]) => [lat, lon]);
      const home = unit ? L.geoJSON(unit).getBounds() : box.dataset.level === "province" ? layer.getBounds() : L.latLngBounds(places);
      const inside = places.filter((place) => home.isValid() && home.contains(place));
      map.fitBounds(places.length && !inside.length ? L.latLngBounds(places) : home.isValid() ? home : layer.getBounds(), { padding: [8, 8], animate: false });
      const apply = () => {
        const field = document.getElementById("stat-heat-field").value;
        const by = document.getElementById("stat-heat-by").value;
        const f = data.categories.indexOf(field), b = data.units.indexOf(by);
        const cells = data.cells.filter((cell) => (!field || cell[2] === f) && (!by || cell[3] === b)).map((cell) => [cell[0], cell[1], cell[4]]);
        heat.show(cells);
        const n = cells.reduce((sum, cell) => sum + cell[2], 0);
        note.textContent = G.text("stat.heat", { n: G.number(n, 0) });
        box.dataset.shown = String(n);
      };
      ["stat-heat-field", "stat-heat-by"].forEach((id) => { document.getElementById(id).onchange = apply; });
      apply();
    } catch (error) {
      console.warn("geoioc heat map", error.message);
      note.textContent = G.text("desk.noGround");
    }
  }

  // ------------------------------------------------------------ units coloured by a figure
  const STEPS = { light: ["#fff5eb", "#fdd0a2", "#fd8d3c", "#d94801", "#7f2704"], dark: ["#3a2a1c", "#7a4a1d", "#c0651c", "#f08a3c", "#ffc48a"] };
  async function unitMap(box) {
    const data = JSON.parse(box.dataset.units);
    const map = make(box, { scrollWheelZoom: false });
    map.setView([20.3, 106.1], 9);
    try {
      const [units, shapes] = await Promise.all([M.units(), M.shapes(data.level, data.day || today())]);
      if (!box.isConnected) return;
      const known = new Set(units.units.map((unit) => unit.key));
      const steps = STEPS[dark() ? "dark" : "light"];
      const colour = (row) => {
        if (!row) return paper().fill;
        if (!row.overdue) return dark() ? "#1d3b2a" : "#e5f3e6";
        return steps[Math.min(steps.length - 1, data.breaks.filter((bound) => row.overdue >= bound).length)];
      };
      const layer = L.geoJSON({ type: "FeatureCollection", features: shapes.features.filter((feature) => known.has(feature.properties.key)) }, {
        style: (feature) => ({ fillColor: colour(data.rows[feature.properties.key]), fillOpacity: 0.95, color: paper().line, weight: 0.8 }),
        onEachFeature: (feature, shape) => {
          const row = data.rows[feature.properties.key];
          const title = (units.units.find((unit) => unit.key === feature.properties.key) || {}).title || "";
          shape.bindTooltip(`<b>${G.escape(title)}</b><br>${row ? G.escape(row.words) : G.text("stat.noCases")}`, { sticky: true, className: "unit-tip" });
          if (data.links) shape.on("click", () => window.dash_clientside.set_props("url", { search: data.links.replace("KEY", feature.properties.key) }));
        },
      }).addTo(map);
      const own = layer.getLayers().filter((shape) => shape.feature.properties.key in data.rows);
      map.fitBounds((data.focus && own.length ? L.featureGroup(own) : layer).getBounds(), { padding: [8, 8], animate: false });
    } catch (error) {
      console.warn("geoioc overdue map", error.message);
      said(box, G.text("desk.noGround"));
    }
  }

  // Lists that change the address: month, fewest cases. The page is drawn anew from it.
  document.addEventListener("change", (event) => {
    const select = event.target.closest("[data-stat]");
    if (!select) return;
    const query = new URLSearchParams(location.search);
    query.set(select.dataset.stat, select.value);
    window.dash_clientside.set_props("url", { search: `?${query}` });
  });

  // ------------------------------------------------------------ boxes that come with a page; the look redraws them
  const drawn = new WeakMap();
  const KINDS = { "[data-map].desk-map": caseMap, "[data-heat]": heatMap, "[data-units].unit-map": unitMap };
  let due = false;
  function draw() {
    due = false;
    if (!window.L) return;
    Object.entries(KINDS).forEach(([selector, make_]) => document.querySelectorAll(selector).forEach((box) => {
      const mark = `${box.dataset.map || box.dataset.heat || box.dataset.units}/${document.documentElement.dataset.look}`;
      if (drawn.get(box) === mark || !box.clientWidth) return;
      drawn.set(box, mark);
      if (box._leaflet_id) { const fresh = box.cloneNode(false); delete fresh._leaflet_id; box.replaceWith(fresh); drawn.set(fresh, mark); make_(fresh); }
      else make_(box);
    }));
  }
  // On a wall letters grow with the screen; Plotly's are in pixels, so they are told.
  function enlarge() {
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    if (scale < 1.15 || !window.Plotly) return;
    document.querySelectorAll(".stat-page .js-plotly-plot").forEach((graph) => {
      if (!graph._fullLayout || graph._enlarged) return;
      graph._enlarged = true;
      const holder = graph.closest(".graph");
      const height = Math.round(250 * scale);
      holder.style.height = `${height}px`;
      window.Plotly.relayout(graph, { height, "font.size": 11 * scale, "legend.font.size": 10.5 * scale, "xaxis.tickfont.size": 10.5 * scale, "margin.b": 44 * scale });
    });
  }
  setInterval(enlarge, 500);
  new MutationObserver(() => { if (!due) { due = true; requestAnimationFrame(draw); } })
    .observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-look", "hidden", "data-map", "data-units", "data-heat"] });
})();
