// The map of the public pages: own ground (country, communes of today), no service from outside unless the province
// names one. window.citizen holds what the pages share.
(function () {
  "use strict";
  const element = document.getElementById("citizen-config");
  const config = element ? JSON.parse(element.textContent) : {};
  const C = (window.citizen = { config });
  C.text = (key, values) =>
    (config.texts[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
  C.dark = () => document.documentElement.dataset.look === "dark";
  C.calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  C.json = async (url) => {
    const response = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    return response.json();
  };
  const escape = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  C.escape = escape;

  // Is a point in one of the rings of a GeoJSON polygon? Even and odd crossings, holes included.
  const inRing = (lon, lat, ring) => {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  };
  const inPolygon = (lon, lat, rings) => rings.reduce((inside, ring) => inside !== inRing(lon, lat, ring), false);
  C.inShape = (lon, lat, shape) =>
    (shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates]).some((rings) => inPolygon(lon, lat, rings));

  C.units = null; // features of the communes, once they have come
  C.unitAt = (lon, lat) => C.units && C.units.find((unit) => C.inShape(lon, lat, unit.geometry));

  // ------------------------------------------------------------ the map itself
  C.makeMap = (id, { box = config.box, wheel = true } = {}) => {
    const map = L.map(id, {
      zoomControl: false, attributionControl: Boolean(config.tiles), scrollWheelZoom: wheel, tap: true,
      zoomAnimation: !C.calm(), fadeAnimation: !C.calm(), preferCanvas: false, maxZoom: 19, zoomSnap: 0.5,
    });
    ["ground", "units", "names"].forEach((name, index) => {
      const pane = map.createPane(name);
      pane.style.zIndex = 150 + 150 * index;
      pane.style.pointerEvents = "none";
    });
    L.control.zoom({ position: "topright", zoomInTitle: C.text("zoomIn"), zoomOutTitle: C.text("zoomOut") }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    if (box) map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { animate: false, padding: [8, 8] });
    else map.setView([16, 106.5], 5);
    if (config.tiles) L.tileLayer(config.tiles, { attribution: escape(config.tilesCredit || ""), maxZoom: 19, pane: "ground" }).addTo(map);
    ground(map);
    return map;
  };
  async function ground(map) {
    const layers = [];
    const draw = async () => {
      layers.splice(0).forEach((layer) => layer.remove());
      const add = (layer) => layers.push(layer.addTo(map));
      const dark = C.dark();
      try {
        const country = await (C.country = C.country || C.json(config.country));
        const ring = (points) => points.map(([lng, lat]) => [lat, lng]);
        const flat = { interactive: false, pane: "ground", weight: 0.7 };
        if (!config.tiles) {
          country.land.forEach((points) => add(L.polygon(ring(points), { ...flat, stroke: false, fillColor: dark ? "#1a242d" : "#e4e6e1", fillOpacity: 1 })));
          country.vietnam.forEach((points) => add(L.polygon(ring(points), { ...flat, color: dark ? "#3c4f5c" : "#b9c0b6", fillColor: dark ? "#1f2c36" : "#eeeee6", fillOpacity: 1 })));
        }
        country.archipelagos.forEach((group) => {
          group.islands.forEach(([lng, lat]) => add(L.circleMarker([lat, lng], { ...flat, radius: 2, color: dark ? "#8aa0ae" : "#6d7f73", fillOpacity: 1 })));
          add(name(group.label[1], group.label[0], group.name[config.lang], "sea-name island-name"));
        });
        country.seas.forEach((sea) => add(name(sea.label[1], sea.label[0], sea.name[config.lang], "sea-name")));
        const units = await (C.loading = C.loading || C.json(config.communes));
        C.units = units.features;
        add(L.geoJSON(units, { interactive: false, pane: "units", style: { color: dark ? "#6f8a9c" : "#7f95a1", weight: 1, fillColor: dark ? "#24323d" : "#fbfaf5", fillOpacity: config.tiles ? 0 : 1 } }));
        C.units.forEach((unit) => {
          const [lon, lat] = middle(unit);
          add(name(lat, lon, unit.properties.name, "label label-commune"));
        });
        landmarks(map, add);
        document.documentElement.dataset.ground = "drawn";
        document.dispatchEvent(new Event("units"));
      } catch (error) {
        C.loading = C.country = null;
        console.warn("map", error.message);
        setTimeout(draw, 10e3); // the pin works without the ground; it comes when the network is back
      }
    };
    document.addEventListener("look", draw);
    draw();
  }
  const name = (lat, lon, words, style) => L.marker([lat, lon], {
    interactive: false, keyboard: false, pane: "names", icon: L.divIcon({ className: style, html: escape(words), iconSize: null }),
  });
  function middle(unit) {
    if (unit.bbox) return [(unit.bbox[0] + unit.bbox[2]) / 2, (unit.bbox[1] + unit.bbox[3]) / 2];
    const box = L.geoJSON(unit).getBounds().getCenter();
    return [box.lng, box.lat];
  }
  // Schools and clinics help to find one's way; they come when the map is near enough to read them.
  let places = null;
  async function landmarks(map, add) {
    const group = L.layerGroup();
    add(group);
    const show = async () => {
      if (map.getZoom() < 13) return group.clearLayers();
      places = places || Promise.all((config.landmarks || []).map((url) => C.json(url).catch(() => ({ features: [] }))));
      const found = (await places).flatMap((one) => one.features);
      const view = map.getBounds().pad(0.1);
      group.clearLayers();
      found.filter((one) => one.geometry && view.contains([one.geometry.coordinates[1], one.geometry.coordinates[0]])).slice(0, 60).forEach((one) => {
        const [lon, lat] = one.geometry.coordinates;
        group.addLayer(L.circleMarker([lat, lon], { interactive: false, pane: "units", radius: 4, weight: 1.5, color: C.dark() ? "#b8cbd6" : "#5a6f7c", fillColor: C.dark() ? "#24323d" : "#fff", fillOpacity: 1 }));
        group.addLayer(name(lat, lon, one.properties.name || "", "landmark"));
      });
    };
    map.on("moveend", show);
    show();
  }
  C.pinIcon = (style = "") => L.divIcon({
    className: `pin ${style}`, iconSize: [40, 48], iconAnchor: [20, 46],
    html: '<svg viewBox="0 0 40 48" aria-hidden="true"><path d="M20 46S36 29 36 17.5A16 16 0 0 0 4 17.5C4 29 20 46 20 46z"/><circle cx="20" cy="17.5" r="6"/></svg>',
  });

  // Labels of communes that would lie on each other are left out, the larger commune keeps its name.
  C.declutter = (map) => {
    const taken = [];
    map.getContainer().querySelectorAll(".label-commune, .landmark").forEach((label) => {
      label.style.visibility = "";
      const box = label.getBoundingClientRect();
      const hit = taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
      if (hit) label.style.visibility = "hidden";
      else taken.push(box);
    });
  };
})();
