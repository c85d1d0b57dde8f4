// The overview: state in the address, answers of the server, time bar. 91 draws map and ranking, 92 cards and charts.
// A step of the time bar restyles what is there from frames in the browser: it never asks the server.
(function () {
  "use strict";
  const G = window.geoioc;
  const O = (G.overview = {
    state: { domain: null, unit: null, via: "today", at: null, code: null, by: "value", all: false },
    shapes: null, byKey: {}, unit: null, frames: null, index: 0,
    applied: null, // month that is drawn; tests wait for it
    settled: 0, // counts finished views
    stats: { steps: 0, requests: 0 },
    text: (key, values) => G.text(`ov.${key}`, values),
  });
  const lang = G.config.lang;
  const WAYS = ["value", "change", "plan"];

  // ------------------------------------------------------------ address
  O.here = () => location.pathname === "/overview" || location.pathname.startsWith("/overview/");
  O.read = () => {
    const query = new URLSearchParams(location.search);
    const path = location.pathname.split("/")[2];
    return {
      domain: path || document.getElementById("main")?.dataset.domain || "socio_economic",
      unit: query.get("unit"),
      via: query.get("via") === "former" ? "former" : "today",
      at: /^\d{4}-\d{2}$/.test(query.get("at") || "") ? query.get("at") : null,
      code: query.get("code"),
      by: WAYS.includes(query.get("by")) ? query.get("by") : "value",
      all: query.get("all") === "1",
    };
  };
  O.address = (state = O.state) => {
    const query = new URLSearchParams();
    if (state.unit) query.set("unit", state.unit);
    if (state.via === "former") query.set("via", "former");
    if (state.at) query.set("at", state.at);
    if (state.code) query.set("code", state.code);
    if (state.by !== "value") query.set("by", state.by);
    if (state.all) query.set("all", "1");
    if (lang === "en") query.set("lang", "en");
    const text = query.toString();
    return `/overview/${state.domain}${text ? `?${text}` : ""}`;
  };

  // ------------------------------------------------------------ answers of the server
  const answers = new Map(); // by address; the newest sixty
  O.get = (url) => {
    if (!answers.has(url)) {
      O.stats.requests += 1;
      const answer = G.json(url);
      answer.catch(() => answers.delete(url));
      answers.set(url, answer);
      if (answers.size > 60) answers.delete(answers.keys().next().value);
    }
    return answers.get(url);
  };
  const unitUrl = (state) => `/api/overview/unit?domain=${encodeURIComponent(state.domain)}`
    + `&unit=${encodeURIComponent(state.unit || "")}${state.all ? "&all=1" : ""}&lang=${lang}`;
  const framesUrl = (code) => `/api/overview/frames?code=${encodeURIComponent(code)}&lang=${lang}`;
  const shapesUrl = `/api/overview/shapes?lang=${lang}`;

  // ------------------------------------------------------------ one view after the other
  let turn = 0;
  O.show = async () => {
    const mine = (turn += 1);
    const state = O.state;
    try {
      const [shapes, unit] = await Promise.all([O.shapes || O.get(shapesUrl), O.get(unitUrl(state))]);
      if (mine !== turn) return;
      if (O.shapes !== shapes) takeShapes(shapes);
      const chosen = unit.cards.find((card) => card.code === state.code) || unit.cards[0] || null;
      const frames = chosen ? await O.get(framesUrl(chosen.code)) : null;
      if (mine !== turn) return;
      O.unit = unit;
      O.card = chosen;
      O.frames = frames;
      O.at = unit.times;
      O.index = Math.max(0, state.at && unit.times.includes(state.at) ? unit.times.indexOf(state.at) : unit.times.length - 1);
      notice(null);
      draw();
    } catch (error) {
      if (mine !== turn) return;
      notice(O.text("failed"));
      throw error;
    }
  };
  function takeShapes(shapes) {
    O.shapes = shapes;
    O.byKey = Object.fromEntries(shapes.units.map((unit) => [unit.key, unit]));
  }
  function draw() {
    document.getElementById("main").dataset.domain = O.state.domain;
    document.querySelectorAll("#ov-tabs .ov-tab").forEach((tab) => {
      const own = tab.dataset.domain === O.state.domain;
      own ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current");
      tab.href = O.address({ ...O.state, domain: tab.dataset.domain, code: null, all: false });
      if (own && tab.parentElement.scrollWidth > tab.parentElement.clientWidth) {
        tab.parentElement.scrollLeft = tab.offsetLeft - 40;
      }
    });
    O.drawCards();
    O.drawMap();
    O.drawPanels();
    drawTime();
    O.step(O.index, { force: true });
    O.settled += 1;
    G.emit("overview", O);
  }
  const notice = (words) => {
    const box = document.getElementById("ov-notice");
    if (!box) return;
    box.hidden = !words;
    box.textContent = words || "";
  };
  O.notice = notice;

  // Drilling down and changing the subject can be gone back from; time and ways to look only replace.
  O.go = (changes, { push = true } = {}) => {
    O.state = { ...O.state, ...changes };
    if (push) history.pushState(null, "", O.address());
    else history.replaceState(history.state, "", O.address());
    return O.show();
  };
  O.choose = (key) => O.go({ unit: key === O.shapes.province ? null : key });
  O.here_ = () => O.byKey[O.state.unit] || O.byKey[O.shapes.province];
  O.trail = (unit = O.here_()) => {
    const top = O.byKey[O.shapes.province];
    if (unit === top) return [top];
    return unit.former ? [top, O.byKey[unit.former], unit] : [top, unit];
  };
  // Dash would ask for the whole page again: going back within the overview is ours.
  addEventListener("popstate", (event) => {
    if (!O.here() || !document.getElementById("ov-map")) return;
    event.stopImmediatePropagation();
    O.state = O.read();
    O.show();
  }, true);

  // ------------------------------------------------------------ time
  O.step = (index, { force = false, rest = true } = {}) => {
    const times = O.at;
    if (!times || !times.length) { O.stepAll(); return; }
    const next = Math.max(0, Math.min(times.length - 1, index));
    if (next === O.index && !force) return;
    O.index = next;
    O.stats.steps += 1;
    const slider = document.getElementById("ov-slider");
    const month = times[next];
    slider.value = next;
    slider.setAttribute("aria-valuetext", G.timeLabel(month, "month"));
    document.getElementById("ov-time-label").textContent = G.timeLabel(month, "month");
    O.stepAll();
    O.applied = month;
    if (rest && !force) {
      O.state.at = next === times.length - 1 ? null : month;
      if (!playing) remember();
    }
  };
  O.stepAll = () => {
    O.stepCards();
    O.stepMap();
    O.stepPanels();
  };
  let resting = null;
  function remember() {
    clearTimeout(resting);
    resting = setTimeout(() => { if (O.here()) history.replaceState(history.state, "", O.address()); }, 250);
  }
  function drawTime() {
    const holder = document.getElementById("ov-time");
    holder.hidden = !O.card; // nothing here follows it
    if (!holder.dataset.built) {
      holder.dataset.built = "true";
      holder.innerHTML = `
        <div class="tb-buttons">
          <button class="tool" data-tb="back" aria-label="${G.text("back")}" title="${G.text("back")}">‹</button>
          <button class="tool play" data-tb="play" aria-label="${G.text("play")}" title="${G.text("play")}">▶</button>
          <button class="tool" data-tb="forward" aria-label="${G.text("forward")}" title="${G.text("forward")}">›</button>
          <button class="tool" data-tb="latest" title="${G.text("latest")}">${G.text("latest")}</button>
        </div>
        <div class="tb-track">
          <div class="ov-strip" aria-hidden="true"></div>
          <input type="range" id="ov-slider" min="0" max="0" value="0" step="1" aria-label="${G.text("time")}">
          <div class="tb-ticks" aria-hidden="true"></div>
        </div>
        <output class="tb-label" id="ov-time-label" for="ov-slider"></output>`;
      holder.querySelector("#ov-slider").addEventListener("input", (event) => { pause(); O.step(Number(event.target.value)); });
      holder.addEventListener("click", (event) => {
        const name = event.target.closest("[data-tb]")?.dataset.tb;
        if (name === "back") { pause(); O.step(O.index - 1); }
        if (name === "forward") { pause(); O.step(O.index + 1); }
        if (name === "latest") { pause(); O.step(O.at.length - 1); }
        if (name === "play") playing ? pause() : play();
      });
    }
    const n = O.at.length;
    const place = (index) => `left:calc(8px + (100% - 16px) * ${(index / Math.max(1, n - 1)).toFixed(4)})`;
    holder.querySelector("#ov-slider").max = Math.max(0, n - 1);
    holder.querySelector(".tb-ticks").innerHTML = O.at
      .map((month, index) => (month.endsWith("-01") ? `<span style="${place(index)}">${month.slice(0, 4)}</span>` : "")).join("");
    const shares = O.shares();
    holder.style.setProperty("--n", n);
    holder.querySelector(".ov-strip").innerHTML = O.at
      .map((month, index) => `<i style="${place(index)};height:${Math.round(100 * (shares[index] || 0))}%"></i>`).join("");
  }
  let playing = null;
  function play() {
    if (O.index >= O.at.length - 1) O.step(0);
    playing = setInterval(() => {
      if (!O.here() || O.index >= O.at.length - 1) return pause();
      O.step(O.index + 1);
    }, 300);
    mark();
  }
  function pause() {
    if (!playing) return;
    clearInterval(playing);
    playing = null;
    mark();
    remember();
  }
  function mark() {
    const button = document.querySelector("#ov-time .play");
    button.textContent = playing ? "❚❚" : "▶";
    button.title = G.text(playing ? "pause" : "play");
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", String(Boolean(playing)));
  }

  // ------------------------------------------------------------ clicks that are not of one part
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("#ov-tabs .ov-tab");
    if (tab && O.shapes && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      pause();
      O.go({ domain: tab.dataset.domain, code: null, all: false });
      return;
    }
    const by = event.target.closest("#ov-by [data-by]");
    if (by) return O.go({ by: by.dataset.by }, { push: false });
    const via = event.target.closest("#ov-via [data-via]");
    if (via) return O.go({ via: via.dataset.via });
    const unit = event.target.closest("[data-ov-unit]");
    if (unit && O.here()) {
      event.preventDefault();
      O.choose(unit.dataset.ovUnit);
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !O.here() || !O.shapes) return;
    const path = O.trail();
    if (path.length > 1) O.choose(path[path.length - 2].key);
  });

  // ------------------------------------------------------------ start
  if (!O.here()) return;
  O.state = O.read();
  [shapesUrl, unitUrl(O.state)].forEach((url) => O.get(url)); // while Dash is still starting
  let built = null;
  const watcher = new MutationObserver(() => {
    const place = document.getElementById("ov-map");
    if (!place || place === built) return;
    built = place;
    O.listen();
    O.show();
  });
  watcher.observe(document.documentElement, { childList: true, subtree: true });
})();
