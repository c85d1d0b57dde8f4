// The wall: turns through views in two frames of the same site, watches the server and the view on screen, and says in
// red when what it shows is old. Everything it holds is made anew with each view, so that it runs for weeks.
(function () {
  "use strict";
  const config = JSON.parse(document.getElementById("wall-config").textContent);
  const HEARTBEAT = 4000; // ms between questions to the server
  const WAIT = 8000; // an answer that takes longer is none
  const TICK = 250;
  const FADE = 1300;
  const LEAD = 12; // seconds before its turn at which a view begins to load
  const PATIENCE = 30; // seconds a view may take to be ready
  const SIGN = 20000; // ms between signs of life to the server
  const TOUCHED = 120; // seconds a view stays when somebody touches it
  const DAILY = 4; // hour of the day at which the wall loads itself anew

  const by = (id) => document.getElementById(id);
  const stage = by("stage");
  const text = (key, values) => (config.texts[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
  const two = (value) => String(value).padStart(2, "0");
  const local = (ms) => new Date(ms + 7 * 3600e3); // read with getUTC...: the province's time, whatever the computer's
  const hour = (ms) => `${two(local(ms).getUTCHours())}:${two(local(ms).getUTCMinutes())}`;
  const dayMonth = (ms) => `${two(local(ms).getUTCDate())}/${two(local(ms).getUTCMonth() + 1)}`;
  const age = (ms) => {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 60) return text("age.seconds", { n: seconds });
    if (seconds < 7200) return text("age.minutes", { n: Math.floor(seconds / 60) });
    return seconds < 172800 ? text("age.hours", { n: Math.floor(seconds / 3600) }) : text("age.days", { n: Math.floor(seconds / 86400) });
  };

  const now = () => Date.now();
  const W = (window.geoiocWall = {
    shown: null, coming: null, at: -1, paused: false, pausedUntil: null, since: now(), alarm: null, turns: 0,
    server: { ok: now(), reason: null, offset: 0, dataUntil: null, version: config.version, outdated: false },
    failed: {}, loadedAt: now(),
  });
  const serverNow = () => now() + W.server.offset;

  // ------------------------------------------------------------ frames
  const open = (index) => {
    const view = config.views[index];
    const frame = { index, view, opened: now(), beat: null, ready: false, failed: false, element: document.createElement("iframe") };
    frame.element.title = view.title;
    frame.element.src = view.src;
    stage.append(frame.element);
    return frame;
  };
  const close = (frame) => {
    if (!frame) return;
    frame.element.src = "about:blank"; // lets go of scripts and timers before the element goes
    frame.element.remove();
  };
  window.addEventListener("message", (event) => {
    if (event.origin !== location.origin || !event.data || !event.data.geoioc) return;
    const frame = [W.shown, W.coming].find((item) => item && item.element.contentWindow === event.source);
    if (!frame) return;
    const said = event.data;
    if (said.geoioc === "key") return key(said.key);
    if (said.geoioc === "touch") {
      if (frame === W.shown && !W.paused) W.pausedUntil = now() + TOUCHED * 1000;
      return;
    }
    if (said.geoioc !== "beat") return;
    frame.beat = now();
    frame.ready = frame.ready || (said.ready && !said.failed);
    frame.failed = said.failed;
  });

  const show = (frame) => {
    const before = W.shown;
    W.shown = frame;
    W.coming = null;
    W.at = frame.index;
    W.since = now();
    W.turns += 1;
    delete W.failed[frame.index];
    frame.element.classList.add("shown");
    if (before) {
      before.element.classList.remove("shown");
      before.element.classList.add("leaving");
      setTimeout(() => close(before), FADE);
    }
    by("title").textContent = frame.view.title;
    by("note").hidden = !Object.keys(W.failed).length;
    drawDots();
  };
  const next = (step) => (W.at + step + config.views.length) % config.views.length;
  const turn = (index) => {
    if (W.coming) close(W.coming);
    W.coming = open(index);
  };
  const drawDots = () => {
    const dots = by("dots");
    if (config.views.length < 2) return;
    dots.replaceChildren(...config.views.map((_, index) => {
      const dot = document.createElement("li");
      dot.className = index === W.at ? "on" : index in W.failed ? "out" : "";
      return dot;
    }));
  };

  // ------------------------------------------------------------ keyboard
  const key = (name) => {
    if (name === " ") { W.paused = !W.paused; W.pausedUntil = null; if (!W.paused) W.since = now(); }
    if (name === "ArrowRight") { turn(next(1)); W.since = 0; }
    if (name === "ArrowLeft") { turn(next(-1)); W.since = 0; }
  };
  document.addEventListener("keydown", (event) => {
    if (![" ", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    key(event.key);
  });

  // ------------------------------------------------------------ the server
  const ask = async () => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT);
    try {
      const answer = await fetch("/api/heartbeat", { cache: "no-store", signal: stop.signal });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.reason || "server");
      W.server.ok = now();
      W.server.reason = null;
      W.server.offset = Date.parse(said.time) - now();
      W.server.dataUntil = said.dataUntil ? Date.parse(said.dataUntil) : null;
      W.server.outdated = said.version !== config.version;
    } catch (error) {
      W.server.reason = error.message === "database" ? "database" : "server";
    } finally {
      clearTimeout(timer);
      setTimeout(ask, HEARTBEAT);
    }
  };
  const sign = async () => {
    if (config.name) {
      const body = { state: W.alarm ? "alarm" : "ok", view: W.shown ? W.shown.view.title : "", reason: W.alarm ? text(`reason.${W.alarm.reason}`) : "" };
      await fetch(`/api/kiosk-beat?name=${encodeURIComponent(config.name)}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      }).catch(() => {}); // the heartbeat tells of a server that is away
    }
    setTimeout(sign, SIGN);
  };

  // ------------------------------------------------------------ is what is on screen alive?
  const judge = () => {
    const quiet = config.silent * 1000;
    if (document.hidden) return null; // nobody sees it, and browsers slow hidden pages down
    if (now() - W.server.ok > quiet) return { reason: W.server.reason || "server", since: W.server.ok };
    if (!W.shown) return now() - W.loadedAt > (PATIENCE + config.silent) * 1000 ? { reason: "views", since: W.loadedAt } : null;
    const heard = W.shown.beat || W.shown.opened;
    if (now() - heard > quiet) return { reason: "view", since: heard };
    if (W.shown.failed && now() - W.since > quiet) return { reason: "view", since: W.since };
    if (W.alarm && !W.alarm.fresh) return W.alarm; // the picture is still the old one
    return null;
  };
  const alarm = (found) => {
    if (found && !W.alarm) W.alarm = { ...found, fresh: false };
    if (!found) W.alarm = null;
    if (W.alarm && found) W.alarm.reason = found.reason;
    by("alarm").hidden = !W.alarm;
    by("old").hidden = !W.alarm || !W.shown;
    stage.classList.toggle("is-old", Boolean(W.alarm));
    if (!W.alarm) return;
    by("alarm-text").textContent = text("frozen", { at: hour(W.alarm.since + W.server.offset), age: age(now() - W.alarm.since) });
    by("alarm-reason").textContent = `${text(`reason.${W.alarm.reason}`)} ${text("again")}`;
  };

  // ------------------------------------------------------------ turning
  const step = () => {
    const answering = now() - W.server.ok < HEARTBEAT + WAIT && !W.server.reason;
    alarm(judge());
    if (!answering) { // the last picture stays; what was loading would show an error
      if (W.coming) { close(W.coming); W.coming = null; }
      return;
    }
    if (W.pausedUntil && now() > W.pausedUntil) { W.pausedUntil = null; W.since = now(); }
    const resting = W.paused || W.pausedUntil !== null;
    if (W.alarm && !W.coming) turn(Math.max(W.at, 0)); // the same view again, fresh
    if (!W.shown && !W.coming) turn(next(1));
    const left = W.shown ? W.shown.view.seconds * 1000 - (now() - W.since) : 0;
    if (!W.coming && !resting && left < LEAD * 1000) turn(next(1));
    if (!W.coming) return;
    const due = W.alarm || !W.shown || (left <= 0 && !resting) || W.since === 0;
    if (due && W.coming.ready) {
      if (W.alarm) W.alarm.fresh = true;
      if (!W.alarm && renew()) return;
      return show(W.coming);
    }
    if (now() - W.coming.opened > PATIENCE * 1000 && !W.coming.ready) skip();
  };
  const skip = () => {
    const index = W.coming.index;
    W.failed[index] = true;
    close(W.coming);
    W.coming = null;
    by("note").hidden = false;
    by("note").textContent = text("skipped", { view: Object.keys(W.failed).map((name) => config.views[name].title).join(", ") });
    drawDots();
    const after = (index + 1) % config.views.length;
    if (Object.keys(W.failed).length >= config.views.length) W.failed = {};
    turn(W.alarm ? Math.max(W.at, 0) : after === W.at && config.views.length > 1 ? (after + 1) % config.views.length : after);
  };
  // A new version, or a day old: the wall loads itself anew, only while the server answers.
  const renew = () => {
    const old = now() - W.loadedAt > 3600e3 && local(serverNow()).getUTCHours() === DAILY;
    if (!W.server.outdated && !old && now() - W.loadedAt < 26 * 3600e3) return false;
    if (W.renewing) return true;
    W.renewing = true;
    location.reload();
    return true;
  };

  // ------------------------------------------------------------ clocks
  const draw = () => {
    const at = local(serverNow());
    by("clock").textContent = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
    by("date").textContent = `${text(`weekday.${(at.getUTCDay() + 6) % 7}`)}, ${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
    const until = W.server.dataUntil;
    by("data-clock").textContent = until ? `${hour(until)} ${dayMonth(until)}` : text("no_data");
    const late = until !== null && serverNow() - until > 3 * 3600e3;
    by("data").classList.toggle("is-late", late);
    by("data-late").hidden = !late;
    if (late) by("data-late").textContent = text("late", { age: age(serverNow() - until) });
    by("paused").hidden = !(W.paused || W.pausedUntil);
    const share = W.shown ? Math.min(1, (now() - W.since) / (W.shown.view.seconds * 1000)) : 0;
    if (!W.paused && !W.pausedUntil) by("progress").style.transform = `scaleX(${share})`;
  };
  // The dead man's switch: as long as this script runs it is wound up again every two seconds.
  let wound = 0;
  const wind = () => {
    if (now() - wound < 2000) return;
    wound = now();
    const switchOff = by("deadman");
    switchOff.style.setProperty("--patience", `${config.silent + 5}s`);
    switchOff.className = switchOff.className === "a" ? "b" : "a";
    by("deadman-time").textContent = hour(serverNow());
  };

  setInterval(() => { step(); draw(); wind(); }, TICK);
  ask();
  sign();
  draw();
})();
