// Station badges: number, class letter and colour; each state has its own shape, not only its own colour.
(function () {
  "use strict";
  const G = window.geoioc;
  let group = null;
  let markers = [];
  const LETTERS = "ABCDEFGH";
  const MARKS = { c: () => G.text("short.c"), x: () => "×", m: () => "∅" };

  const S = (G.stations = {});
  S.build = (frames) => {
    S.clear();
    group = L.layerGroup().addTo(G.map);
    markers = frames.stations.map((station) => {
      const marker = L.marker([station.lat, station.lon], {
        icon: L.divIcon({ className: "badge-holder", html: '<span class="badge"></span>', iconSize: null }),
        title: station.name, riseOnHover: true, pane: "stations",
      }).addTo(group);
      marker.on("click", () => G.chooseStation(station.key));
      marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") G.chooseStation(station.key); });
      return { marker, station, drawn: null };
    });
  };
  S.clear = () => {
    if (group) group.remove();
    group = null;
    markers = [];
  };
  S.cell = (frames, row, column) => {
    const value = frames.values[row][column];
    const letter = frames.states[row][column];
    if (value === null) return { value, letter };
    let index = 0;
    while (index < frames.breaks.length && value >= frames.breaks[index]) index += 1;
    return { value, letter, index };
  };
  S.paint = (frames, row) => {
    markers.forEach((item, column) => {
      const cell = S.cell(frames, row, column);
      const chosen = G.state.station === `${frames.theme.split(".")[0]}:${item.station.key}`;
      const mark = `${cell.value}|${cell.letter}|${chosen}`;
      if (item.drawn === mark) return;
      item.drawn = mark;
      const badge = item.marker.getElement().firstChild;
      badge.className = `badge ${badge.classList.contains("dot-only") ? "dot-only " : ""}st-${cell.letter === "." ? "ok" : cell.letter === "!" ? "suspect" : cell.letter}${chosen ? " chosen" : ""}`;
      item.rank = cell.value === null ? 0 : 100 + 100 * cell.index;
      const words = cell.value === null ? "" : `${G.number(cell.value, frames.decimals)} ${frames.unit}`;
      if (cell.value === null) {
        badge.style.cssText = "";
        badge.textContent = (MARKS[cell.letter] || MARKS.m)();
      } else {
        badge.style.background = frames.colours[cell.index];
        badge.style.color = frames.texts[cell.index];
        badge.innerHTML = `${G.number(cell.value, frames.decimals)}<i>${LETTERS[cell.index]}</i>`;
      }
      const name = `${item.station.name}: ${words} ${G.stateWord(cell.letter)}`;
      const holder = item.marker.getElement();
      holder.title = name;
      holder.setAttribute("aria-label", name);
      G.stats.drawn += 1;
    });
    if (!G.playing) S.arrange();
  };
  // Badges that would cover another become dots; the highest class keeps its number, pointer or focus opens a dot.
  S.arrange = () => {
    if (!group || G.applied === null && !markers.some((item) => item.drawn)) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const taken = [];
    const rank = (item) => (item.badge.classList.contains("chosen") ? 1e6 : item.rank);
    markers.forEach((item) => (item.badge = item.badge || item.marker.getElement().firstChild));
    [...markers].sort((one, other) => rank(other) - rank(one)).forEach(({ marker, badge, rank: order }) => {
      const at = G.map.latLngToLayerPoint(marker.getLatLng());
      const half = (badge.textContent.length * 6.4 + 12) * rem / 2;
      const box = { west: at.x - half, east: at.x + half, north: at.y - 9 * rem, south: at.y + 9 * rem };
      const hidden = taken.some((other) => box.west < other.east && other.west < box.east && box.north < other.south && other.north < box.south);
      badge.classList.toggle("dot-only", hidden);
      marker.setZIndexOffset(hidden ? -1000 + order : order);
      if (!hidden) taken.push(box);
    });
  };
  S.focus = () => {
    const found = markers.find((item) => G.state.station && G.state.station.endsWith(`:${item.station.key}`));
    if (found && !G.map.getBounds().contains(found.marker.getLatLng())) G.map.panTo(found.marker.getLatLng());
  };
  G.chooseStation = (key) => {
    G.update({ station: `${G.frames.theme.split(".")[0]}:${key}` });
    const tab = document.querySelector('[data-drawer-tab="charts"]');
    if (tab && tab.offsetParent) tab.classList.add("has-news");
  };
})();
