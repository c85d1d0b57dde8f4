"use strict";
/* Copy buttons, page size, the language kept from page to page, and the small charts of series. */
(() => {
  const { base, language } = document.body.dataset;
  const asked = new URLSearchParams(location.search).get("lang");

  if (asked) {
    document.querySelectorAll(`a[href^="${base}"]`).forEach((link) => {
      const url = new URL(link.href);
      if (url.searchParams.has("lang") || (url.searchParams.get("f") || "html") !== "html") return;
      url.searchParams.set("lang", language);
      link.href = url.href;
    });
  }

  /* The clipboard of browsers works on https only; inside an office network the older way is needed. */
  async function copy(text, from) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    getSelection().selectAllChildren(from);
    document.execCommand("copy");
    return undefined;
  }

  document.querySelectorAll("[data-copy]").forEach((button) => {
    const name = button.textContent;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      await copy(code.textContent, code);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  });

  document.querySelectorAll("[data-limit]").forEach((select) => {
    const query = new URLSearchParams(location.search);
    const size = query.get("limit") || select.dataset.limit;
    if ( ![...select.options].some((option) => option.value === size)) select.add(new Option(Number(size).toLocaleString(language), size));
    select.value = size;
    select.addEventListener("change", () => {
      query.set("limit", select.value);
      query.delete("after");
      query.delete("offset");
      location.search = query.toString();
    });
  });

  function moment(text) {
    const options = { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
    const part = Object.fromEntries(new Intl.DateTimeFormat("en-GB", options).formatToParts(new Date(text)).map((item) => [item.type, item.value]));
    return `${part.day}/${part.month}/${part.year} ${part.hour}:${part.minute}`;
  }

  document.querySelectorAll("[data-chart]").forEach((place) => {
    const { times, values, decimals } = JSON.parse(place.nextElementSibling.textContent);
    const good = values.filter((value) => value !== null);
    if (!good.length) { place.textContent = "–"; return; }
    const [low, high] = [Math.min(...good), Math.max(...good)];
    const [width, height] = [1000, 150];
    const x = (index) => (times.length > 1 ? (index * width) / (times.length - 1) : width / 2).toFixed(1);
    const y = (value) => (height - 8 - ((value - low) * (height - 16)) / (high - low || 1)).toFixed(1);
    let path = "";
    let open = false;
    values.forEach((value, index) => {
      if (value === null) { open = false; return; }
      path += `${open ? "L" : "M"}${x(index)} ${y(value)}${open ? "" : "h.1"}`;
      open = true;
    });
    const number = (value) => value.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    place.innerHTML = `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><path d="${path}" fill="none" stroke="#0b6e99" stroke-width="1.6" stroke-linecap="round" vector-effect="non-scaling-stroke"/></svg>
      <p><span>${moment(times[0])}</span><span>${number(low)} – ${number(high)}</span><span>${moment(times[times.length - 1])}</span></p>`;
  });
})();
