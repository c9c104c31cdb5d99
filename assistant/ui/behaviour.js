// Static, and reads no text: a marker [1] opens its source in place; a new question is brought to the top,
// so that its answer is read from the beginning.
(() => {
  if (window.guidelineAssistant) return;
  window.guidelineAssistant = true;

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#cite-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const key = link.getAttribute("href").slice(1);
    const button = /^cite-[\w-]+$/.test(key) && document.querySelector(`.st-key-${key} button`);
    if (!button) return;
    button.scrollIntoView({ block: "center" });
    // After this click is over: a click outside would close what it has just opened.
    setTimeout(() => { button.focus(); button.click(); }, 0);
  }, true);

  let seen = 0;
  let until = 0;
  let waiting = false;
  const stop = () => { until = 0; };
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(name, stop, { passive: true, capture: true });
  }
  const follow = () => {
    waiting = false;
    const questions = document.querySelectorAll('[class*="st-key-question-"]');
    if (questions.length > seen) until = Date.now() + 1500;
    seen = questions.length;
    if (Date.now() < until) questions[seen - 1].scrollIntoView({ block: "start" });
  };
  new MutationObserver(() => {
    if (!waiting) { waiting = true; requestAnimationFrame(follow); }
  }).observe(document.body, { childList: true, subtree: true });
})();
