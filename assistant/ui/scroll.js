// Static: brings the cited passage into view, once it is there.
(() => {
  const root = document;
  let tries = 0;
  const look = () => {
    const place = root.querySelector(".st-key-cited");
    if (place) {
      place.setAttribute("tabindex", "-1");
      place.scrollIntoView({ block: "center" });
      place.focus({ preventScroll: true });
    } else if (tries++ < 40) {
      setTimeout(look, 50);
    }
  };
  setTimeout(look, 50);
})();
