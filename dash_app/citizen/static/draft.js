// What was typed stays on the phone until it was sent: a lost network, a closed page or an error loses nothing.
(function () {
  "use strict";
  const C = window.citizen;
  const PLACE = "geoioc.report.draft";
  const SENT = "geoioc.report.sent";
  const KEPT = 20;
  const read = (place, otherwise) => {
    try { return JSON.parse(localStorage.getItem(place)) ?? otherwise; } catch { return otherwise; }
  };
  const write = (place, value) => {
    try { localStorage.setItem(place, JSON.stringify(value)); return true; } catch { return false; }
  };
  const random = () => [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // The key names this one report: sent twice under the same key it is stored once.
  C.draft = {
    load: () => read(PLACE, null),
    // Photos are the first to go when the phone has no room.
    save: (draft) => write(PLACE, draft) || write(PLACE, { ...draft, photos: [] }),
    clear: () => { try { localStorage.removeItem(PLACE); } catch { /* nothing was kept */ } },
    newKey: random,
  };
  C.sent = {
    list: () => read(SENT, []),
    add: (one) => write(SENT, [one, ...read(SENT, []).filter((other) => other.code !== one.code)].slice(0, KEPT)),
    forget: () => { try { localStorage.removeItem(SENT); } catch { /* nothing was kept */ } },
  };

  // A photo as a JPEG of at most `side` pixels: quick to send, and without what the camera wrote into the file.
  C.shrink = async (file, side) => {
    const picture = await decode(file);
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.82);
  };
  async function decode(file) {
    if (window.createImageBitmap) {
      try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { /* the way below knows more formats */ }
    }
    const url = URL.createObjectURL(file);
    try {
      const image = new Image();
      image.src = url;
      await image.decode();
      return image;
    } finally {
      URL.revokeObjectURL(url);
    }
  }
  C.blobOf = (url) => {
    const [head, body] = url.split(",");
    const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
    return new Blob([bytes], { type: /:(.*?);/.exec(head)[1] });
  };
})();
