// Published reports as points: open, late, done differ in colour and in shape; the list beside it is the same in words.
(function () {
  "use strict";
  const C = window.citizen;
  const map = C.makeMap("list-map", { wheel: true });
  const STYLE = {
    open: { radius: 6, color: "#fff", weight: 1.5, fillColor: "#1f78b4", fillOpacity: 0.95 },
    done: { radius: 5, color: "#2c8a3f", weight: 2.5, fillColor: "#fff", fillOpacity: 0.35 },
  };
  const canvas = L.canvas({ padding: 0.3 });
  const show = async () => {
    let data;
    try { data = await C.json(C.config.points); } catch { return setTimeout(show, 10e3); }
    const order = { done: 0, open: 1, late: 2 };
    data.points.sort((one, other) => order[one[2]] - order[other[2]]);
    const places = data.points.map(([lat, lon, group, code, title, state]) => {
      const at = [lat, lon];
      const layer = group === "late"
        ? L.polygon(diamond(at), { color: "#fff", weight: 1.5, fillColor: "#e31a1c", fillOpacity: 0.95, renderer: canvas })
        : L.circleMarker(at, { ...STYLE[group], renderer: canvas });
      layer.at = at;
      layer.late = group === "late";
      layer.bindPopup(() => `<strong>${C.escape(title)}</strong><br>${C.escape(state)}<br><a href="${C.config.link.replace("CODE", encodeURIComponent(code))}">${C.escape(code)}</a>`);
      return layer.addTo(map);
    });
    map.on("zoomend", () => places.forEach((layer) => layer.late && layer.setLatLngs(diamond(layer.at))));
    if (C.config.fit && data.points.length) map.fitBounds(L.latLngBounds(data.points.map(([lat, lon]) => [lat, lon])).pad(0.1), { maxZoom: 15, animate: false });
    map.getContainer().dataset.points = data.points.length;
  };
  // A diamond of the same size on the screen at every zoom.
  function diamond(at) {
    const centre = map.project(at);
    return [[0, -8], [8, 0], [0, 8], [-8, 0]].map(([x, y]) => map.unproject(centre.add([x, y])));
  }
  map.on("moveend zoomend", () => setTimeout(() => C.declutter(map), 50));
  document.addEventListener("units", () => setTimeout(() => C.declutter(map), 50));
  show();
})();
