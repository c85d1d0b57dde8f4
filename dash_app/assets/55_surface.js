// The surface between stations: all hours in one binary answer, painted on a canvas, followed without asking again.
// Where little is known the colour fades, then is hatched; where the data say nothing, nothing is painted.
(function () {
  "use strict";
  const G = window.geoioc;
  const S = (G.surface = {});
  const NOTHING = 255, STEPS = 254;
  const FINE = 3; // pixels of the canvas along a cell
  const SURE = 0.2, UNSURE = 0.4; // deviation as a share of the value: from here it fades, from here it is hatched
  const answers = {}; // theme -> promise of {head, values}
  const people = {}; // theme -> promise of the answer of /api/exposure
  let data = null; // of the theme on the map
  let exposed = null;
  let overlay = null;

  // ------------------------------------------------------------ ways to show a theme
  S.controls = () => {
    const select = document.getElementById("show");
    const theme = G.config.themes[G.state.theme] || {};
    select.querySelector('[value="surface"]').disabled = !theme.surface;
    select.querySelector('[value="units"]').disabled = !theme.means;
    select.disabled = !theme.surface && !theme.means;
    select.value = G.showing();
  };

  // ------------------------------------------------------------ answers
  function read(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const body = new Uint8Array(buffer, 4 + length);
    const size = head.cells.length;
    const position = new Int32Array(head.rows * head.columns || 0).fill(-1); // lattice -> place in a slot
    head.cells.forEach((cell, index) => (position[cell] = index));
    const table = (top) => Float32Array.from({ length: 256 }, (_, q) => (q === NOTHING ? NaN : (q / STEPS) ** 2 * top));
    return {
      head, position, means: table(head.top), deviations: table(head.topDeviation),
      slot: (index) => head.slots[index],
      mean: (slot) => body.subarray(2 * slot * size, (2 * slot + 1) * size),
      deviation: (slot) => body.subarray((2 * slot + 1) * size, (2 * slot + 2) * size),
    };
  }
  const kept = (store, theme, ask) => {
    store[theme] = store[theme] || ask().catch((error) => { delete store[theme]; throw error; });
    return store[theme];
  };
  S.apply = async () => {
    const theme = G.state.theme;
    const wanted = (G.config.themes[theme] || {}).surface && G.showing() !== "stations";
    if (!wanted) { exposed = null; return clear(); }
    const url = (name) => `/api/${name}?theme=${encodeURIComponent(theme)}`;
    const [found, counted] = await Promise.all([
      G.showing() === "surface" ? kept(answers, theme, async () => read(await G.bytes(url("surface")))) : null,
      kept(people, theme, () => G.json(url("exposure"))),
    ]);
    const shape = G.showing() === "surface" ? (await G.units.provinceShape()) : null;
    if (theme !== G.state.theme || !["surface", "units"].includes(G.showing())) return;
    exposed = counted;
    if (G.showing() !== "surface") { clear(); return G.ui.table(); }
    data = found;
    build(shape);
    if (G.applied !== null && G.frames?.theme === theme) { S.paint(G.applied); G.legend(); }
  };
  function clear() {
    if (overlay) overlay.layer.remove();
    overlay = data = null;
  }

  // ------------------------------------------------------------ canvas
  const CanvasOverlay = window.L && L.ImageOverlay.extend({
    initialize(canvas, bounds, options) {
      this._canvas = canvas;
      L.ImageOverlay.prototype.initialize.call(this, "", bounds, options);
    },
    _initImage() {
      const image = (this._image = this._canvas);
      L.DomUtil.addClass(image, "leaflet-image-layer");
      if (this._zoomAnimated) L.DomUtil.addClass(image, "leaflet-zoom-animated");
      image.onselectstart = image.onmousemove = L.Util.falseFn;
    },
  });
  function build(shape) {
    if (overlay?.data === data) return;
    if (overlay) overlay.layer.remove();
    overlay = null;
    if (!data.head.cells.length) return;
    const { west, south, east, north, rows, columns } = data.head;
    const canvas = document.createElement("canvas");
    canvas.className = "surface";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", G.text("surface"));
    canvas.width = columns * FINE;
    canvas.height = rows * FINE;
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(canvas.width, canvas.height);
    const layer = new CanvasOverlay(canvas, [[south, west], [north, east]], { pane: "surface", interactive: false, className: "surface" });
    overlay = { data, canvas, pen, image, pixels: new Uint32Array(image.data.buffer), values: new Float32Array(data.head.cells.length), spreads: new Float32Array(data.head.cells.length), grid: interpolation(inside(shape, canvas)), layer: layer.addTo(G.map), drawn: null };
  }
  // For each pixel over a cell that is ever painted: the four cells around it and how far it is between them. The
  // canvas is stretched over the map evenly in Mercator, the lattice is even in degrees.
  function interpolation(land) {
    const { rows, columns, south, north } = data.head;
    const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    const [top, bottom] = [mercator(north), mercator(south)];
    const wide = columns * FINE, tall = rows * FINE;
    const found = { pixel: [], own: [], corner: [], x: [], y: [] };
    for (let py = 0; py < tall; py += 1) {
      const lat = (Math.atan(Math.exp(top + ((py + 0.5) / tall) * (bottom - top))) * 360) / Math.PI - 90;
      const row = ((north - lat) / (north - south)) * rows;
      for (let px = 0; px < wide; px += 1) {
        const column = (px + 0.5) / FINE;
        const own = data.position[Math.min(rows - 1, Math.floor(row)) * columns + Math.floor(column)];
        if (own < 0 || !land[4 * (py * wide + px) + 3]) continue;
        const r = Math.max(0, Math.min(rows - 2, Math.floor(row - 0.5))), c = Math.max(0, Math.min(columns - 2, Math.floor(column - 0.5)));
        found.pixel.push(py * wide + px);
        found.own.push(own);
        [r * columns + c, r * columns + c + 1, (r + 1) * columns + c, (r + 1) * columns + c + 1].forEach((cell) => found.corner.push(data.position[cell]));
        found.x.push(Math.max(0, Math.min(1, column - 0.5 - c)));
        found.y.push(Math.max(0, Math.min(1, row - 0.5 - r)));
      }
    }
    return {
      count: found.pixel.length, pixel: Int32Array.from(found.pixel), own: Int32Array.from(found.own),
      corner: Int32Array.from(found.corner), x: Float32Array.from(found.x), y: Float32Array.from(found.y),
    };
  }
  // Pixels of the canvas inside the province: the surface ends at its border, not at the border of a cell.
  function inside(feature, canvas) {
    const { west, east, south, north } = data.head;
    const mask = document.createElement("canvas");
    mask.width = canvas.width;
    mask.height = canvas.height;
    const pen = mask.getContext("2d", { willReadFrequently: true });
    const y = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    const shapes = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
    pen.beginPath();
    shapes.forEach((rings) => rings.forEach((ring) => ring.forEach(([lng, lat], number) => {
      pen[number ? "lineTo" : "moveTo"](((lng - west) / (east - west)) * mask.width, ((y(north) - y(lat)) / (y(north) - y(south))) * mask.height);
    })));
    pen.fill("evenodd");
    return pen.getImageData(0, 0, mask.width, mask.height).data;
  }
  const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  // Colour by class and alpha (0-255) as one number, as the canvas stores it (little endian).
  let palette = { name: null };
  function colours() {
    const name = G.frames.colours.join();
    if (palette.name !== name)
      palette = { name, of: G.frames.colours.map((colour) => { const [r, g, b] = channels(colour); return ((b << 16) | (g << 8) | r) >>> 0; }) };
    return palette.of;
  }
  S.paint = (index) => {
    if (!overlay || G.frames?.theme !== G.state.theme || G.showing() !== "surface") return;
    const slot = data.slot(index);
    const { pixels, grid, pen, image, canvas } = overlay;
    const tell = document.getElementById("surface-now");
    if (tell) tell.textContent = S.words(index);
    if (overlay.drawn === slot) return;
    overlay.drawn = slot;
    canvas.dataset.slot = slot;
    if (slot < 0) return pen.clearRect(0, 0, canvas.width, canvas.height);
    pixels.fill(0);
    const mean = data.mean(slot), deviation = data.deviation(slot);
    const { values, spreads } = overlay;
    for (let cell = 0; cell < mean.length; cell += 1) {
      values[cell] = data.means[mean[cell]];
      spreads[cell] = data.deviations[deviation[cell]];
    }
    const breaks = G.frames.breaks, fill = colours(), wide = canvas.width;
    const { pixel, own, corner, x, y, count } = grid;
    for (let i = 0; i < count; i += 1) {
      if (mean[own[i]] === NOTHING) continue;
      const right = x[i], down = y[i];
      let value = 0, spread = 0, total = 0;
      for (let k = 0; k < 4; k += 1) {
        const cell = corner[4 * i + k];
        if (cell < 0 || mean[cell] === NOTHING) continue;
        const weight = (k & 1 ? right : 1 - right) * (k & 2 ? down : 1 - down);
        value += weight * values[cell];
        spread += weight * spreads[cell];
        total += weight;
      }
      if (total < 0.05) { value = values[own[i]]; spread = spreads[own[i]]; total = 1; }
      value /= total;
      spread /= total;
      let step = 0;
      while (step < breaks.length && value >= breaks[step]) step += 1;
      const share = value > 0 ? spread / value : 1;
      let alpha = share <= SURE ? 215 : share >= UNSURE ? 145 : 215 - (70 * (share - SURE)) / (UNSURE - SURE);
      const at = pixel[i];
      if (share > UNSURE && ((at % wide) + Math.floor(at / wide)) % 6 < 2) alpha = 30;
      pixels[at] = ((alpha << 24) | fill[step]) >>> 0;
    }
    pen.putImageData(image, 0, 0);
    G.stats.drawn += 1;
  };
  G.on("frame", (index) => S.paint(index));

  // ------------------------------------------------------------ words
  S.at = (latlng, index) => {
    if (!data || !latlng || index === null) return null;
    const { west, south, east, north, rows, columns } = data.head;
    const slot = data.slot(index);
    const column = Math.floor(((latlng.lng - west) / (east - west)) * columns);
    const row = Math.floor(((north - latlng.lat) / (north - south)) * rows);
    if (slot < 0 || column < 0 || row < 0 || column >= columns || row >= rows) return null;
    const place = data.position[row * columns + column];
    const quantum = place < 0 ? NOTHING : data.mean(slot)[place];
    return quantum === NOTHING ? null : { value: data.means[quantum], deviation: data.deviations[data.deviation(slot)[place]] };
  };
  S.words = (index) => {
    const slot = data.slot(index);
    if (slot < 0) return G.text("surface.few");
    if (data.head.empty.includes(slot)) return G.text("surface.vague");
    return G.text("surface.of", { n: data.head.stations[slot] });
  };
  // The newest day with figures of people not after the frame's local day (00:00 belongs to the day that ended).
  S.exposure = () => {
    if (!exposed || !exposed.days.length || !G.frames || G.applied === null) return null;
    const day = G.local(new Date(Date.parse(G.frames.times[G.applied]) - 1000)).toISOString().slice(0, 10);
    let at = exposed.days.length - 1;
    while (at > 0 && exposed.days[at] > day) at -= 1;
    return { day: exposed.days[at], limit: exposed.limits[at], of: (key) => exposed.units[key]?.[at] };
  };
  // Lines of a unit's tooltip: the point under the mouse, and who lives above the limit.
  S.notes = (key) => {
    const lines = [];
    if (data && G.showing() === "surface" && S.pointer) {
      const here = S.at(S.pointer, G.applied);
      const show = (value) => G.number(value, value < 10 ? 1 : 0);
      lines.push(here ? G.text("surface.here", { value: show(here.value), deviation: show(here.deviation), unit: G.frames.unit }) : G.text("surface.notHere"));
    }
    const found = S.exposure();
    const row = found && found.of(key);
    if (row && row[1]) {
      lines.push(G.escape(G.text("exposed", { day: G.day(found.day), people: G.number(row[2], 0), limit: G.number(found.limit, 0), covered: G.number((100 * row[1]) / row[0], 0) })));
      if (row[3] !== null) lines.push(G.escape(G.text("exposedMean", { mean: G.number(row[3], 1), unit: G.frames.unit })));
    }
    return lines;
  };
  S.legend = () => {
    if (!data || G.showing() !== "surface" || G.frames?.theme !== G.state.theme) return "";
    const { rmse, rmseIdw, reach } = data.head;
    const line = (style, words) => `<li><span class="sw sw-surface ${style}"></span>${words}</li>`;
    const notes = [data.head.cells.length ? S.words(G.applied ?? G.frames.now) : G.text("surface.few")];
    const more = [G.text("surface.nothing", { reach: G.number(reach, 0) }), G.applied > G.frames.now ? G.text("surface.ahead") : "",
      rmse ? G.text("surface.error", { rmse: G.number(rmse, 1), idw: G.number(rmseIdw, 1), unit: G.frames.unit }) : ""].filter(Boolean);
    return `<div class="legend-land legend-surface"><b>${G.text("surface")}</b><ul>${line("is-sure", G.text("surface.sure"))}${line("is-unsure", G.text("surface.unsure"))}${line("is-doubtful", G.text("surface.doubtful"))}</ul>
      <p class="note" id="surface-now" role="status">${notes[0]}</p><p class="note">${more.join(". ")}</p></div>`;
  };
  let due = false;
  G.on("ready", () => G.map.on("mousemove", (event) => {
    S.pointer = event.latlng;
    if (!data || due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      const tip = G.units.hovered?.getTooltip();
      if (tip && tip.isOpen()) tip.update();
    });
  }));
})();
