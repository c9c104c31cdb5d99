// Static, and reads no text: a marker [1] opens its source in place, and closing it leads back to the marker; a new question is brought to the top,
// so that its answer is read from the beginning; Streamlit's own dialog on a broken connection is closed,
// since it covers what can still be read (the page has a notice of its own).
(() => {
  if (window.guidelineAssistant) return;
  window.guidelineAssistant = true;

  let place = null; // of the marker whose source is open
  for (const name of ["wheel", "touchmove"]) {
    document.addEventListener(name, () => { place = null; }, { passive: true, capture: true });
  }
  const goBack = () => {
    if (!place) return;
    const open = document.querySelector('[data-testid="stPopoverBody"]') !== null;
    if (open) {
      place.open = true;
    } else if (place.open) {
      const { main, link, top } = place;
      place = null;
      if (!link.isConnected) return;
      // After the popover has given the focus back to its button.
      setTimeout(() => { link.focus({ preventScroll: true }); main.scrollTop = top; }, 0);
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#cite-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const key = link.getAttribute("href").slice(1);
    const button = /^cite-[\w-]+$/.test(key) && document.querySelector(`.st-key-${key} button`);
    if (!button) return;
    const main = document.querySelector('[data-testid="stMain"]');
    place = main && { main, link, top: main.scrollTop, open: false };
    // On a phone to the upper edge: what opens under it then has the screen to itself.
    button.scrollIntoView({ block: window.innerWidth < 640 ? "start" : "center" });
    // After this click is over: a click outside would close what it has just opened.
    setTimeout(() => { button.focus(); button.click(); }, 0);
  }, true);

  let seen = 0;
  let until = 0;
  let following = false;
  let waiting = false;
  const stop = () => { following = false; };
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(name, stop, { passive: true, capture: true });
  }
  const follow = () => {
    waiting = false;
    const questions = document.querySelectorAll('[class*="st-key-question-"]');
    if (questions.length > seen) { until = Date.now() + 1500; following = true; }
    seen = questions.length;
    // What stood above only until the answer was there goes when the server is done, however long that takes.
    const app = document.querySelector('[data-testid="stApp"]');
    const done = !app || app.dataset.testScriptState === "notRunning";
    if (following && seen) questions[seen - 1].scrollIntoView({ block: "start" });
    if (done && Date.now() > until) following = false;
  };
  const closeDialog = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testConnectionState === "CONNECTED") return;
    const close = document.querySelector('[data-testid="stDialog"] button[aria-label="Close"]');
    if (close) close.click();
  };
  new MutationObserver(() => {
    closeDialog();
    goBack();
    if (!waiting) { waiting = true; requestAnimationFrame(follow); }
  }).observe(document.body, { childList: true, subtree: true });
})();
