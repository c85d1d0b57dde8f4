// The one time bar: availability strip, now line, hatched forecast, playback. A step costs no request.
(function () {
  "use strict";
  const G = window.geoioc;
  const T = (G.time = { index: 0 });
  let bar = null;

  T.build = () => {
    const holder = document.getElementById("timebar");
    holder.innerHTML = `
      <div class="tb-buttons">
        <button class="tool" data-tb="back" aria-label="${G.text("back")}" title="${G.text("back")}">‹</button>
        <button class="tool play" data-tb="play" aria-label="${G.text("play")}" title="${G.text("play")}">▶</button>
        <button class="tool" data-tb="forward" aria-label="${G.text("forward")}" title="${G.text("forward")}">›</button>
        <button class="tool" data-tb="latest" title="${G.text("latest")}">${G.text("now")}</button>
      </div>
      <div class="tb-track">
        <canvas class="tb-strip" role="img" aria-label="${G.text("availability")}"></canvas>
        <input type="range" id="time-slider" min="0" max="0" value="0" step="1" aria-label="${G.text("time")}">
        <div class="tb-ticks" aria-hidden="true"></div>
      </div>
      <output class="tb-label" id="time-label" for="time-slider"></output>`;
    bar = {
      slider: holder.querySelector("#time-slider"), label: holder.querySelector(".tb-label"),
      strip: holder.querySelector(".tb-strip"), ticks: holder.querySelector(".tb-ticks"), play: holder.querySelector(".play"),
    };
    bar.slider.addEventListener("input", () => { T.pause(); T.go(Number(bar.slider.value)); });
    holder.addEventListener("click", (event) => {
      const name = event.target.closest("[data-tb]")?.dataset.tb;
      if (name === "back") { T.pause(); T.go(T.index - 1); }
      if (name === "forward") { T.pause(); T.go(T.index + 1); }
      if (name === "latest") { T.pause(); T.go(G.frames ? G.frames.start : 0); }
      if (name === "play") G.playing ? T.pause() : T.play();
    });
    new ResizeObserver(() => T.draw()).observe(bar.strip);
  };

  // Keeps the moment when the theme changes; otherwise starts at the newest step with data.
  T.setFrames = (frames) => {
    bar.slider.max = frames.times.length - 1;
    const kept = T.find(G.state.t);
    T.index = -1;
    T.draw();
    ticks();
    T.go(kept === null ? frames.start : kept, { rest: false });
  };
  T.find = (iso) => {
    const frames = G.frames;
    if (!iso || !frames) return null;
    const width = frames.step === "hour" ? 16 : frames.step === "day" ? 10 : frames.step === "month" ? 7 : 4;
    const found = frames.times.findIndex((time) => time.slice(0, width) === iso.slice(0, width));
    return found < 0 ? null : found;
  };
  T.go = (index, { rest = true } = {}) => {
    const frames = G.frames;
    if (!frames) return;
    const next = Math.max(0, Math.min(frames.times.length - 1, index));
    if (next === T.index) return;
    T.index = next;
    G.stats.steps += 1;
    bar.slider.value = next;
    const label = G.timeLabel(frames.times[next], frames.step);
    bar.slider.setAttribute("aria-valuetext", label + (next > frames.now ? ` (${G.text("forecast")})` : ""));
    bar.label.innerHTML = `<b>${label}</b>${next > frames.now ? `<span class="chip chip-forecast">${G.text("forecast")}</span>` : ""}`;
    G.setFrame(next);
    if (rest) {
      G.state.t = next === frames.start ? null : frames.step === "hour" ? frames.times[next].slice(0, 16) + "Z" : frames.times[next];
      if (!G.playing) { G.remember(false); G.tellServer(500); }
    }
  };

  // Every frame is shown, ten a second: a slow machine plays slower, it never skips.
  T.play = () => {
    const frames = G.frames;
    if (!frames) return;
    if (T.index >= frames.times.length - 1) T.go(0);
    G.playing = { from: T.index, shown: 0 };
    mark(true);
    let due = performance.now() + 100;
    const tick = (now) => {
      if (!G.playing) return;
      if (now >= due) {
        due = Math.max(due + 100, now + 16);
        T.go(T.index + 1);
        G.playing.shown += 1;
        if (T.index >= G.frames.times.length - 1) return T.pause();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  };
  T.pause = () => {
    if (!G.playing) return;
    G.lastPlay = { shown: G.playing.shown, expected: T.index - G.playing.from };
    G.playing = null;
    mark(false);
    G.remember(false);
    G.tellServer(100);
  };
  function mark(playing) {
    bar.play.textContent = playing ? "❚❚" : "▶";
    bar.play.title = G.text(playing ? "pause" : "play");
    bar.play.setAttribute("aria-label", bar.play.title);
    bar.play.setAttribute("aria-pressed", String(playing));
  }

  T.draw = () => {
    const frames = G.frames;
    if (!frames || !bar) return;
    const { strip } = bar;
    const ratio = devicePixelRatio || 1;
    const width = strip.clientWidth, height = strip.clientHeight;
    strip.width = width * ratio;
    strip.height = height * ratio;
    const pen = strip.getContext("2d");
    pen.scale(ratio, ratio);
    const css = getComputedStyle(document.documentElement);
    const n = frames.times.length;
    const inset = 8; // half the slider's thumb: the ends of both tracks meet
    const at = (index) => inset + ((width - 2 * inset) * index) / Math.max(1, n - 1);
    const step = (width - 2 * inset) / Math.max(1, n - 1);
    pen.fillStyle = css.getPropertyValue("--track");
    pen.fillRect(0, 0, width, height);
    frames.counts.forEach((count, index) => {
      if (!count) return;
      pen.fillStyle = css.getPropertyValue(index > frames.now ? "--forecast" : "--accent");
      pen.globalAlpha = 0.25 + 0.6 * count;
      const tall = Math.max(2, height * count);
      pen.fillRect(at(index) - step / 2, height - tall, Math.max(1, step - 0.5), tall);
    });
    pen.globalAlpha = 1;
    const edge = at(frames.now) + step / 2;
    if (frames.now < n - 1) {
      pen.save();
      pen.beginPath();
      pen.rect(edge, 0, width - edge, height);
      pen.clip();
      pen.strokeStyle = css.getPropertyValue("--hatch");
      pen.lineWidth = 1.4;
      for (let x = edge - height; x < width; x += 6) {
        pen.beginPath();
        pen.moveTo(x, height);
        pen.lineTo(x + height, 0);
        pen.stroke();
      }
      pen.restore();
      pen.fillStyle = css.getPropertyValue("--now");
      pen.fillRect(edge - 1, 0, 2, height);
    }
  };
  function ticks() {
    const frames = G.frames;
    const n = frames.times.length;
    const marks = [];
    const shown = { hour: 1, month: 1, day: 5, year: 1 }[frames.step];
    frames.times.forEach((time, index) => {
      let word = null;
      if (frames.step === "hour") {
        const at = G.local(new Date(time));
        if (at.getUTCHours() === 0) word = `${String(at.getUTCDate()).padStart(2, "0")}/${String(at.getUTCMonth() + 1).padStart(2, "0")}`;
      } else if (frames.step === "month") word = time.slice(5, 7) === "01" ? time.slice(0, 4) : null;
      else if (frames.step === "day") word = index % shown === 0 ? time.slice(8, 10) + "/" + time.slice(5, 7) : null;
      else word = time.slice(0, 4);
      if (word) marks.push(`<span style="left:calc(8px + (100% - 16px) * ${(index / Math.max(1, n - 1)).toFixed(4)})">${word}</span>`);
    });
    if (frames.now < n - 1)
      marks.push(`<span class="tick-now" style="left:calc(8px + (100% - 16px) * ${(frames.now / (n - 1)).toFixed(4)})">${G.text(frames.live === false ? "lastData" : "now")}</span>`);
    bar.ticks.innerHTML = marks.join("");
  }
})();
