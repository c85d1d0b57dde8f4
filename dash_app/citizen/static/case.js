// The published place of one report.
(function () {
  "use strict";
  const C = window.citizen;
  const { point, round } = C.config;
  const map = C.makeMap("case-map", { wheel: false });
  map.setView(point, 14, { animate: false });
  if (round) L.circle(point, { radius: round, color: "#c62828", weight: 1.5, fillOpacity: 0.12, interactive: false }).addTo(map);
  else L.marker(point, { icon: C.pinIcon(), keyboard: false, interactive: false }).addTo(map);
  map.on("moveend zoomend", () => setTimeout(() => C.declutter(map), 50));
  document.addEventListener("units", () => setTimeout(() => C.declutter(map), 50));
})();
