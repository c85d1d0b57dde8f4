// Alerts: the number in the header, the inbox by keyboard and pointer, and the dialog in which something is done.
// Deeds go to /api/alerts/act and not through a callback: people must know whether they were stored.
(function () {
  "use strict";
  const G = window.geoioc;
  const A = (G.alerts = { refreshed: 0 });
  const setProps = (id, props) => window.dash_clientside && window.dash_clientside.set_props && window.dash_clientside.set_props(id, props);
  const page = () => document.querySelector(".alerts-page");
  const english = G.config.lang === "en" ? "?lang=en" : "";
  const clock = (date) => G.moment(date).slice(11);
  const send = (address, body) => fetch(`${address}${english}`, {
    method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body),
  });
  A.send = send;

  // ------------------------------------------------------------ the number in the header
  async function count() {
    const badge = document.getElementById("alerts-badge");
    if (!badge || document.hidden) return;
    try {
      const counts = await G.json("/api/alerts/count");
      badge.textContent = counts.total ? String(counts.total) : "";
      badge.classList.toggle("has-new", counts.new > 0);
      const words = G.text("alerts.badge", { n: counts.total, fresh: counts.new });
      badge.closest("a").title = words;
      badge.parentElement.querySelector(".visually-hidden").textContent = counts.total ? `(${words})` : "";
    } catch (error) {
      console.warn("geoioc alerts", error.message); // the pages themselves say that the server is away
    }
  }
  const headerComes = new MutationObserver(() => {
    const badge = document.getElementById("alerts-badge");
    if (badge && !badge.dataset.asked) { badge.dataset.asked = "true"; count(); }
  });
  headerComes.observe(document.documentElement, { childList: true, subtree: true });

  // ------------------------------------------------------------ who acts: the same name on every page of this browser
  const NAME = '_dash_persistence.person.value."geoioc"';
  A.name = () => {
    try { return String(JSON.parse(localStorage.getItem(NAME) || "[]")[0] || ""); } catch { return ""; }
  };
  A.keepName = (name) => localStorage.setItem(NAME, JSON.stringify([name]));

  // ------------------------------------------------------------ address, filters, the open alert
  let tick = 0;
  A.refresh = () => { tick += 1; setProps("alerts-tick", { data: tick }); };
  const number = () => Number((location.pathname.match(/^\/alerts\/(\d+)$/) || [])[1]) || null;
  function view() {
    const query = new URLSearchParams(location.search);
    const days = Number(query.get("days"));
    return {
      state: query.get("state") || "open", cause: query.get("cause"), severity: query.get("severity"),
      unit: query.get("unit"), station: query.get("station"), days: days || null,
    };
  }
  function narrow(changes) {
    G.writeQuery(changes);
    setProps("alerts-view", { data: view() });
    const narrowed = ["cause", "severity", "unit", "station", "days"].some((name) => view()[name]);
    const clear = document.querySelector(".alerts-clear");
    if (clear) clear.hidden = !narrowed;
  }
  A.open = (id, { push = true } = {}) => {
    if (push && number() !== id) history.pushState(null, "", `/alerts${id ? `/${id}` : ""}${location.search}${location.hash}`);
    page().dataset.open = id || "";
    setProps("alerts-open", { data: id });
    paint();
    if (id) wanted = id;
    else focusLine(id);
  };
  let wanted = null; // evidence that shall get the focus when it comes
  window.addEventListener("popstate", () => {
    if (!page()) return;
    A.open(number(), { push: false });
    setProps("alerts-view", { data: view() });
    document.querySelectorAll("[data-filter]").forEach((select) => { select.value = view()[select.dataset.filter] || ""; });
  });

  // ------------------------------------------------------------ lines: marked, chosen, folded; kept when the list is drawn again
  const marked = new Set();
  const folded = new Set(); // episodes somebody opened
  let at = null; // id of the line the keyboard is on
  const lines = () => [...document.querySelectorAll("#alerts-list li[data-alert]")];
  const open = (line) => { const fold = line.closest("details"); return !fold || fold.open; };
  const stops = () => [...document.querySelectorAll("#alerts-list summary, #alerts-list li[data-alert] > a")]
    .filter((stop) => stop.matches("summary") || open(stop.parentElement));
  const inside = (item) => (item.matches("[data-alert]") ? [item.dataset.alert]
    : [...item.querySelectorAll("li[data-alert]")].map((line) => line.dataset.alert));
  const keyOf = (stop) => (stop.matches("summary") ? `e${stop.parentElement.dataset.episode}` : stop.parentElement.dataset.alert);

  function paint() {
    const here = page();
    if (!here) return;
    document.querySelectorAll("#alerts-list details").forEach((fold) => {
      // Once for each element: its «toggle» comes later than the click, and a repaint in between would fold it again.
      if (fold.dataset.known === fold.dataset.episode) return;
      fold.dataset.known = fold.dataset.episode;
      fold.open = folded.has(fold.dataset.episode);
    });
    const present = new Set(lines().map((line) => line.dataset.alert));
    [...marked].forEach((id) => present.has(id) || marked.delete(id));
    const chosen = here.dataset.open;
    lines().forEach((line) => {
      set(line.querySelector(".mark"), "aria-checked", String(marked.has(line.dataset.alert)));
      set(line.querySelector("a"), "aria-current", line.dataset.alert === chosen ? "true" : null);
    });
    document.querySelectorAll("#alerts-list li.is-episode").forEach((group) => {
      const ids = inside(group);
      const some = ids.filter((id) => marked.has(id)).length;
      set(group.querySelector(".mark"), "aria-checked", some === ids.length ? "true" : some ? "mixed" : "false");
    });
    const fresh = lines().filter((line) => line.dataset.work === "new");
    const all = document.getElementById("alerts-mark-all");
    set(all, "aria-checked", marked.size ? (fresh.every((line) => marked.has(line.dataset.alert)) ? "true" : "mixed") : "false");
    const words = document.getElementById("alerts-marked");
    words.dataset.words = words.dataset.words || words.textContent;
    const said = marked.size ? G.text("alerts.marked", { n: marked.size }) : words.dataset.words;
    if (words.textContent !== said) words.textContent = said;
    document.getElementById("alerts-acknowledge-marked").disabled = !deed("acknowledge", [...marked]).length;
  }
  function set(element, name, value) {
    if (!element || element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  function focusLine(id) {
    const stop = stops().find((candidate) => keyOf(candidate) === String(id ?? at));
    if (stop) stop.focus();
  }
  function mark(ids, on) {
    ids.forEach((id) => (on ? marked.add(id) : marked.delete(id)));
    paint();
  }
  function move(by) {
    const all = stops();
    if (!all.length) return;
    const now = all.findIndex((stop) => keyOf(stop) === at);
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
    at = keyOf(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  const under = () => {
    const focus = document.activeElement;
    const summary = focus.closest("#alerts-list summary");
    if (summary) return inside(summary.parentElement);
    const line = focus.closest("#alerts-list li[data-alert]");
    if (line) return [line.dataset.alert];
    return page().dataset.open ? [page().dataset.open] : [];
  };

  // ------------------------------------------------------------ clicks and keys
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !page() || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const box = target.closest(".alerts-page .mark");
    if (box) {
      if (box.id === "alerts-mark-all") {
        const fresh = lines().filter((line) => line.dataset.work === "new").map((line) => line.dataset.alert);
        return mark(fresh, !fresh.every((id) => marked.has(id)));
      }
      const ids = inside(box.parentElement);
      return mark(ids, !ids.every((id) => marked.has(id)));
    }
    const tab = target.closest(".alerts-tab");
    if (tab) {
      event.preventDefault();
      document.querySelectorAll(".alerts-tab").forEach((other) => set(other, "aria-current", other === tab ? "true" : null));
      return narrow({ state: tab.dataset.state === "open" ? null : tab.dataset.state });
    }
    if (target.closest(".alerts-clear")) {
      event.preventDefault();
      document.querySelectorAll("[data-filter]").forEach((select) => { select.value = ""; });
      return narrow({ cause: null, severity: null, unit: null, station: null, days: null });
    }
    const line = target.closest("#alerts-list li[data-alert] > a, .alerts-detail [data-open]");
    if (line) {
      event.preventDefault();
      const id = line.dataset.open || line.parentElement.dataset.alert;
      if (!line.dataset.open) at = id;
      return A.open(Number(id));
    }
    if (target.closest(".evidence .back")) {
      event.preventDefault();
      return A.open(null);
    }
    const button = target.closest(".evidence [data-act]");
    if (button) return ask(button.dataset.act, [page().dataset.open]);
    if (target.closest("#alerts-acknowledge-marked")) return ask("acknowledge", [...marked]);
  });
  document.addEventListener("toggle", (event) => {
    const fold = event.target;
    if (!(fold instanceof HTMLDetailsElement) || !fold.dataset.episode) return;
    if (fold.open) folded.add(fold.dataset.episode);
    else folded.delete(fold.dataset.episode);
  }, true);
  document.addEventListener("focusin", (event) => {
    const stop = event.target.closest && event.target.closest("#alerts-list summary, #alerts-list li[data-alert] > a");
    if (stop) at = keyOf(stop);
  });
  document.addEventListener("change", (event) => {
    const select = event.target.closest("[data-filter]");
    if (select && page()) narrow({ [select.dataset.filter]: select.value });
  });
  document.addEventListener("keydown", (event) => {
    if (!page() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, .js-plotly-plot")) return;
    const inList = !event.target.closest(".alerts-detail");
    if (event.key === "j" || (event.key === "ArrowDown" && inList)) { event.preventDefault(); move(1); }
    else if (event.key === "k" || (event.key === "ArrowUp" && inList)) { event.preventDefault(); move(-1); }
    else if (event.key === "x") { const ids = under(); mark(ids, !ids.every((id) => marked.has(id))); }
    else if (event.key === "a") { event.preventDefault(); ask("acknowledge", marked.size ? [...marked] : under()); }
    else if (event.key === "n") { event.preventDefault(); ask("note", under().slice(0, 1)); }
    else if (event.key === "Escape" && page().dataset.open) A.open(null);
  });

  // ------------------------------------------------------------ what the server drew: lines again, evidence to focus
  let due = false;
  new MutationObserver(() => {
    if (due || !page()) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      if (!page()) return;
      const said = document.getElementById("alerts-refreshed");
      if (said && said.textContent !== A.said) { A.said = said.textContent; A.refreshed = Date.now(); }
      const lost = document.activeElement === document.body && at;
      paint();
      if (lost && document.activeElement === document.body && !wanted) focusLine(at);
      const shown = document.querySelector(".evidence");
      if (wanted && shown && shown.dataset.alert === String(wanted)) {
        wanted = null;
        const title = document.getElementById("evidence-title");
        if (title) title.focus({ preventScroll: true });
        document.getElementById("alerts-detail").scrollTop = 0;
        if (matchMedia("(max-width: 1000px)").matches) window.scrollTo(0, 0);
      }
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  // ------------------------------------------------------------ every minute; a server that is away is said, not hidden
  const MINUTE = 60e3;
  let asked = 0;
  A.minute = async () => {
    if (document.hidden) return;
    count();
    if (!page()) return;
    asked = Date.now();
    try {
      await G.json("/api/alerts/count");
      A.refresh();
      A.refreshed = Date.now();
      notice(null);
    } catch (error) {
      notice(G.text("alerts.offline", { time: clock(new Date(A.refreshed || asked)) }));
    }
  };
  setInterval(A.minute, MINUTE);
  document.addEventListener("visibilitychange", () => document.hidden || Date.now() - asked < MINUTE || A.minute());
  function notice(words) {
    let box = document.getElementById("alerts-offline");
    if (!words) return box && box.remove();
    if (!box) {
      box = document.createElement("p");
      box.id = "alerts-offline";
      box.className = "is-error";
      document.getElementById("alerts-notice").before(box);
    }
    box.setAttribute("role", "alert");
    box.textContent = words;
  }

  // ------------------------------------------------------------ the dialog of a deed
  const ALLOWED = { acknowledge: ["new"], close: ["new", "acknowledged"], reopen: ["closed"], note: ["new", "acknowledged", "closed"] };
  const subject = (id) => document.querySelector(`.evidence[data-alert="${id}"], #alerts-list li[data-alert="${id}"]`);
  const deed = (action, ids) => ids.filter((id) => { const found = subject(id); return found && ALLOWED[action].includes(found.dataset.work); });
  let dialog = null;
  let task = null; // {action, alerts: {id: newest event somebody saw}}
  function build() {
    dialog = document.createElement("dialog");
    dialog.id = "act";
    dialog.setAttribute("aria-labelledby", "act-title");
    dialog.innerHTML = `<form method="dialog" novalidate><h2 id="act-title"></h2><ul id="act-what"></ul>
      <label class="act-field"><span>${G.text("act.name")}</span><input id="act-name" autocomplete="name" maxlength="100" required></label>
      <label class="act-field"><span id="act-note-label"></span><textarea id="act-note" rows="3" maxlength="2000"></textarea></label>
      <p id="act-problem" role="alert"></p>
      <div class="act-buttons"><button type="button" class="tool" id="act-cancel">${G.text("act.cancel")}</button>
      <button type="submit" class="tool primary" id="act-go"></button></div></form>`;
    document.body.append(dialog);
    dialog.querySelector("#act-cancel").onclick = () => dialog.close();
    dialog.querySelector("form").onsubmit = (event) => { event.preventDefault(); go(); };
    dialog.querySelector("#act-note").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); go(); }
    });
  }
  const part = (name) => dialog.querySelector(`#act-${name}`);
  function ask(action, ids) {
    const able = deed(action, ids);
    if (!able.length) return;
    if (!dialog) build();
    const same = task && task.action === action && Object.keys(task.alerts).join() === able.join();
    task = { action, alerts: Object.fromEntries(able.map((id) => [id, Number(subject(id).dataset.seen)])) };
    const title = G.text(`act.${action}`);
    part("title").textContent = able.length > 1 ? G.text("act.many", { action: title, n: able.length }) : title;
    const names = able.map((id) => subject(id).dataset.name);
    part("what").replaceChildren(...[...names.slice(0, 4), ...(names.length > 4 ? [`+ ${names.length - 4}`] : [])].map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }));
    part("name").value = A.name();
    if (!same) part("note").value = ""; // what was written for the same deed and not stored is still there
    const free = action === "acknowledge";
    part("note-label").textContent = free ? `${G.text("act.notes")} (${G.text("act.optional")})` : G.text(action === "close" ? "act.reason" : "act.notes");
    part("note").required = !free;
    part("go").textContent = title;
    part("go").disabled = false;
    problem(null);
    dialog.showModal();
    (A.name() ? part("note") : part("name")).focus();
  }
  function problem(words) {
    part("problem").textContent = words || "";
  }
  async function go() {
    const name = part("name").value.trim();
    const note = part("note").value.trim();
    if (!name) { problem(G.text("act.needName")); return part("name").focus(); }
    if (task.action !== "acknowledge" && !note) { problem(G.text("act.needNote")); return part("note").focus(); }
    A.keepName(name);
    const words = part("go").textContent;
    part("go").disabled = true;
    part("go").textContent = G.text("act.saving");
    problem(null);
    const saving = Object.keys(task.alerts).map(subject).filter(Boolean);
    saving.forEach((line) => line.classList.add("is-saving"));
    try {
      const response = await send("/api/alerts/act", { action: task.action, alerts: task.alerts, name, note });
      const answer = await response.json();
      (answer.done || []).forEach((id) => { delete task.alerts[id]; marked.delete(String(id)); });
      if (response.ok) return settled(answer.done.length);
      (answer.refused || []).forEach((one) => { if ("seen" in one) task.alerts[one.id] = one.seen; });
      problem(explain(answer));
      if (!stillPossible(answer)) asNote(note);
      A.refresh();
    } catch (error) {
      problem(G.text("act.failed"));
    } finally {
      if (part("go").textContent === G.text("act.saving")) part("go").textContent = words;
      part("go").disabled = false;
      saving.forEach((line) => line.classList.remove("is-saving"));
    }
  }
  // A colleague has done it already: what was written can still be stored, as a remark.
  const stillPossible = (answer) => !(answer.refused || []).length
    || answer.refused.some((one) => !one.state || ALLOWED[task.action].includes(one.state));
  function asNote(note) {
    task.action = "note";
    part("title").textContent = G.text("act.note");
    part("note-label").textContent = G.text("act.notes");
    part("go").textContent = G.text("act.note");
    if (!note) part("note").focus();
  }
  function explain(answer) {
    const refused = answer.refused || [];
    const reasons = [...new Set(refused.map((one) => one.message))].slice(0, 3);
    if (!refused.length) return answer.message || G.text("act.failed");
    const stored = answer.done.length ? [G.text(`act.done.${task.action}`, { n: answer.done.length })] : [];
    const next = part("note").value.trim() ? [G.text(stillPossible(answer) ? "act.again" : "act.asNote")] : [];
    return [...stored, ...reasons, ...next].join(" ");
  }
  function settled(n) {
    const words = G.text(`act.done.${task.action}`, { n });
    task = null;
    part("note").value = "";
    dialog.close();
    toast(words);
    A.refresh();
    count();
  }
  function toast(words) {
    let box = document.getElementById("toast");
    if (!box) {
      box = document.createElement("div");
      box.id = "toast";
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    box.textContent = words;
    box.classList.add("shown");
    clearTimeout(box.waiting);
    box.waiting = setTimeout(() => box.classList.remove("shown"), 4000);
  }
  A.toast = toast;
})();
