// Core of the map bridge: settings, state in the URL hash, texts, numbers, requests.
// Everything hangs below window.geoioc; Dash components and tests use the same names.
(function () {
  "use strict";
  // Links of before the first page was the list of exceptions: a state of the map in the hash means the map.
  if (location.pathname === "/" && location.hash.includes("=")) location.replace("/map" + location.search + location.hash);
  const element = document.getElementById("geoioc-config");
  const config = element ? JSON.parse(element.textContent) : { lang: "vi", texts: {}, layers: {}, themes: {} };
  const listeners = {};

  const G = (window.geoioc = {
    config,
    state: { unit: null, via: "today", theme: config.defaultTheme, show: "stations", t: null, on: [], station: null, look: "light", v: null },
    applied: null, // index of the frame that is drawn; tests wait for it
    frames: null,
    stats: { steps: 0, drawn: 0, requests: 0 },
  });

  G.on = (name, listener) => (listeners[name] = listeners[name] || []).push(listener);
  G.emit = (name, value) => (listeners[name] || []).forEach((listener) => listener(value));
  G.text = (key, values) =>
    (config.texts[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));

  // ------------------------------------------------------------ numbers and times (always +07)
  const locale = config.lang === "en" ? "en-GB" : "vi-VN";
  const formats = {};
  G.number = (value, decimals) => {
    const format = (formats[decimals] = formats[decimals] || new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    }));
    return format.format(Object.is(value, -0) ? 0 : value);
  };
  const two = (value) => String(value).padStart(2, "0");
  const local = (date) => new Date(date.getTime() + 7 * 3600e3); // read with getUTC...
  G.moment = (date) => {
    const at = local(date);
    return `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  };
  G.day = (iso) => `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
  G.local = local;
  G.timeLabel = (iso, step) => {
    if (step === "hour") return `${G.moment(new Date(iso))} +07`;
    if (step === "month") return `${G.text("month")} ${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
    if (step === "year") return `${G.text("year")} ${iso.slice(0, 4)}`;
    return G.day(iso);
  };
  G.escape = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  // ------------------------------------------------------------ requests
  // What the first view needs is asked for while Dash is still starting; the first reader takes the answer.
  const early = {};
  G.ahead = (url) => {
    early[url] = G.json(url);
    early[url].catch(() => {}); // whoever reads it hears of the failure
  };
  G.json = async (url) => {
    if (early[url]) {
      const answer = early[url];
      delete early[url];
      return answer;
    }
    G.stats.requests += 1;
    const response = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    return response.json();
  };
  G.bytes = async (url) => {
    G.stats.requests += 1;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    return response.arrayBuffer();
  };
  G.notice = (message, retry) => {
    const box = document.getElementById("map-notice");
    if (!box) return;
    box.hidden = !message;
    box.classList.toggle("is-error", Boolean(retry));
    box.textContent = message || "";
    if (retry) {
      const button = document.createElement("button");
      button.className = "tool";
      button.textContent = G.text("retry");
      button.onclick = () => { G.notice(null); retry(); };
      box.append(" ", button);
    }
  };

  // ------------------------------------------------------------ state <-> hash
  const plain = (value) => encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%2C/g, ",");
  // Layers that are on when an address names none; an address with an empty «on» has them all off.
  const shownAtFirst = Object.keys(config.layers)
    .filter((id) => config.layers[id].shown && ["clusters", "points", "tiles"].includes(config.layers[id].kind));
  G.writeHash = () => {
    const s = G.state;
    const parts = [];
    if (s.unit) parts.push(["unit", s.unit]);
    if (s.via !== "today") parts.push(["via", s.via]);
    if (s.theme !== config.defaultTheme) parts.push(["theme", s.theme]);
    if (s.show !== "stations") parts.push(["show", s.show]);
    if (s.t) parts.push(["t", s.t]);
    if (s.on.join() !== shownAtFirst.join()) parts.push(["on", s.on.join(",")]);
    if (s.station) parts.push(["station", s.station]);
    if (s.look !== "light") parts.push(["look", s.look]);
    if (s.v) parts.push(["v", s.v]);
    return parts.length ? "#" + parts.map(([name, value]) => `${name}=${plain(value)}`).join("&") : "";
  };
  G.readHash = () => {
    const values = Object.fromEntries(
      location.hash.replace(/^#/, "").split("&").filter(Boolean).map((part) => {
        const cut = part.indexOf("=");
        return [part.slice(0, cut), decodeURIComponent(part.slice(cut + 1))];
      }),
    );
    return {
      unit: values.unit || null,
      via: values.via === "former" ? "former" : "today",
      theme: values.theme in config.themes ? values.theme : config.defaultTheme,
      show: ["surface", "units"].includes(values.show) ? values.show : "stations",
      t: values.t || null,
      on: "on" in values ? values.on.split(",").filter((name) => name in config.layers) : [...shownAtFirst],
      station: values.station || null,
      look: values.look || (window.geoiocKiosk || {}).look || localStorage.getItem("geoioc.look") || "light",
      v: values.v || null,
    };
  };
  let resting = null;
  const address = () => location.pathname + location.search + G.writeHash();
  // Changes worth a step back in history are pushed; time and view only replace, and only at rest.
  G.remember = (push) => {
    clearTimeout(resting);
    if (push) return history.pushState(null, "", address());
    resting = setTimeout(() => history.replaceState(history.state, "", address()), 250);
  };
  G.update = (changes, { push = true } = {}) => {
    const before = { ...G.state };
    Object.assign(G.state, changes);
    if (push) history.replaceState(history.state, "", location.pathname + location.search + hashOf(before));
    G.remember(push);
    G.emit("state", { before, after: G.state });
    G.tellServer();
  };
  const hashOf = (state) => {
    const kept = G.state;
    G.state = state;
    const hash = G.writeHash();
    G.state = kept;
    return hash;
  };
  // What cards and charts depend on; a time step of an hourly theme never reaches the server.
  let told = "";
  let telling = null;
  G.tellServer = (wait = 0) => {
    clearTimeout(telling);
    telling = setTimeout(() => {
      const s = G.state;
      const step = (config.themes[s.theme] || {}).step;
      const data = {
        unit: s.unit, via: s.via, theme: s.theme, station: s.station, look: s.look,
        month: step === "month" && s.t && !G.playing ? s.t.slice(0, 7) : null,
      };
      const text = JSON.stringify(data);
      if (text === told || !document.getElementById("kpi")) return;
      told = text;
      window.dash_clientside.set_props("state", { data });
    }, wait);
  };
  window.addEventListener("popstate", () => {
    if (!G.map) return;
    const before = { ...G.state };
    Object.assign(G.state, G.readHash());
    G.emit("state", { before, after: G.state, restored: true });
    G.tellServer();
  });

  // ------------------------------------------------------------ light and dark
  G.applyLook = () => {
    document.documentElement.dataset.look = G.state.look;
    if (document.getElementById("station-look")) window.dash_clientside.set_props("station-look", { data: G.state.look });
  };
  Object.assign(G.state, G.readHash());
  document.documentElement.dataset.look = G.state.look;
  G.assets = new URL(".", document.currentScript.src).pathname;
  // What a theme cannot be shown as falls back to its badges.
  G.showing = () => {
    const theme = config.themes[G.state.theme] || {};
    return (G.state.show === "surface" && theme.surface) || (G.state.show === "units" && theme.means) ? G.state.show : "stations";
  };
  G.framesUrl = (via) => `/api/frames?theme=${encodeURIComponent(G.state.theme)}&via=${via}&lang=${config.lang}${G.showing() === "units" ? "&show=units" : ""}`;
  G.unitsUrl = `/api/units?lang=${config.lang}`;
  if (location.pathname === "/map") [G.unitsUrl, `${G.assets}map/vietnam.json`, G.framesUrl(G.state.unit ? "today" : G.state.via)].forEach(G.ahead);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#look-switch")) {
      const look = G.state.look === "dark" ? "light" : "dark";
      localStorage.setItem("geoioc.look", look);
      G.update({ look }, { push: false });
      G.applyLook();
    }
    const keep = event.target.closest("[data-keep-hash]");
    if (keep) keep.href = keep.href.split("#")[0] + location.hash;
  });

  // dcc.RadioItems says it is a list box whose options hold inputs, and cannot be named from Python. What it is: a
  // group of native radio buttons, named by the words of the field it stands in.
  new MutationObserver(() => {
    document.querySelectorAll(".field .choice").forEach((group) => {
      if (group.getAttribute("role") !== "radiogroup") group.setAttribute("role", "radiogroup");
      if (!group.hasAttribute("aria-label")) group.setAttribute("aria-label", group.closest(".field").firstElementChild.textContent);
      group.querySelectorAll("label").forEach((label) =>
        ["role", "aria-selected", "tabindex"].forEach((name) => label.hasAttribute(name) && label.removeAttribute(name)));
    });
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["role", "aria-selected"] });

  setInterval(() => {
    const clock = document.getElementById("clock-now");
    if (clock) clock.textContent = G.moment(new Date());
    if (document.querySelector("[data-retry]")) location.reload();
  }, 15e3);
})();
