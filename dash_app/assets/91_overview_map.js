// Overview: the map as SVG (outlines are in the browser once, a step sets fills), its table, the ranking.
(function () {
  "use strict";
  const G = window.geoioc;
  const O = G.overview;
  const svgNs = "http://www.w3.org/2000/svg";
  const E = (name, attributes, ...children) => {
    const item = document.createElementNS(svgNs, name);
    Object.entries(attributes || {}).forEach(([key, value]) => item.setAttribute(key, value));
    item.append(...children);
    return item;
  };
  O.svg = E;
  const BY = { value: "byValue", change: "byChange", plan: "byPlan" };

  // ------------------------------------------------------------ which units are shown
  const kids = (unit) => {
    if (unit.level === "province") return O.shapes.units.filter((row) => row.level === (O.state.via === "former" ? "district" : "commune"));
    if (unit.level === "district") return unit.below.map((key) => O.byKey[key]);
    return [];
  };
  const peers = (unit) => {
    const own = kids(unit);
    if (own.length) return own;
    const path = O.trail(unit);
    return path.length > 1 ? kids(path[path.length - 2]) : [];
  };
  const column = new Map();
  let view = { units: [], level: "commune", columns: [] };
  O.view = () => view;
  function choose() {
    const frames = O.frames;
    column.clear();
    (frames ? frames.keys : []).forEach((key, index) => column.set(key, index));
    const has = (units) => frames && units.some((unit) => {
      const c = column.get(unit.key);
      return c !== undefined && frames.matrix.value.some((row) => row[c] !== null);
    });
    const here = O.here_();
    let units = peers(here);
    let words = null;
    if (frames && !has(units) && here.level === "province" && O.state.via === "today") {
      const districts = O.shapes.units.filter((row) => row.level === "district");
      if (has(districts)) [units, words] = [districts, "onlyHigher"];
      else words = "onlyProvince";
    }
    view = { units, level: units.length ? units[0].level : "commune", columns: units.map((unit) => column.get(unit.key)), words };
  }
  // Share of the units with a figure, by month of the bar.
  O.shares = () => O.at.map((month) => {
    const row = O.frames ? O.frames.times.indexOf(month) : -1;
    if (row < 0) return 0;
    return view.columns.filter((c) => c !== undefined && O.frames.matrix.value[row][c] !== null).length / Math.max(1, view.columns.length);
  });
  const frameRow = () => (O.frames ? O.frames.times.indexOf(O.at[O.index]) : -1);
  O.cell = (key, by = O.state.by) => {
    const row = frameRow();
    const c = column.get(key);
    if (row < 0 || c === undefined) return { value: null, state: "-", method: "-", cases: null };
    return {
      value: O.frames.matrix[by][row][c], state: O.frames.states[row][c], method: O.frames.derived[row][c],
      cases: O.frames.cases ? O.frames.cases[row][c] : null,
    };
  };

  // ------------------------------------------------------------ numbers
  O.number = (value, by = O.state.by, item = O.frames || O.card) => {
    if (value === null || value === undefined) return O.text("missing");
    if (by === "value") return G.number(value, item.decimals);
    if (by === "plan") return `${G.number(value, 1)}%`;
    return `${value > 0 ? "+" : ""}${G.number(value, 1)}${item.rate ? ` ${O.text("points")}` : "%"}`;
  };
  O.withUnit = (value, by = O.state.by, item = O.frames || O.card) =>
    (value === null || value === undefined || by !== "value" ? O.number(value, by, item) : `${O.number(value, by, item)} ${item.unit}`);
  O.methodWord = (letter) => ({ e: O.text("summed"), p: O.text("byPeople"), a: O.text("byArea") })[letter] || null;
  const stateWord = (letter) => ("epo".includes(letter) ? O.text(letter) : O.text("missing"));
  O.stateWord = stateWord;

  // ------------------------------------------------------------ drawing
  let areas = new Map(); // key -> path
  let svg = null;
  let tip = null;
  O.drawMap = () => {
    choose();
    const place = document.getElementById("ov-map");
    const here = O.here_();
    const context = O.shapes.units.filter((unit) => unit.level === view.level && !view.units.includes(unit));
    areas = new Map();
    svg = E("svg", { class: "ov-svg", role: "group", "aria-label": mapTitle(), preserveAspectRatio: "xMidYMid meet" });
    svg.append(E("defs", {}, hatch()));
    svg.append(E("g", { class: "ov-context", "aria-hidden": "true" }, ...context.map((unit) => E("path", { d: unit.path }))));
    const group = E("g", { class: "ov-areas" });
    view.units.forEach((unit, index) => {
      const path = E("path", { d: unit.path, class: "ov-area", tabindex: index ? "-1" : "0", role: "button", "data-key": unit.key });
      areas.set(unit.key, path);
      group.append(path);
    });
    svg.append(group);
    svg.append(E("path", { d: here.path, class: "ov-outline" }));
    svg.append(E("g", { class: "ov-labels", "aria-hidden": "true" }));
    place.replaceChildren(svg);
    fit(here);
    drawPath();
    document.getElementById("ov-map-panel-title").textContent = mapTitle();
    document.querySelectorAll("#ov-by [data-by]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.by === O.state.by)));
    document.querySelectorAll("#ov-via [data-via]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.via === O.state.via)));
    document.getElementById("ov-via").hidden = here.level !== "province";
    legend();
  };
  const mapTitle = () => (O.card ? O.text("mapTitle", { title: O.card.title, level: O.text(`level_${view.level}`) }) : O.unit.title);
  const hatch = () => E("pattern", { id: "ov-hatch", patternUnits: "userSpaceOnUse", width: 60, height: 60 },
    E("rect", { width: 60, height: 60, class: "ov-hatch-back" }),
    E("path", { d: "M-15 15L15 -15M0 60L60 0M45 75L75 45", class: "ov-hatch-line" }));
  function fit(unit) {
    const place = document.getElementById("ov-map");
    const [left, top, right, bottom] = unit.box;
    const pad = 0.04 * Math.max(right - left, bottom - top);
    svg.setAttribute("viewBox", `${left - pad} ${top - pad} ${right - left + 2 * pad} ${bottom - top + 2 * pad}`);
    const scale = Math.max((right - left + 2 * pad) / Math.max(1, place.clientWidth), (bottom - top + 2 * pad) / Math.max(1, place.clientHeight));
    const pattern = svg.querySelector("pattern");
    pattern.setAttribute("patternTransform", `scale(${(scale * 8) / 60})`);
    labels(scale);
  }
  function labels(scale) {
    const size = scale * 11 * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
    const taken = [];
    const shown = [];
    [...view.units].sort((a, b) => area(b) - area(a)).forEach((unit) => {
      const [left, top, right, bottom] = unit.box;
      const x = (left + right) / 2, y = (top + bottom) / 2;
      const wide = unit.name.length * size * 0.56, tall = size * 1.25;
      if (wide > (right - left) * 1.15 && O.here_().level === "province" && view.units.length > 12) return;
      const box = [x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
      taken.push(box);
      shown.push(E("text", { x, y: y + size * 0.35, "font-size": size, "stroke-width": size * 0.28 }, unit.name));
    });
    svg.querySelector(".ov-labels").replaceChildren(...shown);
  }
  const area = (unit) => (unit.box[2] - unit.box[0]) * (unit.box[3] - unit.box[1]);
  function drawPath() {
    const path = O.trail();
    const nav = document.getElementById("ov-path");
    nav.replaceChildren(...path.map((unit, index) => {
      const last = index === path.length - 1;
      const item = document.createElement(last ? "span" : "button");
      item.textContent = unit.title;
      if (unit.ended) item.append(Object.assign(document.createElement("small"), { textContent: ` (${G.config.lang === "en" ? "former" : "cũ"})` }));
      if (last) item.setAttribute("aria-current", "location");
      else { item.type = "button"; item.dataset.ovUnit = unit.key; }
      return item;
    }));
    document.getElementById("ov-said").textContent = O.unit.title;
  }

  // ------------------------------------------------------------ classes
  const scale = () => O.frames && O.frames.scales[view.level] && O.frames.scales[view.level][O.state.by];
  function colour(value) {
    const classes = scale();
    if (value === null || !classes) return null;
    let index = 0;
    while (index < classes.breaks.length && value >= classes.breaks[index]) index += 1;
    return classes.colours[index];
  }
  O.colour = colour;
  function legend() {
    const box = document.getElementById("ov-legend");
    const classes = scale();
    if (!classes || !O.card) { box.replaceChildren(); return; }
    const { breaks, colours } = classes;
    const decimals = O.state.by === "value" ? O.frames.decimals : breaks.some((bound) => bound % 1) ? 1 : 0;
    const print = (value) => G.number(value, decimals);
    const rows = colours.map((fill, index) => {
      const words = index ? `≥ ${print(breaks[index - 1])}` : breaks.length ? `< ${print(breaks[0])}` : "";
      return `<li><span class="ov-swatch" style="background:${fill}"></span>${words}</li>`;
    });
    const unit = O.state.by === "value" ? O.frames.unit : O.state.by === "change" && O.frames.rate ? O.text("points") : "%";
    box.innerHTML = `<p><b>${G.escape(sentence(O.text(BY[O.state.by])))}</b> (${G.escape(unit)}) <span class="muted">${O.text(`breaks_${classes.method}`)}</span></p>`
      + `<ul>${rows.join("")}<li><span class="ov-swatch ov-swatch-none"></span>${O.text("none")}</li></ul>`;
  }
  const sentence = (words) => words[0].toUpperCase() + words.slice(1);

  // ------------------------------------------------------------ a step: fills and words, nothing is built
  O.stepMap = () => {
    let known = 0;
    view.units.forEach((unit) => {
      const path = areas.get(unit.key);
      const cell = O.cell(unit.key);
      const fill = O.card ? colour(cell.value) || "url(#ov-hatch)" : "";
      if (path._fill !== fill) { path._fill = fill; path.style.fill = fill; }
      path.setAttribute("aria-label", O.card ? `${unit.title}: ${O.withUnit(cell.value)}` : unit.title);
      if (cell.value !== null) known += 1;
    });
    O.notice(view.words ? O.text(view.words) : O.card && !known ? O.text(O.state.by === "plan" ? "noPlan" : "noneAt") : null);
    drawRanking();
    if (!document.getElementById("ov-map-panel-table").hidden) table();
    if (tip && !tip.hidden && tip.dataset.key) tip.innerHTML = tipWords(tip.dataset.key);
  };

  // ------------------------------------------------------------ ranking
  const printed = (value) => Number(value.toFixed(O.state.by === "value" ? O.frames.decimals : 1));
  O.ranked = () => {
    if (!O.frames) return [];
    const low = O.frames.direction === "down" && O.state.by !== "plan";
    const fewest = O.frames.fewest;
    const rows = view.units.map((unit) => ({ unit, ...O.cell(unit.key) })).filter((row) => row.value !== null);
    rows.forEach((row) => { row.shown = printed(row.value); row.few = fewest !== null && row.cases !== null && row.cases < fewest; });
    rows.sort((a, b) => (low ? a.shown - b.shown : b.shown - a.shown) || a.unit.name.localeCompare(b.unit.name, "vi"));
    const counted = rows.filter((row) => !row.few);
    counted.forEach((row) => {
      row.rank = counted.findIndex((other) => other.shown === row.shown) + 1;
      row.tied = counted.filter((other) => other.shown === row.shown).length > 1;
    });
    return [...counted, ...rows.filter((row) => row.few)];
  };
  const SHOWN = 16;
  let wholeList = false;
  function drawRanking() {
    const place = document.getElementById("ov-rank");
    if (!O.card) { place.replaceChildren(); return; }
    const rows = O.ranked();
    const total = view.units.length;
    const cut = rows.length > SHOWN && !wholeList;
    const best = cut ? rows.slice(0, SHOWN / 2) : rows;
    const worst = cut ? rows.slice(-SHOWN / 2) : [];
    const most = Math.max(...rows.map((row) => Math.abs(row.value)), 1e-9);
    const judged = O.frames.direction !== "neutral";
    const line = (row) => {
      const here = row.unit.key === O.state.unit ? " is-here" : "";
      const share = O.state.by === "plan" ? Math.min(100, row.value / 1.5) : (100 * Math.abs(row.value)) / most;
      const marks = [row.tied ? O.text("tied") : null, row.few ? O.text("rankFew", { n: O.frames.fewest }) : null,
        row.cases !== null ? `n = ${G.number(row.cases, 0)}` : null].filter(Boolean).join(", ");
      return `<li class="ov-rank-row${here}"><button type="button" data-ov-unit="${row.unit.key}" title="${G.escape(row.unit.title)}">`
        + `<span class="ov-rank-no">${row.rank || "·"}</span><span class="ov-rank-name">${G.escape(row.unit.name)}</span>`
        + `<span class="ov-rank-value">${O.number(row.value)}</span>`
        + `<span class="ov-rank-bar"><i style="width:${share.toFixed(1)}%;background:${colour(row.value)}" class="${row.value < 0 ? "is-less" : ""}"></i></span>`
        + `${marks ? `<small class="muted">${marks}</small>` : ""}</button></li>`;
    };
    const heading = (key) => `<h4>${O.text(key)}</h4>`;
    const notes = [O.text("rankNote", { n: rows.length, total })];
    if (O.frames.fewest !== null) notes.push(O.text("rankFewest", { n: O.frames.fewest }));
    place.innerHTML = (rows.length ? heading(judged || O.state.by === "plan" ? "bestGood" : "best") : "")
      + `<ol>${best.map(line).join("")}</ol>`
      + (cut ? `${heading(judged || O.state.by === "plan" ? "worstBad" : "worst")}<ol>${worst.map(line).join("")}</ol>` : "")
      + `<p class="muted ov-rank-note">${notes.join(" · ")}</p>`
      + (rows.length > SHOWN ? `<button type="button" class="tool small" data-rank-all="true" aria-expanded="${wholeList}">${O.text(wholeList ? "lessRows" : "allRows", { n: rows.length })}</button>` : "")
      + links();
  }
  function links() {
    const key = O.here_().key;
    const month = O.at[O.index];
    const before = `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;
    const more = G.config.lang === "en" ? "&lang=en" : "";
    const hash = `#${O.state.unit ? `unit=${key}&` : ""}theme=indicator.${O.card.code}&t=${month}-01`;
    return `<p class="ov-links"><a href="/map${more ? "?lang=en" : ""}${hash}">${O.text("onMap")}</a>`
      + `<a href="/compare?a=${key}@${month}&b=${key}@${before}&domain=${O.state.domain}${more}">${O.text("compare")}</a>`
      + `<a href="/reports/briefing?unit=${key}&format=html&at=${month}${more}">${O.text("briefing")}</a></p>`;
  }

  // ------------------------------------------------------------ the same as a table
  function table() {
    const ranks = new Map(O.ranked().map((row) => [row.unit.key, row]));
    const rows = view.units.map((unit) => ({
      unit, value: O.cell(unit.key, "value"), change: O.cell(unit.key, "change").value, plan: O.cell(unit.key, "plan").value, rank: ranks.get(unit.key),
    })).sort((a, b) => (a.rank ? a.rank.rank || 1e6 : 1e7) - (b.rank ? b.rank.rank || 1e6 : 1e7) || a.unit.name.localeCompare(b.unit.name, "vi"));
    const head = [O.text("unit"), O.text("rank"), `${O.card ? O.card.title : ""} (${O.card ? O.card.unit : ""})`, O.text("byChange"), O.text("byPlan"), O.text("state")];
    O.table("ov-map-twin", mapTitle(), head, rows.map((row) => [
      `<button type="button" class="link" data-ov-unit="${row.unit.key}">${G.escape(row.unit.title)}</button>`,
      row.rank && row.rank.rank ? String(row.rank.rank) : O.text("missing"),
      O.number(row.value.value, "value"), O.number(row.change, "change"), row.plan === null ? O.text("noPlan") : O.number(row.plan, "plan"),
      [stateWord(row.value.state), O.methodWord(row.value.method)].filter(Boolean).join(", "),
    ]), [1, 2, 3, 4], rows.map((row) => row.unit.key));
  }
  O.table = (id, title, head, rows, numbers, keys) => {
    const cell = (tag, content, index) => `<${tag}${numbers.includes(index) ? ' class="number"' : ""}${tag === "th" ? ' scope="col"' : ""}>${content}</${tag}>`;
    document.getElementById(id).innerHTML = `<div class="table-scroll" tabindex="0" role="region" aria-label="${G.escape(title)}"><table class="table">`
      + `<thead><tr>${head.map((words, index) => cell("th", G.escape(words), index)).join("")}</tr></thead><tbody>`
      + rows.map((row, at) => `<tr${keys ? ` data-key="${keys[at]}"` : ""}><th scope="row">${row[0]}</th>${row.slice(1).map((words, index) => cell("td", words, index + 1)).join("")}</tr>`).join("")
      + "</tbody></table></div>";
  };

  // ------------------------------------------------------------ pointing, clicking, keyboard
  function tipWords(key) {
    const unit = O.byKey[key];
    if (!O.card) return `<b>${G.escape(unit.title)}</b>`;
    const value = O.cell(key, "value");
    const lines = [`<b>${G.escape(unit.title)}</b>`, `${O.withUnit(value.value, "value")}${value.value === null ? "" : ` <i>${stateWord(value.state)}</i>`}`];
    const change = O.cell(key, "change").value, plan = O.cell(key, "plan").value;
    if (change !== null) lines.push(`${O.number(change, "change")} ${O.text("onPeriod")}`);
    if (value.value !== null) lines.push(plan === null ? O.text("noPlan") : `${O.number(plan, "plan")} ${O.text("ofPlan")}`);
    if (value.cases !== null) lines.push(`n = ${G.number(value.cases, 0)}`);
    const method = O.methodWord(value.method);
    if (method) lines.push(`<span class="muted">${method}</span>`);
    return lines.join("<br>");
  }
  const TOWARDS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const middle = (unit) => [(unit.box[0] + unit.box[2]) / 2, (unit.box[1] + unit.box[3]) / 2];
  function neighbour(from, [x, y]) {
    const [cx, cy] = middle(O.byKey[from]);
    let best = null;
    view.units.forEach((unit) => {
      const [ux, uy] = middle(unit);
      const ahead = (ux - cx) * x + (uy - cy) * y;
      const aside = Math.abs((ux - cx) * y) + Math.abs((uy - cy) * x);
      const cost = ahead + 2 * aside;
      if (ahead > 0 && aside <= 2 * ahead && (!best || cost < best.cost)) best = { key: unit.key, cost };
    });
    return best && best.key;
  }
  O.listen = () => {
    const place = document.getElementById("ov-map");
    tip = document.createElement("div");
    tip.className = "ov-tip";
    tip.hidden = true;
    place.parentElement.append(tip);
    const keyOf = (event) => event.target.closest && event.target.closest(".ov-area")?.dataset.key;
    place.addEventListener("click", (event) => { const key = keyOf(event); if (key) { tip.hidden = true; O.choose(key); } });
    place.addEventListener("pointermove", (event) => {
      const key = keyOf(event);
      tip.hidden = !key;
      if (!key) return;
      if (tip.dataset.key !== key || !tip.innerHTML) { tip.dataset.key = key; tip.innerHTML = tipWords(key); }
      const box = place.parentElement.getBoundingClientRect();
      tip.style.left = `${Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 6)}px`;
      tip.style.top = `${Math.max(4, Math.min(event.clientY - box.top + 14, box.height - tip.offsetHeight - 6))}px`;
    });
    place.addEventListener("pointerleave", () => { tip.hidden = true; delete tip.dataset.key; });
    place.addEventListener("keydown", (event) => {
      const key = keyOf(event);
      if (!key) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); O.choose(key); }
      if (event.key in TOWARDS) {
        event.preventDefault();
        const next = neighbour(key, TOWARDS[event.key]);
        if (!next) return;
        areas.get(key).setAttribute("tabindex", "-1");
        areas.get(next).setAttribute("tabindex", "0");
        areas.get(next).focus();
      }
    });
    document.getElementById("ov-map-panel").addEventListener("twin", (event) => event.detail && table());
    document.getElementById("ov-rank").addEventListener("click", (event) => {
      if (!event.target.closest("[data-rank-all]")) return;
      wholeList = !wholeList;
      drawRanking();
    });
    new ResizeObserver(() => { if (svg && svg.isConnected && O.shapes) fit(O.here_()); }).observe(place);
    O.listenPanels();
  };
})();
