// Rules of alerts: the form in which staff make or change one, with its sentence and its trial while they write.
(function () {
  "use strict";
  const G = window.geoioc;
  const A = G.alerts;
  const english = G.config.lang === "en" ? "?lang=en" : "";
  const setProps = (id, props) => window.dash_clientside && window.dash_clientside.set_props && window.dash_clientside.set_props(id, props);
  const here = () => document.querySelector(".rules-page");
  const TITLE = english ? "title_en" : "title_vi";
  let tick = 0;
  const refresh = () => { tick += 1; setProps("alert-rules-tick", { data: tick }); };
  let offered = null; // what the form may offer, asked once
  let rule = null; // the rule that is changed; null: a new one
  let dialog = null;
  const part = (name) => dialog.querySelector(`[name="${name}"]`);
  const option = ([value, words]) => `<option value="${G.escape(value)}">${G.escape(words)}</option>`;

  // Which fields a kind has.
  const FIELDS = {
    threshold: ["parameter", "threshold", "mean_hours", "for_hours"],
    limit: ["parameter", "for_hours"],
    index: ["level", "for_hours"],
    instrument: ["parameter", "threshold", "signs"],
    forecast: ["parameter", "threshold", "quantile"],
    anomaly: ["parameter", "threshold", "for_hours"],
  };
  const ANY = { limit: "anyParameter", instrument: "wholeStation" }; // kinds that need no parameter
  const FIXED = ["layer_id", "kind", "parameter", "feature_key", "signs", "title"]; // of a layer file's rule

  function build() {
    dialog = document.createElement("dialog");
    dialog.id = "rule-form";
    dialog.setAttribute("aria-labelledby", "rule-heading");
    const field = (name, key, control, extra = "") => `<label class="act-field" data-field="${name}" ${extra}><span>${G.text(`rule.${key}`)}</span>${control}</label>`;
    const select = (name) => `<select name="${name}"></select>`;
    const number = (name) => `<input name="${name}" inputmode="decimal" autocomplete="off">`;
    const group = (name, key) => `<fieldset class="act-field act-group" data-field="${name}"><legend>${G.text(`rule.${key}`)}</legend><div></div></fieldset>`;
    dialog.innerHTML = `<form method="dialog" novalidate><h2 id="rule-heading"></h2><p class="muted" id="rule-note"></p>
      <div class="rule-fields">${field("layer_id", "layer", select("layer_id"))}${field("kind", "kind", select("kind"))}
      ${field("parameter", "parameter", select("parameter"))}${field("threshold", "threshold", number("threshold"))}
      ${field("level", "level", select("level"))}${field("mean_hours", "mean", number("mean_hours"))}
      ${field("for_hours", "for", number("for_hours"))}${field("quantile", "quantile", select("quantile"))}
      ${field("feature_key", "station", select("feature_key"))}${field("severity", "severity", select("severity"))}</div>
      ${group("signs", "signs")}${group("channels", "channels")}
      ${field("title", "title", '<input name="title" maxlength="200">')}
      <p id="rule-sentence" role="status"></p><p class="muted" id="rule-trial" role="status"></p>
      <label class="act-field"><span>${G.text("act.name")}</span><input name="name" autocomplete="name" maxlength="100"></label>
      <p class="problem" role="alert"></p><div class="act-buttons">
      <button type="button" class="tool" id="rule-restore">${G.text("rule.restore")}</button><span class="spring"></span>
      <button type="button" class="tool" id="rule-cancel">${G.text("act.cancel")}</button>
      <button type="submit" class="tool primary">${G.text("rule.save")}</button></div></form>`;
    document.body.append(dialog);
    dialog.querySelector("#rule-cancel").onclick = () => dialog.close();
    dialog.querySelector("#rule-restore").onclick = () => save(`/api/alert-rules/${rule.id}/restore`, {}, "rule.restored");
    dialog.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      save("/api/alert-rules/save", { ...written(), id: rule ? rule.id : null }, "rule.saved");
    };
    dialog.addEventListener("input", (event) => {
      if (event.target.name === "layer_id") fillLayer();
      if (["kind", "layer_id", "parameter"].includes(event.target.name)) fit();
      if (event.target.name !== "name") attempt();
    });
  }
  const boxes = (name, entries) => {
    dialog.querySelector(`[data-field="${name}"] div`).innerHTML = entries
      .map(([value, words]) => `<label><input type="checkbox" name="${name}" value="${G.escape(value)}"> ${G.escape(words)}</label>`).join("");
  };
  const ticked = (name) => [...dialog.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
  const tickAll = (name, values) => dialog.querySelectorAll(`input[name="${name}"]`).forEach((box) => { box.checked = values.includes(box.value); });
  const layer = () => offered.layers.find((one) => one.id === part("layer_id").value);

  function fillLayer() {
    const one = layer();
    part("parameter").innerHTML = option(["", ""]) + one.parameters.map((item) => option([item.name, item.title])).join("");
    part("level").innerHTML = one.levels.map(option).join("");
    part("feature_key").innerHTML = option(["", G.text("rule.everywhere")]) + one.stations.map(option).join("");
    if (one.levels.length > 3) part("level").value = one.levels[3][0];
  }
  function fit() {
    const kind = part("kind").value;
    const wanted = [...FIELDS[kind], "layer_id", "kind", "feature_key", "severity", "channels", "title"];
    dialog.querySelectorAll("[data-field]").forEach((field) => { field.hidden = !wanted.includes(field.dataset.field); });
    part("parameter").options[0].textContent = ANY[kind] ? G.text(`rule.${ANY[kind]}`) : "…";
    const item = layer().parameters.find((one) => one.name === part("parameter").value);
    const words = { instrument: "silence", anomaly: "score", forecast: "forecastBound" }[kind] || "threshold";
    const unit = item && item.unit && ["threshold", "forecast"].includes(kind) ? ` (${item.unit})` : "";
    dialog.querySelector('[data-field="threshold"] span').textContent = G.text(`rule.${words}`) + unit;
  }
  function written() {
    const kind = part("kind").value;
    const has = (name) => FIELDS[kind].includes(name);
    return {
      layer_id: part("layer_id").value, kind, severity: part("severity").value, feature_key: part("feature_key").value,
      parameter: has("parameter") ? part("parameter").value : "",
      threshold: has("level") ? part("level").value : has("threshold") ? part("threshold").value : "",
      mean_hours: has("mean_hours") ? part("mean_hours").value : rule ? rule.mean_hours : 1,
      for_hours: has("for_hours") ? part("for_hours").value : rule ? rule.for_hours : 1,
      quantile: has("quantile") ? part("quantile").value : "q50", signs: has("signs") ? ticked("signs") : [],
      channels: ticked("channels"), ...names(part("title").value.trim()),
    };
  }

  // A name is written in one language; the server makes the other from the rule's content.
  function names(title) {
    if (rule && title === rule[TITLE]) return { title_vi: rule.title_vi, title_en: rule.title_en };
    return { title_vi: "", title_en: "", [TITLE]: title };
  }

  // ------------------------------------------------------------ the sentence and the trial follow what is written
  let waiting = null;
  let asked = 0;
  function attempt() {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const sentence = dialog.querySelector("#rule-sentence");
      const trial = dialog.querySelector("#rule-trial");
      try {
        const response = await A.send("/api/alert-rules/try", written());
        const answer = await response.json();
        if (mine !== asked) return;
        sentence.textContent = answer.sentence || answer.problem || answer.message;
        sentence.classList.toggle("problem", !answer.sentence);
        trial.textContent = answer.preview || "";
      } catch (error) {
        if (mine === asked) { sentence.textContent = G.text("offline"); trial.textContent = ""; }
      }
    }, 400);
  }
  async function edit(id) {
    try {
      offered = offered || (await G.json(`/api/alert-rules/choices${english}`));
      rule = id ? await G.json(`/api/alert-rules/${id}${english}`) : null;
    } catch (error) {
      return A.toast(G.text("offline"));
    }
    if (!dialog) build();
    part("layer_id").innerHTML = offered.layers.map((one) => option([one.id, one.title])).join("");
    part("kind").innerHTML = offered.kinds.map(option).join("");
    part("severity").innerHTML = offered.severities.map(option).join("");
    part("quantile").innerHTML = offered.quantiles.map(option).join("");
    boxes("signs", offered.signs);
    boxes("channels", offered.channels);
    if (rule) part("layer_id").value = rule.layer_id;
    fillLayer();
    const plain = (value) => (value === null || value === undefined ? "" : String(value).replace(".", english ? "." : ","));
    const start = rule || { kind: "threshold", severity: "moderate", mean_hours: 1, for_hours: 3, channels: offered.channels.map(([name]) => name), signs: [], quantile: "q50" };
    ["kind", "severity", "quantile", "parameter", "feature_key"].forEach((name) => { part(name).value = start[name] || ""; });
    part("title").value = start[TITLE] || "";
    ["threshold", "mean_hours", "for_hours"].forEach((name) => { part(name).value = plain(start[name]); });
    if (rule && rule.kind === "index") part("level").value = rule.threshold;
    if (!rule) part("parameter").value = layer().parameters[0].name;
    tickAll("signs", start.signs);
    tickAll("channels", start.channels);
    const declared = Boolean(rule && rule.origin === "layer");
    dialog.querySelectorAll("input, select").forEach((control) => { control.disabled = declared && FIXED.includes(control.name); });
    dialog.querySelector("#rule-note").textContent = declared ? G.text("rule.layerNote") : "";
    dialog.querySelector("#rule-restore").hidden = !(declared && rule.overridden.length);
    dialog.querySelector("#rule-heading").textContent = G.text(rule ? "rule.edit" : "rule.new");
    dialog.querySelector(".problem[role=alert]").textContent = "";
    ["#rule-sentence", "#rule-trial"].forEach((name) => { dialog.querySelector(name).textContent = ""; });
    part("name").value = A.name();
    fit();
    dialog.showModal();
    attempt();
  }
  async function save(address, body, done) {
    const problem = dialog.querySelector(".problem[role=alert]");
    const name = part("name").value.trim();
    problem.textContent = "";
    if (!name) { problem.textContent = G.text("act.needName"); return part("name").focus(); }
    A.keepName(name);
    const button = dialog.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const response = await A.send(address, { ...body, name });
      const answer = await response.json();
      if (!response.ok) { problem.textContent = answer.message || G.text("act.failed"); return; }
      dialog.close();
      A.toast(G.text(done));
      refresh();
    } catch (error) {
      problem.textContent = G.text("act.failed");
    } finally {
      button.disabled = false;
    }
  }

  // ------------------------------------------------------------ on and off: asked once more, with a name
  let asking = null;
  function confirm(button) {
    const on = button.getAttribute("aria-checked") !== "true";
    if (!asking) {
      asking = document.createElement("dialog");
      asking.id = "rule-switch";
      asking.setAttribute("aria-labelledby", "rule-switch-title");
      asking.innerHTML = `<form method="dialog" novalidate><h2 id="rule-switch-title"></h2><p class="muted"></p>
        <label class="act-field"><span>${G.text("act.name")}</span><input autocomplete="name" maxlength="100"></label>
        <p class="problem" role="alert"></p><div class="act-buttons"><button type="button" class="tool">${G.text("act.cancel")}</button>
        <button type="submit" class="tool primary"></button></div></form>`;
      document.body.append(asking);
      asking.querySelector("[type=button]").onclick = () => asking.close();
    }
    const words = G.text(on ? "rule.switchOn" : "rule.switchOff");
    const problem = asking.querySelector(".problem");
    asking.querySelector("h2").textContent = words;
    asking.querySelector("p.muted").textContent = button.dataset.name;
    asking.querySelector("[type=submit]").textContent = words;
    asking.querySelector("input").value = A.name();
    problem.textContent = "";
    asking.querySelector("form").onsubmit = async (event) => {
      event.preventDefault();
      const name = asking.querySelector("input").value.trim();
      if (!name) { problem.textContent = G.text("act.needName"); return; }
      A.keepName(name);
      try {
        const response = await A.send(`/api/alert-rules/${button.dataset.switch}/enabled`, { enabled: on, name });
        const answer = await response.json();
        if (!response.ok) { problem.textContent = answer.message || G.text("act.failed"); return; }
        asking.close();
        A.toast(G.text("rule.switched"));
        refresh();
      } catch (error) {
        problem.textContent = G.text("act.failed");
      }
    };
    asking.showModal();
    asking.querySelector(A.name() ? "[type=submit]" : "input").focus();
  }
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !here()) return;
    if (target.closest("#rule-new")) return edit(null);
    const link = target.closest("[data-rule]");
    if (link) return edit(Number(link.dataset.rule));
    const button = target.closest("[data-switch]");
    if (button) return confirm(button);
  });
})();
