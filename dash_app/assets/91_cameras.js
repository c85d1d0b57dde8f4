// Map of cameras with the sectors they see, the places nobody sees, and the last picture of one, renewed by itself.
(function () {
  "use strict";
  const G = window.geoioc;
  if (!window.L) return;
  const EARTH = 111320; // metres of a degree

  // Corners of a sector: heading clockwise from north, metres; a whole circle when the angle is 360.
  function sector([lat, lng], heading, angle, reach) {
    const corner = (bearing) => {
      const turn = (bearing * Math.PI) / 180;
      return [lat + (reach * Math.cos(turn)) / EARTH, lng + (reach * Math.sin(turn)) / (EARTH * Math.cos((lat * Math.PI) / 180))];
    };
    const points = angle >= 360 ? [] : [[lat, lng]];
    const steps = Math.max(6, Math.round(angle / 8));
    for (let step = 0; step <= steps; step += 1) points.push(corner(heading - angle / 2 + (angle * step) / steps));
    return points;
  }

  // The sector of a camera as a shape; a ring of dashes where its heading is not known.
  function sight(camera) {
    const known = camera.heading !== null || camera.angle >= 360;
    const points = sector(camera.at, known ? camera.heading || 0 : 0, known ? camera.angle : 360, camera.reach);
    return L.polygon(points, { color: camera.colour, weight: 1, fillOpacity: known ? 0.28 : 0, dashArray: known ? null : "4 4", interactive: false });
  }

  // ------------------------------------------------------------ on the main map, from zoom 15 on
  const CLOSE = 15;
  let sights = null;
  let asked = null;
  async function onMap() {
    const wanted = G.map && G.state.on.includes("camera") && G.map.getZoom() >= CLOSE;
    if (!wanted) { if (sights) sights.remove(); sights = null; return; }
    asked = asked || G.json(`/api/cameras?lang=${G.config.lang}`).catch((error) => { asked = null; throw error; });
    const shapes = await asked;
    if (sights) sights.remove();
    const view = G.map.getBounds().pad(0.3);
    sights = L.layerGroup(shapes.cameras.filter((camera) => view.contains(camera.at)).map(sight)).addTo(G.map);
  }
  const again = () => onMap().catch((error) => console.warn("geoioc cameras", error.message));
  L.Map.addInitHook(function () {
    if (this.getContainer().closest(".map-area")) this.on("moveend", again);
  });
  G.on("state", again);

  // ------------------------------------------------------------ on the page of cameras
  async function draw(box) {
    const map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25 });
    G.cameraMap = map;
    L.control.zoom({ position: "bottomright", zoomInTitle: G.text("zoomIn"), zoomOutTitle: G.text("zoomOut") }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    const dark = document.documentElement.dataset.look === "dark";
    const today = new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);
    const [units, shapes] = await Promise.all([
      G.json(`${G.config.ogc}/collections/admin_unit_map/items?f=json&level=commune&datetime=${today}&limit=5000`),
      G.json(box.dataset.shapes),
    ]);
    const base = L.geoJSON(units, {
      interactive: false, style: { color: dark ? "#50697a" : "#8fa3ae", weight: 0.8, fillColor: dark ? "#24323d" : "#fbfaf5", fillOpacity: 1 },
    });
    map.fitBounds(base.getBounds(), { animate: false }); // shapes need a view to be drawn in
    base.addTo(map);
    const only = box.dataset.key;
    const places = [];
    shapes.gaps.forEach((gap) => {
      L.circleMarker(gap.at, { radius: 5, color: "#b2182b", weight: 2, fillOpacity: 0, dashArray: "2 2" })
        .bindTooltip(G.escape(`${gap.layer}: ${gap.name}`), { className: "camera-tip" }).addTo(map);
    });
    shapes.cameras.forEach((camera) => {
      sight(camera).addTo(map);
      const mark = L.circleMarker(camera.at, { radius: only === camera.key ? 9 : 5.5, color: dark ? "#0e161c" : "#ffffff", weight: 1.5, fillColor: camera.colour, fillOpacity: 1 })
        .bindTooltip(G.escape(`${camera.name}: ${camera.words}`), { className: "camera-tip" })
        .on("click", () => { location.href = `/cameras/${encodeURIComponent(camera.key)}${location.search}`; })
        .addTo(map);
      if (only === camera.key) mark.bringToFront();
      places.push(camera.at);
    });
    const chosen = shapes.cameras.find((camera) => camera.key === only);
    if (chosen) map.setView(chosen.at, 17, { animate: false });
    else if (places.length) map.fitBounds(L.latLngBounds(places).pad(0.05), { animate: false });
    box.dataset.ready = "true";
  }

  new MutationObserver(() => {
    const box = document.getElementById("camera-map");
    if (box && !box.dataset.begun) {
      box.dataset.begun = "true";
      draw(box).catch((error) => { console.warn("geoioc cameras", error.message); box.textContent = G.text("offline"); });
    }
    document.querySelectorAll("select[data-choice]").forEach((select) => {
      if (select.dataset.set) return;
      select.dataset.set = "true";
      select.value = select.dataset.choice;
      select.addEventListener("change", () => select.form.submit());
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const place = event.target.closest("a[data-lon]");
    if (!place || !G.cameraMap) return;
    event.preventDefault();
    G.cameraMap.setView([Number(place.dataset.lat), Number(place.dataset.lon)], 16);
    document.getElementById("camera-map").scrollIntoView({ block: "nearest" });
  });
  // A picture that stands still would lie about the street: it is asked for again every half minute.
  setInterval(() => {
    document.querySelectorAll("img[data-live]").forEach((picture) => {
      if (!document.hidden) picture.src = `${picture.src.split("?")[0]}?${Date.now()}`;
    });
  }, 30e3);
})();
