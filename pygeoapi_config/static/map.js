"use strict";
/* The map of a page. Ground: Viet Nam with Hoàng Sa and Trường Sa, and the province's own units from our own feed. */
(() => {
  const base = document.body.dataset.base;
  const language = document.body.dataset.language;
  const flat = { interactive: false, weight: 0.8 };
  const accent = { color: "#0b6e99", weight: 2, fillColor: "#0b6e99", fillOpacity: 0.18 };
  const point = { radius: 6, color: "#fff", weight: 1.5, fillColor: "#c2410c", fillOpacity: 0.95 };
  const RAMP = ["#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"];
  const NEAR = 8;
  const MANY = 50;
  const turn = (points) => points.map(([x, y]) => [y, x]);
  const today = new Date().toISOString().slice(0, 10);
  const shown = (value, digits) => value.toLocaleString(language, { maximumFractionDigits: digits });

  async function fetchJson(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json, application/geo+json" } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  function word(map, [x, y], text, kind) {
    L.marker([y, x], { interactive: false, keyboard: false, icon: L.divIcon({ className: `place ${kind}`, html: text, iconSize: null }) }).addTo(map);
  }

  async function country(map) {
    const drawn = await fetchJson(`${base}/static/map/vietnam.json`);
    drawn.land.forEach((ring) => L.polygon(turn(ring), { ...flat, pane: "ground", stroke: false, fillColor: "#e4e6e1", fillOpacity: 1 }).addTo(map));
    drawn.vietnam.forEach((ring) => L.polygon(turn(ring), { ...flat, pane: "ground", color: "#9a8f76", fillColor: "#f6f3ea", fillOpacity: 1 }).addTo(map));
    drawn.archipelagos.forEach((group) => {
      group.islands.forEach(([x, y]) => L.circleMarker([y, x], { ...flat, pane: "ground", radius: 2, color: "#7a6a3a", fillOpacity: 1 }).addTo(map));
      word(map, group.label, group.name[language], "");
    });
    drawn.seas.forEach((sea) => word(map, sea.label, sea.name[language], "sea"));
    inset(map, drawn);
  }

  /* The whole country with both archipelagos beside every map, however near it is. */
  function inset(map, drawn) {
    const [x, y] = [([lng]) => ((lng - 101) * 8).toFixed(1), ([, lat]) => ((24 - lat) * 8).toFixed(1)];
    const path = (rings) => rings.map((ring) => `M${ring.map((place) => `${x(place)} ${y(place)}`).join("L")}Z`).join("");
    const dots = drawn.archipelagos.flatMap((group) => group.islands.map((place) => `<circle cx="${x(place)}" cy="${y(place)}" r="1"/>`)).join("");
    const names = drawn.archipelagos.map((group) => `<text x="${x(group.label)}" y="${Number(y(group.label)) + 9}">${group.name[language].replace(/ ?\(.*\)$| archipelago|^Quần đảo /g, "")}</text>`).join("");
    const centre = map.getCenter();
    const here = [centre.lng, centre.lat];
    const corner = L.control({ position: "bottomright" });
    corner.onAdd = () => {
      const holder = L.DomUtil.create("div", "inset");
      holder.innerHTML = `<svg viewBox="0 0 136 144" role="img" aria-label="${language === "vi" ? "Việt Nam với quần đảo Hoàng Sa và quần đảo Trường Sa; ô vuông là nơi bản đồ này" : "Viet Nam with the Hoàng Sa and Trường Sa archipelagos; the square is where this map is"}">
        <path class="in-land" d="${path(drawn.land)}"/><path class="in-vn" d="${path(drawn.vietnam)}"/>${dots}${names}
        <rect x="${x(here) - 4}" y="${y(here) - 4}" width="8" height="8"/></svg>`;
      return holder;
    };
    corner.addTo(map);
  }

  /* The outline of the country is good to 4 km: nearer than that the units stand on plain ground. */
  function showGround(map) {
    map.getPane("ground").hidden = map.getZoom() >= NEAR;
    map.getContainer().classList.toggle("near", map.getZoom() >= NEAR);
  }

  async function units(map) {
    const query = `f=json&level=commune&datetime=${today}&properties=name&limit=5000`;
    const found = await fetchJson(`${base}/collections/admin_unit_map/items?${query}`);
    L.geoJSON(found, { interactive: false, pane: "units", style: { color: "#8797a0", weight: 0.7, fillColor: "#fff", fillOpacity: 0.75 } }).addTo(map);
  }

  function features(map, data) {
    const area = data.features.length > MANY ? { ...accent, weight: 1 } : accent;
    const layer = L.geoJSON(data, {
      style: (feature) => (feature.geometry.type.endsWith("Point") ? point : area),
      pointToLayer: (_, place) => L.circleMarker(place, point),
      onEachFeature: (feature, drawn) => {
        const link = document.createElement("a");
        link.href = `${feature.properties.href}?f=html&lang=${language}`;
        link.textContent = feature.properties.title;
        drawn.bindPopup(link);
      },
    }).addTo(map);
    map.fitBounds(layer.getBounds(), { maxZoom: data.features.some((item) => item.geometry.type.endsWith("Polygon")) ? 17 : 13, padding: [20, 20] });
  }

  function box(map, { box: [west, south, east, north] }) {
    const bounds = [[south, west], [north, east]];
    L.rectangle(bounds, { ...accent, fillOpacity: 0.06, dashArray: "6 4", interactive: false }).addTo(map);
    map.fitBounds(bounds, { padding: [16, 16] });
  }

  /* Classes hold about as many distinct values each, so that many dry cells do not take all of them. */
  function classBounds(values) {
    const sorted = [...new Set(values)].filter((value) => value !== null).sort((a, b) => a - b);
    if (!sorted.length) return [];
    const cuts = RAMP.slice(1).map((_, index) => sorted[Math.floor((sorted.length * (index + 1)) / RAMP.length)]);
    return [...new Set(cuts)].filter((cut) => cut > sorted[0]);
  }

  function grid(map, { axes, range }) {
    const [columns, rows] = [axes.x.num, axes.y.num];
    const [dx, dy] = [(axes.x.stop - axes.x.start) / (columns - 1), (axes.y.stop - axes.y.start) / (rows - 1)];
    const edge = [[axes.y.start - dy / 2, axes.x.start - dx / 2], [axes.y.stop + dy / 2, axes.x.stop + dx / 2]];
    const bounds = L.latLngBounds(edge);
    const days = document.getElementById("grid-day");
    const cuts = classBounds(range.values);
    const colour = (value) => RAMP[Math.round((cuts.filter((cut) => value >= cut).length * (RAMP.length - 1)) / Math.max(1, cuts.length))];
    let image = null;
    function draw() {
      const cells = range.values.slice(Number(days.value || 0) * rows * columns);
      const group = [];
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const value = cells[row * columns + column];
          if (value === null || value === undefined) continue;
          const [y, x] = [edge[0][0] + row * dy, edge[0][1] + column * dx];
          group.push(L.rectangle([[y, x], [y + dy, x + dx]], { stroke: false, fillColor: colour(value), fillOpacity: 0.75, renderer: map.cells })
            .bindPopup(shown(value, 1)));
        }
      }
      if (image) image.remove();
      image = L.layerGroup(group).addTo(map);
    }
    const names = [["", cuts[0]], ...cuts.map((cut, index) => [cut, cuts[index + 1]])];
    document.getElementById("grid-legend").innerHTML = names.map(([from, to]) => {
      const text = from === "" ? `< ${shown(to ?? 0, 1)}` : to === undefined ? `≥ ${shown(from, 1)}` : `${shown(from, 1)} – ${shown(to, 1)}`;
      return `<span><i style="background:${colour(from === "" ? -Infinity : from)}"></i>${text}</span>`;
    }).join("");
    map.cells = L.canvas({ padding: 0.2 });
    days.addEventListener("change", draw);
    map.fitBounds(bounds);
    draw();
  }

  const kinds = { features, box, grid };
  document.querySelectorAll("[data-map]").forEach((place) => {
    const map = L.map(place, { preferCanvas: place.dataset.map === "grid", minZoom: 4, maxZoom: 19, zoomSnap: 0.5, attributionControl: false });
    map.createPane("ground").style.zIndex = 200;
    map.createPane("units").style.zIndex = 250;
    L.control.scale({ imperial: false }).addTo(map);
    map.on("zoomend", () => showGround(map));
    kinds[place.dataset.map](map, JSON.parse(document.getElementById(`${place.id}-data`).textContent));
    showGround(map);
    country(map).then(() => units(map)).then(() => { place.dataset.ready = "true"; });
  });
})();
