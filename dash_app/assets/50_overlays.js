// Point layers (clustered by dash-leaflet) and land layers (vector tiles, aggregates below their zoom).
(function () {
  "use strict";
  const G = window.geoioc;
  const colourOf = (layer, properties) => layer.codes[properties[layer.styleBy]]?.colour || layer.colour;

  // ------------------------------------------------------------ points: functions dash-leaflet calls by name
  G.points = {
    pointToLayer(feature, latlng, context) {
      const id = context.hideout.layer;
      const layer = G.config.layers[id];
      const title = feature.properties[layer.label] || feature.id || "";
      return L.marker(latlng, {
        title: `${layer.title}: ${title}`,
        icon: L.divIcon({
          className: "point-holder", iconSize: [18, 18],
          html: `<span class="point" style="--c:${colourOf(layer, feature.properties)}">${layer.icon}</span>`,
        }),
      });
    },
    clusterToLayer(feature, latlng, index, context) {
      const layer = G.config.layers[context.hideout.layer];
      const count = feature.properties.point_count;
      const size = count < 10 ? 28 : count < 100 ? 34 : 42;
      return L.marker(latlng, {
        title: `${layer.title}: ${G.number(count, 0)}`,
        icon: L.divIcon({
          className: "cluster-holder", iconSize: [size, size],
          html: `<span class="cluster" style="--c:${layer.colour}">${G.number(count, 0)}</span>`,
        }),
      });
    },
    onEachFeature(feature, marker, context) {
      if (feature.properties.cluster) return;
      marker.on("click", () => G.detail(context.hideout.layer, feature.id));
    },
  };

  // dash-leaflet never asks again for a source that failed. So the bridge fetches, says when that failed, tries again
  // when told to, and mounts the layer on what it has: a blob of this page.
  const fetched = {};
  async function fetchPoints(id) {
    const layer = G.config.layers[id];
    const since = new Date(Date.parse(G.today()) - layer.days * 864e5).toISOString().slice(0, 10);
    try {
      const answer = await G.json(layer.items + (layer.days ? `&datetime=${since}T00:00:00Z/..` : ""));
      fetched[id] = URL.createObjectURL(new Blob([JSON.stringify(answer)], { type: "application/json" }));
      if (!answer.features.length) G.notice(`${layer.title}: ${G.text("noData")}`);
    } catch (error) {
      delete fetched[id];
      console.warn("geoioc points", error.message);
      if (G.state.on.includes(id)) G.notice(`${G.text("layerFailed")}: ${layer.title}`, () => G.overlays.apply());
      return;
    }
    G.overlays.apply();
  }

  G.overlays = {
    apply() {
      const wanted = G.state.on.filter((id) => ["clusters", "points"].includes(G.config.layers[id].kind));
      wanted.filter((id) => !(id in fetched)).forEach((id) => { fetched[id] = null; fetchPoints(id); });
      const shown = Object.fromEntries(wanted.filter((id) => fetched[id]).map((id) => [id, fetched[id]]));
      const text = JSON.stringify(shown);
      if (text !== (G.overlays.told || "{}")) {
        G.overlays.told = text;
        window.dash_clientside.set_props("layers-shown", { data: shown });
      }
      if (G.overlays.named !== G.state.on.join()) {
        G.overlays.named = G.state.on.join();
        if (G.frames) G.legend();
      }
      document.querySelectorAll("[data-layer]").forEach((button) =>
        button.setAttribute("aria-checked", String(G.state.on.includes(button.dataset.layer))));
    },
    // Points: the colours of a code list, or the layer's one colour and sign.
    legend() {
      return G.state.on.filter((id) => ["clusters", "points"].includes(G.config.layers[id].kind)).map((id) => {
        const layer = G.config.layers[id];
        const point = (colour, words) =>
          `<li><span class="point sw-point" style="--c:${colour}">${layer.icon}</span>${G.escape(words)}</li>`;
        const codes = Object.values(layer.codes).filter((code) => code.colour);
        const rows = codes.length ? codes.map((code) => point(code.colour, code.title)) : [point(layer.colour, layer.title)];
        const head = codes.length ? `<b>${G.escape(layer.title)}</b>` : "";
        return `<div class="legend-land legend-points" data-legend="${id}">${head}<ul>${rows.join("")}</ul></div>`;
      }).join("");
    },
    toggle(id) {
      const on = G.state.on.includes(id) ? G.state.on.filter((other) => other !== id) : [...G.state.on, id];
      G.update({ on }, { push: false });
    },
  };

  // ------------------------------------------------------------ land
  const tiles = {};
  const summaries = {};
  let summaryLayer = null;
  let highlight = null;
  const active = () => G.state.on.filter((id) => G.config.layers[id].kind === "tiles");
  const detailZoom = (id) => Math.max(G.config.layers[id].minZoom, 10);

  function tileLayer(id) {
    const layer = G.config.layers[id];
    const seen = {};
    const fill = (zoom, feature) => {
      const code = feature.props[layer.styleBy];
      return (seen[code] = seen[code] || layer.codes[code]?.colour || "#d9d9d9");
    };
    const made = protomapsL.leafletLayer({
      url: `${G.config.ogc}/collections/${id}/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt`,
      paintRules: [{
        dataLayer: id,
        symbolizer: new protomapsL.PolygonSymbolizer({ fill, stroke: "#5b5348", width: 0.6, opacity: 0.85, perFeature: true }),
      }],
      labelRules: [], backgroundColor: "rgba(0,0,0,0)", maxDataZoom: 16, levelDiff: 1,
      minZoom: detailZoom(id), pane: "land", noWrap: true,
    });
    return made;
  }

  G.land = {
    apply() {
      Object.keys(tiles).filter((id) => !active().includes(id)).forEach((id) => { tiles[id].remove(); delete tiles[id]; });
      active().forEach((id) => { if (!tiles[id]) tiles[id] = tileLayer(id).addTo(G.map); });
      if (!active().length && highlight) { highlight.remove(); highlight = null; }
      G.land.zoomed();
    },
    // Below its zoom a land layer is the dominant class of each unit, computed ahead.
    zoomed() {
      const id = active().find((name) => G.map.getZoom() < detailZoom(name));
      if (!id) {
        if (summaryLayer) { summaryLayer.remove(); summaryLayer = null; if (G.frames) G.legend(); }
        return;
      }
      const via = G.units.via();
      const name = `${id}|${via}`;
      if (summaryLayer?.name === name) return;
      summaries[name] = summaries[name] || G.json(`/api/land?layer=${id}&via=${via}&lang=${G.config.lang}`);
      summaries[name].then(async (summary) => {
        const set = await G.units.set(summary.level, summary.asOf);
        if (active().find((other) => G.map.getZoom() < detailZoom(other)) !== id || G.units.via() !== via) return;
        if (summaryLayer) summaryLayer.remove();
        summaryLayer = L.geoJSON({ type: "FeatureCollection", features: set.features }, {
          interactive: false, pane: "land",
          style: (feature) => {
            const top = dominant(summary.units[feature.properties.key]);
            const colour = top && G.config.layers[id].codes[top[0]]?.colour;
            return { fillColor: colour || G.fills.missing(), fillOpacity: 1, color: "#7d7464", weight: 0.7 };
          },
        }).addTo(G.map);
        Object.assign(summaryLayer, { name, id, summary });
        G.legend();
      }).catch((error) => {
        delete summaries[name];
        console.warn("geoioc land", error.message);
        G.notice(G.text("layerFailed") + `: ${G.config.layers[id].title}`, () => G.land.zoomed());
      });
    },
    note(key) {
      const classes = summaryLayer?.summary.units[key];
      if (!classes) return null;
      const layer = G.config.layers[summaryLayer.id];
      const total = classes.reduce((sum, item) => sum + (item[2] || 0), 0);
      const count = classes.reduce((sum, item) => sum + item[1], 0);
      const lines = [...classes].sort((a, b) => (b[2] || 0) - (a[2] || 0)).slice(0, 3).map(([code, , area]) =>
        `${G.escape(layer.codes[code]?.title || code || "?")}: ${total ? G.number((100 * (area || 0)) / total, 1) : "0"}%`);
      return `<b>${G.escape(layer.title)}</b>: ${G.number(count, 0)} ${G.text("features")}<br>${lines.join("<br>")}`;
    },
    legend() {
      if (!active().length) return "";
      const id = summaryLayer?.id || active()[0];
      const layer = G.config.layers[id];
      let codes = Object.keys(layer.codes).filter((code) => layer.codes[code].colour);
      if (summaryLayer) {
        const present = new Set(Object.values(summaryLayer.summary.units).map((classes) => dominant(classes)?.[0]));
        codes = codes.filter((code) => present.has(code));
      } else if (summaries.codes?.[id]) codes = codes.filter((code) => summaries.codes[id].has(code));
      const rows = codes.slice(0, 14).map((code) =>
        `<li><span class="sw" style="background:${layer.codes[code].colour}"></span>${code} · ${G.escape(layer.codes[code].title)}</li>`);
      const note = summaryLayer
        ? `${G.text(codes.length ? "dominant" : "noSummary")}. ${G.text("landZoom", { zoom: detailZoom(id) })}` : "";
      return `<div class="legend-land"><b>${G.escape(layer.title)}</b><ul>${rows.join("")}</ul><p class="note">${note}</p></div>`;
    },
    // A click that meets a parcel opens it instead of drilling into the unit below.
    hit(event) {
      const id = active().find((name) => G.map.getZoom() >= detailZoom(name));
      if (!id) return false;
      const found = tiles[id].queryTileFeaturesDebug(event.latlng.lng, event.latlng.lat, 4);
      for (const features of found.values())
        for (const { feature } of features) {
          const key = feature.props.key ?? feature.props.id;
          if (key !== undefined) { G.detail(id, key); return true; }
        }
      return false;
    },
    highlight(feature) {
      if (highlight) highlight.remove();
      highlight = feature && feature.geometry && feature.geometry.type.includes("Polygon")
        ? L.geoJSON(feature, { interactive: false, pane: "outline", style: { color: "#d81b60", weight: 3, fill: false } }).addTo(G.map)
        : null;
    },
  };
  function dominant(classes) {
    if (!classes || !classes.length) return null;
    return classes.reduce((best, item) => ((item[2] ?? item[1]) > (best[2] ?? best[1]) ? item : best));
  }

  // ------------------------------------------------------------ one feature: attributes from the feed
  G.detail = async (id, key) => {
    const layer = G.config.layers[id];
    const body = document.getElementById("detail-body");
    G.ui.open("detail");
    document.querySelector("#drawer-detail h2").textContent = layer.title;
    body.textContent = G.text("searching").replace(/.*/, "…");
    try {
      const feature = await G.json(`${G.config.ogc}/collections/${id}/items/${encodeURIComponent(key)}?f=json`);
      const rows = layer.fields.map((field) => [field, feature.properties[field.name]])
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([field, value]) => `<div><dt>${G.escape(field.title)}</dt><dd>${G.escape(shown(field, value))}</dd></div>`);
      body.innerHTML = `<dl class="facts" data-feature="${G.escape(key)}">${rows.join("")}</dl>`;
      if (id === "feedback") body.insertAdjacentHTML("beforeend", `<p><a class="tool" href="/feedback/${encodeURIComponent(key)}${G.config.lang === "en" ? "?lang=en" : ""}">${G.text("desk.openCase")}</a></p>`);
      G.land.highlight(feature);
    } catch (error) {
      console.warn("geoioc detail", error.message);
      body.innerHTML = `<p class="state-error" role="alert">${G.text("notFound")}</p>`;
    }
  };
  function shown(field, value) {
    if (field.codes[value]) return `${field.codes[value]} (${value})`;
    if (field.type === "datetime") return G.moment(new Date(value));
    if (field.type === "date") return G.day(value);
    if (typeof value === "number") return `${G.number(value, field.decimals ?? (Number.isInteger(value) ? 0 : 2))} ${(field.unit || "").replace("m2", "m²")}`.trim();
    return value;
  }
})();
