// Overview: cards of the indicators, linked charts as SVG, lists and what needs attention.
(function () {
  "use strict";
  const G = window.geoioc;
  const O = G.overview;
  const E = O.svg;
  const H = G.escape;
  const SIGN = { g: "good", b: "bad", n: "neutral" };

  // ------------------------------------------------------------ cards
  let cards = [];
  O.drawCards = () => {
    const place = document.getElementById("ov-cards");
    cards = O.unit.cards.map(build);
    const more = document.createElement("button");
    more.type = "button";
    more.className = "tool small ov-more";
    more.textContent = O.state.all ? O.text("less") : O.text("more", { n: O.unit.more });
    more.onclick = () => O.go({ all: !O.state.all }, { push: false });
    const words = [];
    if (!cards.length && O.unit.lacking) words.push(paragraph(O.text("empty", { agencies: O.unit.senders }), "state-words"));
    else if (!cards.length) words.push(paragraph(O.text("choose"), "state-words"));
    if (O.unit.lacking) {
      const details = document.createElement("details");
      details.className = "ov-lacking";
      details.innerHTML = `<summary>${O.text("noData")}</summary><p class="muted">${H(O.unit.lacking)}</p>`;
      words.push(details);
    }
    place.replaceChildren(...cards.map((card) => card.element), ...(O.unit.more || O.state.all ? [more] : []), ...words);
    document.getElementById("ov-kpi-title").textContent = O.unit.title;
    document.getElementById("main").classList.toggle("is-empty", !cards.length);
  };
  const paragraph = (words, name) => Object.assign(document.createElement("p"), { textContent: words, className: name });
  function build(item) {
    const element = document.createElement("article");
    element.className = "ov-card";
    element.dataset.code = item.code;
    element.innerHTML = `<button type="button" class="ov-card-name" aria-pressed="${item.code === O.card.code}" title="${H([item.formula, item.basis, item.agency].filter(Boolean).join(" · "))}">${H(item.title)}</button>`
      + `<div class="ov-card-main"><span class="ov-value"></span><span class="ov-unit">${H(item.unit)}</span>${spark(item)}</div>`
      + '<p class="ov-change"></p><div class="ov-plan"></div><p class="ov-outlook"></p><p class="ov-foot"></p>';
    const part = (name) => element.querySelector(`.ov-${name}`);
    const parts = { value: part("value"), change: part("change"), plan: part("plan"), outlook: part("outlook"), foot: part("foot"), dot: element.querySelector(".ov-spark-dot") };
    return { item, element, parts };
  }
  const SPARK = [96, 28];
  function place(values) {
    const known = values.filter((value) => value !== null);
    const low = Math.min(...known), span = Math.max(...known) - low || 1;
    return (value, index) => [3 + (index * (SPARK[0] - 6)) / Math.max(1, values.length - 1), SPARK[1] - 4 - ((value - low) / span) * (SPARK[1] - 8)];
  }
  function spark(item) {
    if (item.values.filter((value) => value !== null).length < 2) return "";
    const at = place(item.values);
    let pen = "M";
    const path = item.values.map((value, index) => {
      if (value === null) { pen = "M"; return ""; }
      const [x, y] = at(value, index);
      const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
      return part;
    }).join("");
    return `<svg class="ov-spark" viewBox="0 0 ${SPARK[0]} ${SPARK[1]}" aria-hidden="true"><path d="${path}"/><circle class="ov-spark-dot" r="2.8"/></svg>`;
  }
  const months = (iso) => Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7));
  const HELD = { month: 1, quarter: 3, year: 12 };
  O.periodWord = (iso, period) => {
    if (period === "year") return `${G.text("year")} ${iso.slice(0, 4)}`;
    if (period === "quarter") return `${O.text("quarter", { n: ["I", "II", "III", "IV"][Math.floor((Number(iso.slice(5, 7)) - 1) / 3)] })}/${iso.slice(0, 4)}`;
    return `${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
  };
  O.stepCards = () => {
    const i = O.index;
    cards.forEach(({ item, parts, element }) => {
      const value = item.value[i];
      element.classList.toggle("is-missing", value === null);
      parts.value.textContent = value === null ? O.text("noData") : G.number(value, item.decimals);
      parts.change.innerHTML = value === null ? "" : change(item, i);
      parts.plan.innerHTML = value === null ? "" : plan(item, i);
      parts.outlook.innerHTML = value === null ? "" : outlook(item, i);
      parts.foot.innerHTML = value === null ? "" : foot(item, i);
      if (parts.dot) {
        const own = item.of[i] === null ? -1 : O.at.indexOf(item.of[i]);
        const shown = own >= 0 && item.values[own] !== null;
        parts.dot.style.display = shown ? "" : "none";
        if (shown) {
          const [x, y] = place(item.values)(item.values[own], own);
          parts.dot.setAttribute("cx", x.toFixed(1));
          parts.dot.setAttribute("cy", y.toFixed(1));
        }
      }
    });
    if (!document.getElementById("ov-kpi-table").hidden) cardTable();
  };
  function change(item, i) {
    const difference = item.change[i];
    if (difference === null) return `<span class="muted">${H(item.why[item.whyChange[i]] || O.text("missing"))}</span>`;
    const judged = SIGN[item.good[i]] || "neutral";
    const arrow = difference > 0 ? "▲" : difference < 0 ? "▼" : "■";
    return `<span class="is-${judged}">${arrow} ${O.number(difference, "change", item)}</span> ${O.text("onPeriod")}`
      + (item.direction === "neutral" ? "" : ` <span class="is-${judged}">(${O.text(judged)})</span>`);
  }
  function plan(item, i) {
    const percent = item.percent[i];
    if (percent === null) return `<span class="muted">${H(sentence(item.why[item.whyPlan[i]]) || O.text("noPlan"))}</span>`;
    return `<span class="plan-bar" aria-hidden="true"><span style="width:${Math.min(100, percent).toFixed(1)}%"></span></span>`
      + `<b>${G.number(percent, 1)}%</b> ${O.text("ofPlan")}`;
  }
  const sentence = (words) => (words ? words[0].toUpperCase() + words.slice(1) : words);
  // A projection is shown from the month on up to which it knew the figures.
  const projection = (item, i) => {
    const row = item.outlook;
    return row && O.at[i].slice(0, 4) === String(row.year) && O.at[i] >= row.known ? row : null;
  };
  function outlook(item, i) {
    const row = projection(item, i);
    if (!row || row.q50 === null) return "";
    const range = O.text("range", { a: G.number(row.q10, item.decimals), b: G.number(row.q90, item.decimals) });
    const chance = row.chance === null ? "" : `, ${O.text("chance", { n: G.number(row.chance * 100, 0) })}`;
    return `<span title="${range}">${O.text("outlook")} <b>${G.number(row.q50, item.decimals)}</b><span class="visually-hidden"> (${range})</span>${chance}</span>`;
  }
  function foot(item, i) {
    const of = item.of[i];
    const marks = [`<span>${O.periodWord(of, item.period)}</span>`, `<span class="chip chip-${{ e: "estimate", p: "preliminary", o: "official" }[item.state[i]]}">${O.text(item.state[i])}</span>`];
    const late = months(O.at[i]) - months(of) - HELD[item.period] + 1;
    if (late > 0) marks.push(`<span class="chip chip-old">${O.text("late", { n: late })}</span>`);
    const own = O.at.indexOf(of), base = own - 12;
    const method = own >= 0 ? item.methods[own] : "o";
    if (O.methodWord(method)) marks.push(chip("chip-derived", `≈ ${O.text("rebuilt")}`, O.methodWord(method)));
    else if (item.change[i] !== null && base >= 0 && O.methodWord(item.methods[base])) marks.push(chip("chip-derived", `≈ ${O.text("base")}`, O.methodWord(item.methods[base])));
    const odd = item.unusual.find((row) => row.period === of);
    if (odd) {
      const words = `${O.text("unusualWhy", { a: G.number(odd.low, item.decimals), b: G.number(odd.high, item.decimals) })}; ${O.text(odd.kind)}`;
      marks.push(chip("ov-odd", `⚠ ${O.text("unusual")}`, words));
    }
    return marks.join(" ");
  }
  const chip = (name, words, more) => `<span class="chip ${name}" title="${H(more)}">${H(words)}<span class="visually-hidden">: ${H(more)}</span></span>`;
  function cardTable() {
    const i = O.index;
    const head = [O.text("indicator"), O.text("byValue"), O.text("byChange"), O.text("byPlan"), O.text("sum"), O.text("period"), O.text("state")];
    O.table("ov-cards-twin", O.unit.title, head, O.unit.cards.map((item) => [
      H(`${item.title} (${item.unit})`), O.number(item.value[i], "value", item), O.number(item.change[i], "change", item),
      item.percent[i] === null ? H(item.why[item.whyPlan[i]] || O.text("noPlan")) : O.number(item.percent[i], "plan", item),
      O.number(item.sum[i], "value", item), item.of[i] ? O.periodWord(item.of[i], item.period) : O.text("missing"), O.stateWord(item.state[i]),
    ]), [1, 2, 3, 4], O.unit.cards.map((item) => item.code));
  }

  // ------------------------------------------------------------ charts
  function frame(place, height, widest = 0, decimals = 0) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    place.replaceChildren(); // what was drawn before must not decide the height
    const wide = Math.max(160, place.clientWidth), tall = Math.max(rem * height, place.clientHeight || 0);
    const small = rem * 0.6875;
    const digits = G.number(Math.round(widest), widest < 10 ? Math.min(decimals, 2) : 0).length;
    const pad = { left: small * (1 + 0.62 * Math.max(3, digits)), right: small * 0.8, top: small * 0.7, bottom: small * 1.6 };
    const svg = E("svg", { class: "ov-plot", width: wide, height: tall, viewBox: `0 0 ${wide} ${tall}`, role: "img", "font-size": small });
    return { svg, wide, tall, pad, small, inner: [wide - pad.left - pad.right, tall - pad.top - pad.bottom] };
  }
  function axes(plot, low, high, decimals, zero) {
    if (zero && low > 0 && low < 0.5 * high) low = 0;
    const span = high - low || Math.abs(high) * 0.1 || 1;
    [low, high] = [low === 0 ? 0 : low - span * 0.06, high + span * 0.08];
    const raw = (high - low) / 4, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw);
    const y = (value) => plot.pad.top + plot.inner[1] * (1 - (value - low) / (high - low));
    const digits = step >= 1 ? (step % 1 ? 1 : 0) : Math.min(3, -Math.floor(Math.log10(step)) + (step / power === 2.5 ? 1 : 0));
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      plot.svg.append(E("line", { class: "ov-gridline", x1: plot.pad.left, x2: plot.wide - plot.pad.right, y1: y(tick), y2: y(tick) }));
      plot.svg.append(E("text", { class: "ov-tick", x: plot.pad.left - plot.small * 0.4, y: y(tick) + plot.small * 0.35, "text-anchor": "end" }, G.number(tick, digits)));
    }
    return y;
  }
  const line = (points) => {
    let pen = "M";
    return points.map((point) => {
      if (!point) { pen = "M"; return ""; }
      const part = `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
      pen = "L";
      return part;
    }).join("");
  };
  const key = (entries) => `<ul class="ov-key">${entries.map(([name, words]) => `<li><span class="ov-mark ${name}" aria-hidden="true"></span>${H(words)}</li>`).join("")}</ul>`;
  const addMonths = (iso, count) => {
    const number = months(iso) - 1 + count;
    return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
  };
  let cursor = null;
  function drawSeries() {
    const place = document.getElementById("ov-series");
    const item = O.card;
    cursor = null;
    if (!item) { place.replaceChildren(); return; }
    const every = [...item.values, ...item.forecast.map((row) => row[3])].filter((value) => value !== null);
    const plot = frame(place, 7.25, Math.max(...every.map(Math.abs)) * 1.1, item.decimals);
    const last = item.forecast.length ? item.forecast[item.forecast.length - 1][0] : O.at[O.at.length - 1];
    const count = Math.max(O.at.length, months(last) - months(O.at[0]) + 1);
    const x = (iso) => plot.pad.left + (plot.inner[0] * (months(iso) - months(O.at[0]))) / Math.max(1, count - 1);
    const known = [...item.values, ...item.forecast.flatMap((row) => row.slice(1)), ...item.unusual.flatMap((row) => [row.low, row.high])].filter((value) => value !== null);
    const y = axes(plot, Math.min(...known), Math.max(...known), item.decimals, item.how === "sum");
    O.at.forEach((iso) => {
      if (!iso.endsWith("-01")) return;
      plot.svg.append(E("line", { class: "ov-year", x1: x(iso), x2: x(iso), y1: plot.pad.top, y2: plot.tall - plot.pad.bottom }));
      plot.svg.append(E("text", { class: "ov-tick", x: x(iso) + 2, y: plot.tall - plot.small * 0.4 }, iso.slice(0, 4)));
    });
    const held = item.period !== "month"; // a figure of a quarter is one point, joined to the next
    const points = O.at.map((iso, index) => (item.values[index] === null ? null : [x(iso), y(item.values[index])]));
    const before = O.at.map((iso, index) => (index < 12 || item.values[index - 12] === null ? null : [x(iso), y(item.values[index - 12])]));
    const joined = (list) => line(held ? list.filter(Boolean) : list);
    plot.svg.append(E("path", { class: "ov-before", d: joined(before) }));
    if (item.forecast.length) {
      const newest = item.values.reduce((found, value, index) => (value === null ? found : index), -1);
      const start = newest < 0 ? [] : [[O.at[newest], item.values[newest], item.values[newest], item.values[newest]]];
      const rows = [...start, ...item.forecast];
      plot.svg.append(E("path", { class: "ov-fan", d: `${line(rows.map((row) => [x(row[0]), y(row[3])]))}${line([...rows].reverse().map((row) => [x(row[0]), y(row[1])])).replace("M", "L")}Z` }));
      plot.svg.append(E("path", { class: "ov-ahead", d: line(rows.map((row) => [x(row[0]), y(row[2])])) }));
    }
    plot.svg.append(E("path", { class: "ov-line", d: joined(points) }));
    item.unusual.forEach((row) => {
      const at = x(row.period);
      plot.svg.append(E("line", { class: "ov-band", x1: at, x2: at, y1: y(row.low), y2: y(row.high) }));
      plot.svg.append(E("circle", { class: "ov-odd-dot", cx: at, cy: y(row.value), r: plot.small * 0.4 }));
    });
    cursor = { x, y, line: E("line", { class: "ov-now", y1: plot.pad.top, y2: plot.tall - plot.pad.bottom }), dot: E("circle", { class: "ov-now-dot", r: plot.small * 0.36 }) };
    plot.svg.append(cursor.line, cursor.dot);
    plot.svg.setAttribute("aria-label", `${item.title}, ${O.unit.title}`);
    place.replaceChildren(plot.svg);
    const entries = [["is-line", O.text("actual", { unit: item.unit })], ["is-before", O.text("onPeriod")]];
    if (item.forecast.length) entries.push(["is-ahead", O.text("forecast")], ["is-fan", O.text("band")]);
    if (item.unusual.length) entries.push(["is-odd", O.text("unusual")], ["is-band", O.text("expected")]);
    place.insertAdjacentHTML("beforeend", key(entries));
  }
  function seriesTable() {
    const item = O.card;
    if (!item) return;
    const ahead = Object.fromEntries(item.forecast.map((row) => [row[0], row]));
    const every = [...O.at, ...item.forecast.map((row) => row[0])];
    O.table("ov-series-twin", item.title, [O.text("period"), `${item.title} (${item.unit})`, O.text("onPeriod"), O.text("state")], every.map((iso, index) => [
      O.periodWord(iso, "month"),
      iso in ahead && index >= O.at.length ? `${G.number(ahead[iso][2], item.decimals)} (${G.number(ahead[iso][1], item.decimals)} – ${G.number(ahead[iso][3], item.decimals)})` : O.number(item.values[index], "value", item),
      index < O.at.length && item.of[index] === iso ? O.number(item.change[index], "change", item) : O.text("missing"),
      index >= O.at.length ? O.text("forecast") : O.stateWord(item.states[index]),
    ]).reverse(), [1, 2]);
  }
  function drawSum() {
    const place = document.getElementById("ov-sum");
    const item = O.card;
    const month = O.at[O.index];
    if (!item || !month) { place.replaceChildren(); return; }
    const year = month.slice(0, 4), before = String(Number(year) - 1);
    const of = (which, until) => Array.from({ length: 12 }, (_, index) => {
      const iso = `${which}-${String(index + 1).padStart(2, "0")}`;
      const at = O.at.indexOf(iso);
      return at < 0 || at > until || item.of[at] !== iso ? null : item.sum[at];
    });
    const now = of(year, O.index), then = of(before, O.at.length);
    const plan = item.plan[O.index];
    const ends = projection(item, O.index);
    const known = [...now, ...then, plan, ends && ends.q10, ends && ends.q90].filter((value) => value !== null && value !== undefined);
    if (!known.length) { place.replaceChildren(paragraph(O.text("noSum"), "muted")); return; }
    const plot = frame(place, 6.5, Math.max(...known.map(Math.abs)) * 1.1, item.decimals);
    const y = axes(plot, item.how === "sum" ? 0 : Math.min(...known), Math.max(...known), item.decimals, item.how === "sum");
    const x = (index) => plot.pad.left + (plot.inner[0] * (index + 0.5)) / 12;
    for (let index = 0; index < 12; index += 1) plot.svg.append(E("text", { class: "ov-tick", x: x(index), y: plot.tall - plot.small * 0.4, "text-anchor": "middle" }, String(index + 1)));
    const wide = (plot.inner[0] / 12) * 0.62;
    const floor = plot.tall - plot.pad.bottom;
    if (item.how === "sum") now.forEach((value, index) => value !== null && plot.svg.append(E("rect", { class: "ov-bar", x: x(index) - wide / 2, width: wide, y: y(value), height: Math.max(0, floor - y(value)) })));
    else plot.svg.append(E("path", { class: "ov-line", d: line(now.map((value, index) => (value === null ? null : [x(index), y(value)]))) }));
    plot.svg.append(E("path", { class: "ov-before", d: line(then.map((value, index) => (value === null ? null : [x(index), y(value)]))) }));
    if (plan !== null) {
      plot.svg.append(E("line", { class: "ov-planned", x1: plot.pad.left, x2: plot.wide - plot.pad.right, y1: y(plan), y2: y(plan) }));
      plot.svg.append(E("text", { class: "ov-planned-word", x: plot.pad.left + 3, y: y(plan) - 3 }, `${O.text("plan")} ${G.number(plan, item.decimals)}`));
    }
    if (ends && ends.q50 !== null) {
      plot.svg.append(E("line", { class: "ov-ends", x1: x(11), x2: x(11), y1: y(ends.q10), y2: y(ends.q90) }));
      plot.svg.append(E("circle", { class: "ov-ends-dot", cx: x(11), cy: y(ends.q50), r: plot.small * 0.4 }));
    }
    plot.svg.setAttribute("aria-label", `${O.text("sum")}: ${item.title}, ${year}`);
    const entries = [[item.how === "sum" ? "is-bar" : "is-line", O.text("thisYear", { n: year })], ["is-before", O.text("lastYear", { n: before })]];
    if (ends && ends.q50 !== null) entries.push(["is-ends", O.text("outlook")]);
    place.replaceChildren(plot.svg);
    if (plan === null) place.append(paragraph(O.text("noPlan"), "muted small-text"));
    place.insertAdjacentHTML("beforeend", key(entries));
    if (!document.getElementById("ov-sum-panel-table").hidden) {
      O.table("ov-sum-twin", O.text("sum"), [G.text("month"), O.text("thisYear", { n: year }), O.text("lastYear", { n: before })],
        now.map((value, index) => [String(index + 1), O.number(value, "value", item), O.number(then[index], "value", item)]), [1, 2]);
    }
  }
  const MINI = 12;
  function drawSmall() {
    const place = document.getElementById("ov-small");
    const view = O.view();
    const panel = document.getElementById("ov-small-panel");
    panel.hidden = !O.card || view.units.length < 2;
    if (panel.hidden) { place.replaceChildren(); return; }
    const ranked = O.ranked().map((row) => row.unit);
    const shown = ranked.length > MINI ? [...ranked.slice(0, MINI / 2), ...ranked.slice(-MINI / 2)] : ranked;
    const frames = O.frames;
    place.innerHTML = shown.map((unit) => {
      const c = frames.keys.indexOf(unit.key);
      const values = frames.matrix.value.map((row) => row[c]);
      const known = values.filter((value) => value !== null);
      if (known.length < 2) return "";
      const at = placeIn(values, known);
      const newest = values.reduce((found, value, index) => (value === null ? found : index), 0);
      return `<button type="button" class="ov-mini" data-ov-unit="${unit.key}"><span>${H(unit.name)}</span>`
        + `<svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true"><path d="${line(values.map((value, index) => (value === null ? null : at(value, index))))}"/></svg>`
        + `<b>${G.number(values[newest], frames.decimals)}</b></button>`;
    }).join("");
    const rows = shown.map((unit) => {
      const c = frames.keys.indexOf(unit.key);
      return [H(unit.title), ...frames.times.slice(-13).map((_, index, list) => O.number(frames.matrix.value[frames.times.length - list.length + index][c], "value", frames))];
    });
    O.table("ov-small-twin", O.text("indicator"), [O.text("unit"), ...frames.times.slice(-13).map((iso) => O.periodWord(iso, "month"))], rows, frames.times.slice(-13).map((_, index) => index + 1));
  }
  const placeIn = (values, known) => {
    const low = Math.min(...known), span = Math.max(...known) - low || 1;
    return (value, index) => [1 + (98 * index) / Math.max(1, values.length - 1), 28 - (26 * (value - low)) / span];
  };

  // ------------------------------------------------------------ exceptions and lists
  function drawExceptions() {
    const rows = O.unit.exceptions;
    document.getElementById("ov-exceptions").innerHTML = rows.length
      ? `<ol class="ov-attention">${rows.map((row) => `<li class="is-${row.severity}"><a href="${H(row.url)}"><span class="chip sev sev-${row.severity}">${H(row.severityWord)}</span> ${H(row.words)}</a>`
        + `<small class="muted">${H(row.place)} · ${H(row.since)}${row.who ? ` · ${H(row.who)}` : ""}</small></li>`).join("")}</ol>`
      : `<p class="muted">${O.text("noExceptions")}</p>`;
  }
  const english = G.config.lang === "en" ? "?lang=en" : "";
  const LISTS = {
    features: (list) => classes(list) + under(list),
    cameras: (list) => classes(list) + under(list),
    stations: (list) => (list.rows.length ? `<ul class="ov-list">${list.rows.map((row) => `<li><a href="${H(row.url)}${english}">${H(row.label)}</a> <span class="index-badge" style="background:${row.colour};color:${row.ink}">${row.value} <i>${row.letter}</i></span><small class="muted">${H(row.note)}</small></li>`).join("")}</ul>` : "") + note(list),
    alerts: (list) => (list.rows.length ? `<ul class="ov-list">${list.rows.map((row) => `<li><a href="${H(row.url)}${english}">${H(row.label)}</a><small class="muted">${H(row.note)}</small></li>`).join("")}</ul>` : "") + note(list),
    feedback: note,
    ask: (list) => `<form action="/ask" class="ov-ask">${english ? '<input type="hidden" name="lang" value="en">' : ""}<label class="visually-hidden" for="ov-question">${O.text("askLabel")}</label>`
      + `<input id="ov-question" name="q" class="text-field" placeholder="${H(O.text("askHint"))}"><button class="tool primary">${O.text("ask")}</button></form>`
      + `<ul class="ov-examples">${list.rows.map((row) => `<li><a class="tool small" href="/ask?q=${encodeURIComponent(row.label)}${english ? "&lang=en" : ""}">${H(row.label)}</a></li>`).join("")}</ul>`,
  };
  function note(list) {
    return [list.sentence, list.note].filter(Boolean).map((words) => `<p class="muted">${H(words)}</p>`).join("");
  }
  function classes(list) {
    if (!list.rows.length) return note(list);
    const most = Math.max(...list.rows.map((row) => row.value));
    return `<p>${O.text("total", { n: `<b>${G.number(list.total, 0)}</b>` })}</p><ul class="ov-classes">${list.rows.map((row) => `<li><span>${H(row.label)}</span><span class="ov-rank-bar"><i style="width:${((100 * row.value) / most).toFixed(1)}%;background:${row.colour || "var(--accent)"}"></i></span><b>${G.number(row.value, 0)}</b></li>`).join("")}</ul>`;
  }
  function under(list) {
    if (!list.units || !list.units.length) return "";
    return `<details><summary>${O.text("unit")}</summary><table class="table"><thead><tr><th scope="col">${O.text("unit")}</th><th scope="col" class="number">${O.text("count")}</th></tr></thead><tbody>`
      + `${list.units.map((row) => `<tr><th scope="row"><button type="button" class="link" data-ov-unit="${row.key}">${H(row.label)}</button></th><td class="number">${G.number(row.value, 0)}</td></tr>`).join("")}</tbody></table></details>`;
  }
  function drawLists() {
    const holder = document.getElementById("ov-lists");
    const mark = `<span class="panel-clock panel-clock-none" title="${H(holder.dataset.titleMark)}"><span aria-hidden="true">▪</span><span class="visually-hidden">${H(holder.dataset.titleMark)}</span></span>`;
    holder.innerHTML = O.unit.lists.map((list) => `<section class="card leader-panel ov-list-panel" data-kind="${list.kind}" data-time="none"><div class="panel-head"><h3 class="panel-title">${H(list.title)}</h3>${mark}</div>`
      + `<div class="panel-body">${LISTS[list.kind](list)}${list.link && list.kind !== "ask" ? `<p><a href="${list.link}${english}">${O.text("open")}</a></p>` : ""}</div></section>`).join("");
  }

  // ------------------------------------------------------------ all of it
  O.drawPanels = () => {
    drawExceptions();
    drawLists();
    drawSeries();
    drawSmall();
    document.getElementById("ov-sum-panel").hidden = !O.card;
    document.getElementById("ov-series-panel").hidden = !O.card;
    document.getElementById("ov-rank-panel").hidden = !O.card;
    if (O.card) document.getElementById("ov-series-panel-title").textContent = O.card.title;
    if (!document.getElementById("ov-series-panel-table").hidden) seriesTable();
  };
  O.stepPanels = () => {
    drawSum();
    if (!cursor || !O.at[O.index]) return;
    const month = O.at[O.index];
    const value = O.card.values[O.index];
    cursor.line.setAttribute("x1", cursor.x(month));
    cursor.line.setAttribute("x2", cursor.x(month));
    cursor.dot.style.display = value === null ? "none" : "";
    if (value !== null) {
      cursor.dot.setAttribute("cx", cursor.x(month));
      cursor.dot.setAttribute("cy", cursor.y(value));
    }
  };
  O.listenPanels = () => {
    document.getElementById("ov-cards").addEventListener("click", (event) => {
      const card = event.target.closest(".ov-card");
      if (card) O.go({ code: card.dataset.code }, { push: false });
    });
    document.getElementById("ov-kpi").addEventListener("twin", (event) => event.detail && cardTable());
    document.getElementById("ov-series-panel").addEventListener("twin", (event) => event.detail && seriesTable());
    document.getElementById("ov-sum-panel").addEventListener("twin", () => drawSum());
    let wide = 0;
    new ResizeObserver(() => {
      const now = document.getElementById("ov-right").clientWidth;
      if (!O.unit || Math.abs(now - wide) < 4) return;
      wide = now;
      drawSeries();
      O.stepPanels();
    }).observe(document.getElementById("ov-right"));
  };
})();
