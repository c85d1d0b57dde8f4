// Small maps of units as SVG: <div data-places="commune|district" ...>. Outlines come once per page from /api/outlines
// and are drawn crisp at every size; two maps with the same data-sync move together. Used by the first page and by
// /compare. A page says what to draw by attributes, so that a callback may change them:
//   data-marks   {"key": 1 or 2}       how many things there are (first page)
//   data-values  {"key": {"f": colour, "t": words}}   fill and words of each unit (comparison)
//   data-inside  key of a former district whose communes are shown; data-at: day whose units are drawn
(function () {
  "use strict";
  const G = window.geoioc;
  const answers = {};
  const NS = "http://www.w3.org/2000/svg";
  const views = {}; // by data-sync: {box, home}
  const outlines = (level, at) => {
    const url = `/api/outlines?level=${level}&lang=${G.config.lang}${at ? `&at=${at}` : ""}`;
    answers[url] = answers[url] || fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${url}`);
      return answer.json();
    }).catch((error) => { delete answers[url]; throw error; });
    return answers[url];
  };
  const element = (name, attributes) => {
    const item = document.createElementNS(NS, name);
    Object.entries(attributes).forEach(([key, value]) => item.setAttribute(key, value));
    return item;
  };
  const boxOf = (units) => {
    const west = Math.min(...units.map((u) => u.box[0])), top = Math.min(...units.map((u) => u.box[1]));
    const east = Math.max(...units.map((u) => u.box[2])), bottom = Math.max(...units.map((u) => u.box[3]));
    const pad = 0.02 * Math.max(east - west, bottom - top);
    return [west - pad, top - pad, east - west + 2 * pad, bottom - top + 2 * pad];
  };

  // «No value» is a hatch, never a colour; its size follows the drawing, which is in degrees.
  let numbered = 0;
  function missing(id, size) {
    const defs = element("defs", {});
    const tile = element("pattern", { id, patternUnits: "userSpaceOnUse", width: size, height: size, class: "places-hatch" });
    tile.append(element("rect", { width: size, height: size }), element("path", { d: `M0 ${size}L${size} 0`, "stroke-width": size / 6 }));
    defs.append(tile);
    return defs;
  }

  async function draw(place) {
    const name = place.dataset.places + place.dataset.at + place.dataset.inside;
    if (place.drawn !== name) {
      place.drawn = name;
      let answer;
      try {
        answer = await outlines(place.dataset.places, place.dataset.at);
      } catch (error) {
        console.warn("geoioc places", error.message);
        place.drawn = null;
        setTimeout(() => place.isConnected && draw(place), 10e3);
        return;
      }
      if (place.drawn !== name || !place.isConnected) return;
      build(place, answer.units);
    }
    paint(place);
  }

  function build(place, all) {
    const inside = place.dataset.inside;
    const near = inside ? all.filter((unit) => unit.former === inside || unit.parent === inside) : all;
    const units = near.length ? near : all;
    const home = boxOf(units);
    const svg = element("svg", { class: "places-svg", preserveAspectRatio: "xMidYMid meet" });
    const scale = Math.max(home[2], home[3]);
    place.missing = `places-missing-${(numbered += 1)}`;
    svg.append(missing(place.missing, scale / 90));
    units.forEach((unit) => {
      const path = element("path", { d: unit.path, "data-key": unit.key, class: "place" });
      path.append(element("title", {}));
      svg.append(path);
    });
    place.units = Object.fromEntries(units.map((unit) => [unit.key, unit]));
    place.svg = svg;
    place.replaceChildren(svg);
    const sync = place.dataset.sync;
    if (sync) {
      views[sync] = views[sync] || { box: [...home], home };
      movable(place, sync);
      show(sync);
    } else svg.setAttribute("viewBox", home.join(" "));
  }

  function paint(place) {
    if (!place.svg) return;
    const marks = JSON.parse(place.dataset.marks || "null");
    const values = JSON.parse(place.dataset.values || "null");
    place.svg.querySelectorAll(".place").forEach((path) => {
      const key = path.dataset.key, unit = place.units[key];
      const mark = marks && marks[key];
      path.setAttribute("class", `place${marks ? ` places-${["none", "some", "severe", "many"][mark || 0]}` : ""}`);
      if (values) {
        const value = values[key];
        path.style.fill = value && value.f ? value.f : `url(#${place.missing})`;
        path.querySelector("title").textContent = `${unit.title}: ${value ? value.t : G.text("state.m")}`;
      } else path.querySelector("title").textContent = unit.title;
      path.classList.toggle("is-chosen", key === place.dataset.chosen);
      if (marks) {
        path.setAttribute("tabindex", mark ? "0" : "-1");
        path.setAttribute("role", "link");
        path.setAttribute("aria-label", unit.title);
      }
    });
  }

  // ------------------------------------------------------------ going down: the page of the unit, without a reload
  function go(place, key) {
    const query = new URLSearchParams(location.search);
    query.set("unit", key);
    window.dash_clientside.set_props("url", { search: `?${query.toString().replace(/%3A/g, ":")}` });
  }
  document.addEventListener("click", (event) => {
    const path = event.target.closest("[data-marks] .place");
    if (path) go(path.closest("[data-places]"), path.dataset.key);
  });
  document.addEventListener("keydown", (event) => {
    const path = event.target.closest && event.target.closest("[data-marks] .place");
    if (path && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      go(path.closest("[data-places]"), path.dataset.key);
    }
  });

  // ------------------------------------------------------------ moving one moves the other
  const group = (sync) => [...document.querySelectorAll(`[data-sync="${sync}"]`)].filter((place) => place.svg);
  function show(sync) {
    group(sync).forEach((place) => place.svg.setAttribute("viewBox", views[sync].box.map((x) => x.toFixed(5)).join(" ")));
  }
  function zoom(sync, factor, fx = 0.5, fy = 0.5) {
    const view = views[sync], [x, y, w, h] = view.box;
    const width = Math.min(view.home[2] * 1.2, Math.max(view.home[2] / 40, w * factor));
    const height = (h * width) / w;
    view.box = [x + (w - width) * fx, y + (h - height) * fy, width, height];
    show(sync);
  }
  function movable(place, sync) {
    const { svg } = place;
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      zoom(sync, event.deltaY > 0 ? 1.2 : 1 / 1.2, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    }, { passive: false });
    let from = null;
    svg.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY, ...views[sync].box]; svg.setPointerCapture(event.pointerId); });
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const scale = 1 / svg.getScreenCTM().a;
      views[sync].box = [from[2] - (event.clientX - from[0]) * scale, from[3] - (event.clientY - from[1]) * scale, from[4], from[5]];
      show(sync);
    });
    ["pointerup", "pointercancel"].forEach((name) => svg.addEventListener(name, () => { from = null; }));
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const view = views[sync];
      if (step) view.box = [view.box[0] + step[0] * view.box[2] / 8, view.box[1] + step[1] * view.box[3] / 8, view.box[2], view.box[3]];
      else if (event.key === "+" || event.key === "=") return zoom(sync, 1 / 1.3);
      else if (event.key === "-") return zoom(sync, 1.3);
      else if (event.key === "0" || event.key === "Home") view.box = [...view.home];
      else return;
      event.preventDefault();
      show(sync);
    });
  }
  G.places = { views, zoom, reset: (sync) => { views[sync].box = [...views[sync].home]; show(sync); } };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-places-zoom]");
    if (!button) return;
    const { placesZoom: how, placesOf: sync } = button.dataset;
    if (views[sync]) how === "home" ? G.places.reset(sync) : zoom(sync, how === "in" ? 1 / 1.4 : 1.4);
  });
  // The same unit is ringed on both maps.
  ["pointerover", "pointerout"].forEach((name) => document.addEventListener(name, (event) => {
    const path = event.target.closest && event.target.closest("[data-sync] .place");
    if (!path) return;
    group(path.closest("[data-sync]").dataset.sync).forEach((place) => {
      const same = place.svg.querySelector(`[data-key="${path.dataset.key}"]`);
      if (same) same.classList.toggle("is-near", name === "pointerover");
    });
  }));

  new MutationObserver((changes) => {
    const touched = new Set();
    changes.forEach((change) => {
      if (change.type === "attributes") touched.add(change.target);
      else change.addedNodes.forEach((node) => {
        if (node.nodeType !== 1) return;
        if (node.matches("[data-places]")) touched.add(node);
        node.querySelectorAll("[data-places]").forEach((place) => touched.add(place));
      });
    });
    touched.forEach((place) => { if (place.dataset.places) draw(place); });
    if (!document.querySelector("[data-sync]")) Object.keys(views).forEach((sync) => delete views[sync]);
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true,
    attributeFilter: ["data-places", "data-marks", "data-values", "data-inside", "data-at"],
  });
})();
