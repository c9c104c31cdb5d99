// Static: a marker [1] opens its source in place, and a cited passage is scrolled to. Reads no text.
(() => {
  const root = document;
  if (!root.__guidelineMarkers) {
    root.__guidelineMarkers = true;
    root.addEventListener("click", (event) => {
      const link = event.target.closest && event.target.closest('a[href^="#cite-"]');
      if (!link) return;
      event.preventDefault();
      const key = link.getAttribute("href").slice(1);
      if (!/^cite-[\w-]+$/.test(key)) return;
      const button = root.querySelector(`.st-key-${key} button`);
      if (button) { button.scrollIntoView({ block: "nearest" }); button.click(); button.focus(); }
    }, true);
  }
})();
