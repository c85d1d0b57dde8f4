// Station badges: number, class letter and colour; each state has its own shape, not only its own colour.
(function () {
  "use strict";
  const G = window.geoioc;
  let group = null;
  let markers = [];
  const LETTERS = "ABCDEFGH";
  const MARKS = { c: () => G.text("short.c"), x: () => "×", m: () => "∅", r: () => "◇", "!": () => "!" };

  const S = (G.stations = {});
  S.build = (frames) => {
    S.clear();
    arranged = false;
    group = L.layerGroup().addTo(G.map);
    markers = frames.stations.map((station, column) => {
      const marker = L.marker([station.lat, station.lon], {
        icon: L.divIcon({ className: "badge-holder", html: '<span class="badge"></span>', iconSize: null }),
        alt: station.name, riseOnHover: true, pane: "stations",
      }).addTo(group);
      marker.bindTooltip(() => S.tip(frames, column), { direction: "top", offset: [0, -6], className: "unit-tip" });
      marker.on("click", () => G.chooseStation(station.key));
      marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") G.chooseStation(station.key); });
      return { marker, station, drawn: null, colour: null, parts: null };
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
  // Letter and word of the class of a value; the law's own where it is an index.
  S.letter = (frames, index) => (frames.letters || LETTERS)[index];
  S.note = (frames, row, column) => {
    const number = frames.notes?.of[row]?.[column];
    return number === null || number === undefined ? "" : frames.notes.list[number];
  };
  S.words = (frames, row, column) => {
    const { value, letter, index } = S.cell(frames, row, column);
    if (value === null) return G.stateWord(letter);
    const shown = frames.lettersOnly ? "" : `${G.number(value, frames.decimals)} ${frames.unit}`.trim();
    const level = frames.words && letter !== "!" ? `${S.letter(frames, index)} · ${frames.words[index]}` : "";
    return [shown, level, G.stateWord(letter)].filter(Boolean).join(" · ");
  };
  S.tip = (frames, column) => {
    const row = G.applied ?? frames.now;
    const note = G.escape(S.note(frames, row, column)).replace(/\n/g, "<br>");
    const station = frames.stations[column];
    return `<b>${G.escape(station.name)}</b>${station.reference ? ` <span class="muted">${G.text("reference")}</span>` : ""}<br>`
      + `${G.escape(frames.title)}: ${G.escape(S.words(frames, row, column))}${note ? `<br><span class="muted">${note}</span>` : ""}`;
  };
  // Names for screen readers and the order of badges follow when the time bar rests: a drag has no time for them.
  let resting = null;
  function rest(frames, row) {
    clearTimeout(resting);
    const settle = () => {
      markers.forEach(({ marker, station, drawn }, column) => {
        const note = S.note(frames, row, column);
        const name = `${station.name}: ${S.words(frames, row, column)}${note ? `; ${note}` : ""}`;
        if (drawn !== null) marker.getElement().setAttribute("aria-label", name);
      });
      if (!G.playing) S.arrange();
    };
    if (arranged) resting = setTimeout(() => { if (G.frames === frames && G.applied === row) settle(); }, 120);
    else settle();
    arranged = true;
  }
  let arranged = false;
  S.paint = (frames, row) => {
    let changed = false;
    markers.forEach((item, column) => {
      const cell = S.cell(frames, row, column);
      const chosen = G.state.station === `${frames.theme.split(".")[0]}:${item.station.key}`;
      const note = S.note(frames, row, column);
      const mark = `${cell.value}|${cell.letter}|${chosen}|${note}`;
      if (item.drawn === mark) return;
      item.drawn = mark;
      changed = true;
      item.badge = item.badge || item.marker.getElement().firstChild;
      const { badge } = item;
      const style = `badge ${item.hidden ? "dot-only " : ""}st-${cell.letter === "." ? "ok" : cell.letter === "!" ? "suspect" : cell.letter}${chosen ? " chosen" : ""}`;
      if (badge.className !== style) badge.className = style;
      item.rank = cell.value === null || cell.letter === "!" ? 0 : 100 + 100 * cell.index;
      const plain = cell.value === null || cell.letter === "!"; // a doubtful value has no colour of a class: it is struck out
      const colour = plain ? -1 : cell.index;
      if (item.colour !== colour) {
        item.colour = colour;
        badge.style.cssText = plain ? "" : `background: ${frames.colours[colour]}; color: ${frames.texts[colour]}`;
      }
      if (plain || frames.lettersOnly) {
        item.parts = null;
        if (!plain) badge.textContent = S.letter(frames, cell.index);
        else if (cell.value === null) badge.textContent = (MARKS[cell.letter] || MARKS.m)();
        else badge.innerHTML = `<s>${G.number(cell.value, frames.decimals)}</s><i>!</i>`;
      } else {
        if (!item.parts) {
          item.parts = [document.createTextNode(""), document.createElement("i")];
          badge.replaceChildren(...item.parts);
        }
        item.parts[0].data = G.number(cell.value, frames.decimals);
        const letter = S.letter(frames, cell.index);
        if (item.parts[1].textContent !== letter) item.parts[1].textContent = letter;
      }
      G.stats.drawn += 1;
    });
    if (changed) rest(frames, row);
  };
  // Badges that would cover another become dots; the highest class keeps its number, pointer or focus opens a dot.
  S.arrange = () => {
    if (!group || G.applied === null && !markers.some((item) => item.drawn)) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const taken = [];
    const rank = (item) => (item.badge.classList.contains("chosen") ? 1e6 : item.rank);
    markers.forEach((item) => (item.badge = item.badge || item.marker.getElement().firstChild));
    [...markers].sort((one, other) => rank(other) - rank(one)).forEach((item) => {
      const { marker, badge, rank: order } = item;
      const at = G.map.latLngToLayerPoint(marker.getLatLng());
      const half = (badge.textContent.length * 6.4 + 12) * rem / 2;
      const box = { west: at.x - half, east: at.x + half, north: at.y - 9 * rem, south: at.y + 9 * rem };
      const hidden = taken.some((other) => box.west < other.east && other.west < box.east && box.north < other.south && other.north < box.south);
      if (item.hidden !== hidden) badge.classList.toggle("dot-only", (item.hidden = hidden));
      const offset = hidden ? -1000 + order : order;
      if (marker.options.zIndexOffset !== offset) marker.setZIndexOffset(offset);
      if (!hidden) taken.push(box);
    });
  };
  S.at = (column) => markers[column].marker;
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
